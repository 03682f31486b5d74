import { busyWith } from '../azure/conflicts.ts';
import { azureSaid, noAnswer } from '../azure/failure.ts';
import { getWebConfig, patchWebConfig } from '../azure/site-config.ts';
import { slotId } from '../azure/sites.ts';
import { pollSwap, postSwap } from '../azure/swap.ts';
import { weatherIn } from '../azure/weather.ts';
import { azureNow, type Change, type Scene, seenSlot } from '../context/scene.ts';
import { writeRecord } from '../context/write-record.ts';
import type { SwapIntent } from '../deployment/record.ts';
import { Stop } from '../errors.ts';
import type { StepOf } from '../steps/steps.ts';
import { seconds, type Wait, waitFor } from '../wait.ts';
import { consequences, nextIntent, settledOf } from './intent.ts';
import { lookAt } from './look.ts';
import { outcomeOf, type SwapLook } from './outcome.ts';

/** By a recording of Azure, until both slots are done: docs/speed.md. Azure says of no swap how far it is. */
const USUAL_MS = 94_000;

type SwapStep = StepOf<'intend-swap' | 'post-swap' | 'settle-swap'>;

export async function applySwap(scene: Scene, step: SwapStep): Promise<Change> {
  switch (step.kind) {
    case 'intend-swap':
      return intend(scene, step);
    case 'post-swap':
      return post(scene, step);
    case 'settle-swap':
      return settle(scene, step);
  }
}

/** Safety rule 2 (a): what is before the swap, recorded and read back. */
async function intend(scene: Scene, step: StepOf<'intend-swap'>): Promise<Change> {
  const look = await lookAt(scene, step.source);
  const planned = seenSlot(scene, step.source).markerText;
  if (look.sourceMarker !== planned || look.productionMarker !== scene.observed.production.markerText) return {};
  const intent = nextIntent(scene.observed, step, look, azureNow(scene).toISOString());
  await writeRecord(scene, { ...step.fields, ...swapOf(scene, step.of), intent, swaps: intent.number });
  return { intended: intent.number, ...(step.purpose === 'switch' && { since: intent.at }) };
}

/** With several apps it is always said whose swap it is: what was written late may say another. */
function swapOf({ observed }: Scene, app: string | undefined): { readonly swapApp?: string | undefined } {
  return observed.record?.companions === undefined ? {} : { swapApp: app };
}

/** Rule 2 (b): the POST goes out once. How it ended is read from its own poll; what that means, only `settle` says. */
async function post(scene: Scene, { source, of }: StepOf<'post-swap'>): Promise<Change> {
  const { arm, ports, signal, lease, app } = scene.context;
  const intent = scene.observed.record?.intent;
  if (intent?.source !== source) {
    throw new Stop(
      'refused',
      `A step would have swapped slot ${source} without an intent that was read back.`,
      'This is a defect of the action; please report it.',
    );
  }
  const id = slotId(app, source);
  const [before] = await Promise.all([lookAt(scene, source), lease.prove()]);
  if (before.sourceMarker !== intent.sourceMarker || before.productionMarker !== intent.productionMarker) {
    return { posted: { number: intent.number, ended: 'unknown' } };
  }
  let url: string;
  if (of === undefined) scene.context.eyes.enter('through');
  try {
    url = await postSwap(arm, id);
  } catch (error) {
    const said = azureSaid(error);
    if (said === undefined) throw error;
    // Without an answer, or with one that a gateway gave, the swap may be under way nevertheless.
    const ended = noAnswer(error) || said.status === 408 || said.status >= 500 || busyWith(said) ? 'unknown' : said;
    return { posted: { number: intent.number, ended, ...(said.status > 0 && { said }) } };
  }
  const isBackInTime = of === undefined && goesBack(scene, intent);
  const startedAt = ports.clock.now();
  const ended = await waitFor<'succeeded' | 'unknown' | 'late' | NonNullable<ReturnType<typeof azureSaid>>>(
    ports.clock,
    ports.log,
    {
      what: `Azure to swap slot ${source} with production`,
      deadlineMs: isBackInTime ? Number.MAX_SAFE_INTEGER : scene.settings.swapTimeout * 1000,
      otherwise: 'The swap goes on by itself. Run the phase again: it finds out how it ended and carries on.',
      signal,
      usualMs: USUAL_MS,
      async look() {
        const state = await pollSwap(arm, url).catch((error: unknown) => {
          return { state: 'running' as const, url, ...unanswered(error) };
        });
        if (state.state === 'running') {
          if (isBackInTime && ports.clock.now() - startedAt >= scene.settings.swapTimeout * 1000)
            return { done: 'late' };
          url = state.url;
          return { seen: 'Azure is warming up and switching', ...state };
        }
        return { done: state.state === 'failed' ? state.said : state.state };
      },
    },
  );
  if (ended !== 'late') return { posted: { number: intent.number, ended } };
  return { posted: { number: intent.number, ended: 'unknown' }, missed: tooSlow(scene) };
}

/** The swap cannot be called off: it is awaited, so that visitors can be brought back from where it takes them. */
function goesBack({ settings, observed }: Scene, { purpose }: SwapIntent): boolean {
  return purpose === 'switch' && settings.switchTimeout > 0 && observed.record?.mode === 'read-only';
}

function tooSlow({ settings }: Scene): NonNullable<Change['missed']> {
  return {
    happened: `The swap has taken longer than ${seconds(settings.swapTimeout * 1000)} (swap-timeout).`,
    fix: 'Find out from the log of the readonly slot why it is slow to warm up, or give it more time with swap-timeout.',
  };
}

/** A look by which nobody can tell how far a swap is, because Azure has trouble of its own, is no end of it: the time for the swap decides. */
function outlasting<T>(look: Wait<T>['look']): Wait<T>['look'] {
  return () => look().catch(unanswered);
}

function unanswered(error: unknown): { readonly seen: string } {
  const said = azureSaid(error);
  const seen = said?.status === 429 ? 'Azure answered 429' : weatherIn(said);
  if (seen === undefined) throw error;
  return { seen };
}

/** Rule 2 (c) to (f): looks until the outcome is certain, closes the intent with it, and records what follows. */
async function settle(scene: Scene, { intent, of }: StepOf<'settle-swap'>): Promise<Change> {
  const { eyes, ports, signal } = scene.context;
  if (of === undefined) eyes.enter('through');
  const posted = scene.observed.thisRun.posted;
  const ownPoll = posted?.number === intent.number ? posted.ended : 'unknown';
  const looks: SwapLook[] = [];
  let wroteAt: number | undefined;
  const outcome = await waitFor(ports.clock, ports.log, {
    what: `swap ${intent.number} to be over`,
    deadlineMs: Math.max(scene.settings.swapTimeout, goesBack(scene, intent) ? scene.settings.switchTimeout : 0) * 1000,
    otherwise: 'Azure does not say that the swap is over. Run "status" to see who serves, and the phase again later.',
    signal,
    look: outlasting(async () => {
      looks.push(await lookAt(scene, intent.source));
      const decision = outcomeOf(intent, looks, {
        ownPoll,
        wroteAt,
        settleMs: scene.settings.swapSettleSeconds * 1000,
      });
      if (decision.kind === 'look-again') return { seen: decision.why, retryAfterMs: decision.afterMs };
      if (decision.kind !== 'write-to-other') return { done: decision };
      const busy = await writeWithoutContent(scene, intent.source);
      wroteAt = busy === undefined ? azureNow(scene).getTime() : undefined;
      looks.length = 0;
      return { seen: busy ?? 'a write was accepted, so no swap is in flight', retryAfterMs: busy ? 10_000 : 0 };
    }),
  });
  if (outcome.kind === 'drifted') throw new Stop('drifted', outcome.found, outcome.fix);
  const happenedAt = outcome.kind === 'happened' ? outcome.at || azureNow(scene).toISOString() : undefined;
  const isUndone = intent.purpose === 'undo' && happenedAt !== undefined;
  const again = isUndone && scene.observed.record?.stoppedApps ? { stoppedApps: undefined } : {};
  // What a swap means for the deployment hangs on the first app: it moves last, and goes back first.
  const meant = of === undefined ? { ...consequences(intent, happenedAt), ...again } : settledOf(intent);
  await writeRecord(scene, meant);
  if (of === undefined) eyes.enter(happenedAt === undefined ? 'before' : 'after');
  const unswapped = happenedAt === undefined ? (scene.observed.thisRun.unswapped ?? 0) + 1 : 0;
  return { settled: { number: intent.number, outcome: outcome.kind }, unswapped, ...(isUndone && { sentBack: true }) };
}

/**
 * Rule 2 (e): a partial write without slot content to the slot that does not serve: one property at its value.
 * Azure refuses it with 409 while a swap is in flight. Undefined: it was accepted.
 */
async function writeWithoutContent(scene: Scene, source: string): Promise<string | undefined> {
  const { arm, app } = scene.context;
  const id = slotId(app, source);
  const config = await getWebConfig(arm, id);
  try {
    await patchWebConfig(arm, id, { logsDirectorySizeLimit: config.logsDirectorySizeLimit ?? 35 });
    return undefined;
  } catch (error) {
    const busy = busyWith(azureSaid(error));
    if (busy) return `Azure is busy with ${busy.operation}`;
    throw error;
  }
}
