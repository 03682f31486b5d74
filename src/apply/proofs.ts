import { getAppSettings } from '../azure/site-config.ts';
import { slotId } from '../azure/sites.ts';
import { sessions } from '../azure/sql-sessions.ts';
import { isForeign } from '../context/databases.ts';
import { ask, complaint, complaintOfAll } from '../context/probing.ts';
import { type Change, type Scene, seenSlot } from '../context/scene.ts';
import { MARKER_SETTING } from '../deployment/marker.ts';
import { Stop } from '../errors.ts';
import { done } from '../steps/done.ts';
import type { StepOf } from '../steps/steps.ts';
import { waitFor } from '../wait.ts';
import { proveReadOnly } from './read-only-proof.ts';
import { refuseBlind } from './session-view.ts';
import { watchProduction } from './watch.ts';

type ProofStep = StepOf<'prove-instance' | 'watch-production' | 'check-sessions'>;

/** So many healthy answers in a row, a second apart: one may be luck. */
export const IN_A_ROW = 3;
const SESSIONS_MS = 120_000;

export async function applyProof(scene: Scene, step: ProofStep): Promise<Change> {
  switch (step.kind) {
    case 'prove-instance':
      return proveInstance(scene, step).catch((error: unknown) => {
        throw stranded(scene, step, error);
      });
    case 'watch-production':
      return watchProduction(scene, step);
    case 'check-sessions':
      await checkSessions(scene);
      return done(step);
  }
}

/** Healthy several times in a row, smoke paths fine, marker as planned; a read-only copy also cannot write. */
async function proveInstance(scene: Scene, step: StepOf<'prove-instance'>): Promise<Change> {
  const slot = seenSlot(scene, step.slot);
  try {
    await awaitHealth(scene, slot.host, step.slot);
  } catch (error) {
    // What becomes of a build that did not come up is for the plan to say: after a rollback it must not go on writing.
    if (step.as === 'started' && error instanceof Stop) return { didNotStart: { slot: step.slot, stop: error } };
    throw error;
  }
  const wrong = step.as === 'started' ? undefined : await complaintOfAll(scene, slot.host);
  if (wrong)
    throw new Stop(
      'failed',
      `The instance in slot ${step.slot} is healthy but ${wrong}.`,
      'Fix the build or input smoke-paths, then run the phase again.',
    );
  if (step.as === 'read-only-copy' && scene.settings.mode === 'read-only') {
    await proveReadOnly(scene, slot.host, step.lastResort !== undefined);
  }
  const settings = await getAppSettings(scene.context.arm, slotId(scene.context.app, step.slot));
  const marker = settings[MARKER_SETTING] ?? '';
  if (marker !== slot.markerText) return {};
  return step.as === 'started' ? { started: { [step.slot]: marker } } : { proven: { [step.slot]: marker } };
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

async function awaitHealth(scene: Scene, host: string, slot: string): Promise<void> {
  const { ports, signal } = scene.context;
  let healthy = 0;
  await waitFor(ports.clock, ports.log, {
    what: `slot ${slot} to be healthy`,
    deadlineMs: scene.settings.healthTimeout * 1000,
    otherwise: `Look at the log stream of slot ${slot} in the portal: the app did not start or cannot work with its database. Production is not affected.`,
    signal,
    async look() {
      const wrong = await complaint(scene, host, scene.settings.healthPath);
      healthy = wrong === undefined ? healthy + 1 : 0;
      if (healthy >= IN_A_ROW) return { done: undefined };
      return { seen: wrong ? `GET ${scene.settings.healthPath} ${wrong}` : `${healthy} healthy answers in a row` };
    },
  });
}

/** The candidate must be seen in the originals: otherwise visitors write somewhere else. */
async function checkSessions(scene: Scene): Promise<void> {
  const { ports, databases, signal } = scene.context;
  const names = scene.observed.databases.flatMap(({ original }) => (original ? [original.name] : []));
  await refuseBlind(scene, names);
  await waitFor(ports.clock, ports.log, {
    what: `sessions of production in ${names.join(', ')}`,
    deadlineMs: SESSIONS_MS,
    otherwise:
      'Production is healthy, but nobody is connected to the original database. Check its connection strings at once.',
    signal,
    async look() {
      await ask(scene, scene.observed.production.host, scene.settings.healthPath);
      const present = await Promise.all(names.map((name) => databases.use(name, sessions)));
      return present.some((each) => each.some(isForeign)) ? { done: undefined } : { seen: 'none' };
    },
  });
}
