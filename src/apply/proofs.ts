import type { Answered } from '../context/early-answers.ts';
import { ask, complaintOfAll } from '../context/probing.ts';
import { type Change, type Scene, seenSlot } from '../context/scene.ts';
import { wrongWith } from '../context/visitor-paths.ts';
import { azWebApp } from '../deployment/commands.ts';
import type { Slot } from '../deployment/observed.ts';
import type { ThisRun } from '../deployment/this-run.ts';
import { messageOf, Stop } from '../errors.ts';
import { begun } from '../observe/ahead.ts';
import type { StepOf } from '../steps/steps.ts';
import { waitFor } from '../wait.ts';
import { inOriginals, processesOf } from './copy-place.ts';
import { crawlCopy } from './crawl-copy.ts';
import { proveReadOnly } from './read-only-proof.ts';
import { separation } from './separation.ts';
import { checkSessions } from './session-proof.ts';
import { refuseBlind } from './session-view.ts';
import { watchProduction } from './watch.ts';
import { proveWrites } from './write-proof.ts';

type ProofStep = StepOf<'prove-instance' | 'watch-production' | 'prove-writes' | 'check-sessions'>;

/** So many healthy answers in a row, a second apart: one may be luck. */
const IN_A_ROW = 3;
const APART_MS = 1000;
const SHORTEST_PAUSE_MS = 100;

export async function applyProof(scene: Scene, step: ProofStep): Promise<Change> {
  switch (step.kind) {
    case 'prove-instance':
      return proveInstance(scene, step).catch((error: unknown) => {
        if (step.tolerated && error instanceof Stop) return { notProven: { slot: step.slot, stop: error } };
        throw stranded(scene, step, error);
      });
    case 'watch-production':
      return watchProduction(scene, step);
    case 'prove-writes':
      return proveWrites(scene, step);
    case 'check-sessions':
      return checkSessions(scene, step);
  }
}

/** Healthy several times in a row, smoke paths fine, marker as planned; a read-only copy also cannot write. */
async function proveInstance(scene: Scene, step: StepOf<'prove-instance'>): Promise<Change> {
  const slot = seenSlot(scene, step.slot);
  // Visitors may be waiting: what runs already answers beside its health. What does not is asked again once it is healthy.
  const early = step.as === 'started' ? undefined : begun(complaintOfAll(scene, slot.host));
  try {
    await awaitHealth(scene, slot, step.of === undefined ? scene.context.early.take(slot) : undefined);
  } catch (error) {
    // What becomes of a build that did not come up is for the plan to say: after a rollback it must not go on writing.
    if (step.as === 'started' && error instanceof Stop) return { didNotStart: { slot: step.slot, stop: error } };
    throw error;
  }
  const isWell = early === undefined || (await early.catch(messageOf)) === undefined;
  const wrong = isWell ? undefined : await complaintOfAll(scene, slot.host);
  if (wrong)
    throw new Stop(
      'failed',
      `The instance in slot ${step.slot} is healthy but ${wrong}.`,
      'Fix the build or input smoke-paths, then run the phase again.',
    );
  const { astray, ...seen } = step.as === 'read-only-copy' ? await proveCopy(scene, step, slot.host) : NOTHING;
  if (astray) return { astray: { slot: step.slot, stop: astray } };
  // The next look shows whether it is still the one that was seen before: a proof counts for its marker only.
  const marker = slot.markerText;
  if (step.as === 'started') return { started: { [step.slot]: marker } };
  return { proven: { [step.slot]: marker }, ...seen };
}

type Copy = Pick<ThisRun, 'unproven' | 'presentBefore' | 'copyUnseen'> & { readonly astray?: Stop };

const NOTHING: Copy = { unproven: [] };

/** It cannot write, and works on the clones. Where nothing else is healthy visitors go back to it, whoever may be connected to what. */
async function proveCopy(scene: Scene, { lastResort }: StepOf<'prove-instance'>, host: string): Promise<Copy> {
  const { settings, observed } = scene;
  const doubts = settings.mode === 'read-only' ? await proveReadOnly(scene, host) : [];
  if (lastResort !== undefined) return { unproven: doubts };
  const isMade = observed.record?.readOnlyReady === undefined;
  const names = observed.databases.flatMap(({ clone, original }) =>
    [clone, original].flatMap((each) => each?.name ?? []),
  );
  const blind = await failureOf(refuseBlind(scene, names));
  // What nobody can see it do it may be doing.
  if (isMade && blind instanceof Stop && blind.kind === 'refused') return { unproven: [], astray: blind };
  if (blind) throw blind;
  const apart = await separation(scene, host);
  // Only where it is made: right before the swap it has been proven, and everything waits.
  const errors = isMade ? await crawlCopy(scene, host) : [];
  const unproven = [...doubts, ...errors, ...apart.unproven];
  return { ...apart, unproven, presentBefore: processesOf(await inOriginals(scene)) };
}

function failureOf(work: Promise<void>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** With nothing healthy to go back to, visitors stay where they are: nothing is more urgent to say. */
function stranded(scene: Scene, { slot, as, lastResort }: StepOf<'prove-instance'>, error: unknown): unknown {
  if (lastResort === undefined || !(error instanceof Stop) || scene.context.signal?.aborted) return error;
  const [here, there, phase] =
    as === 'read-only-copy' ? ['candidate', 'read-only copy', 'complete'] : ['read-only copy', 'live build', 'switch'];
  return new Stop(
    'failed',
    `${lastResort}, and the ${there} is not healthy either: ${error.happened}`,
    `Nothing was swapped; visitors are on the unhealthy ${here}. Fix it, or the ${there} in slot ${slot} and run "${phase}" again: it sends them back there.`,
    { azure: error.azure, cause: error },
  );
}

async function awaitHealth(
  scene: Scene,
  { host, name: slot }: Pick<Slot, 'host' | 'name'>,
  early: Answered | undefined,
): Promise<void> {
  const { ports, signal } = scene.context;
  // The last answer is one of now, after the look that decided.
  let healthy = Math.min(early?.healthy ?? 0, IN_A_ROW - 1);
  await ports.clock.sleep(early?.healthy ? early.askedAt + APART_MS - ports.clock.now() : 0, signal);
  await waitFor(ports.clock, ports.log, {
    what: `slot ${slot} to be healthy`,
    deadlineMs: scene.settings.healthTimeout * 1000,
    otherwise: `Look at its log: the app did not start or cannot work with its database (${azWebApp(scene.observed.app, 'log tail', slot)}).`,
    signal,
    // Visitors may be waiting for it: asked every second, however long was waited and an answer takes.
    firstPauseMs: SHORTEST_PAUSE_MS,
    longestPauseMs: SHORTEST_PAUSE_MS,
    async look() {
      const askedAt = ports.clock.now();
      // Asked once: an instance that fails every other request is not healthy, and a lost answer costs a few seconds only.
      const { healthPath } = scene.settings;
      const wrong = wrongWith(scene.settings, healthPath, await ask(scene, host, healthPath));
      healthy = wrong === undefined ? healthy + 1 : 0;
      if (healthy >= IN_A_ROW) return { done: undefined };
      const retryAfterMs = APART_MS - (ports.clock.now() - askedAt);
      return { seen: wrong ? `GET ${healthPath} ${wrong}` : `${healthy} healthy answers in a row`, retryAfterMs };
    },
  });
}
