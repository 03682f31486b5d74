import { apply } from './apply/apply.ts';
import { noAnswer } from './azure/failure.ts';
import type { Context } from './context/context.ts';
import type { Check } from './deployment/check.ts';
import { isPartial, type Look, wholeOf } from './deployment/partial-look.ts';
import type { Review } from './deployment/review.ts';
import { freshRun, type ThisRun } from './deployment/this-run.ts';
import { Stop } from './errors.ts';
import { begun } from './observe/ahead.ts';
import { observe } from './observe/observe.ts';
import { outlast } from './outlast.ts';
import { type Call, callText } from './phases/call.ts';
import type { Phase } from './phases/phase.ts';
import { plannedCalls } from './phases/planned-calls.ts';
import type { PhaseTraits } from './settings/phases.ts';
import type { Settings } from './settings/settings.ts';
import { planned, planText, sentence } from './steps/plan-text.ts';
import { changesSomething, type Step } from './steps/steps.ts';
import { logTrace } from './system/trace.ts';
import { takeLease } from './take-lease.ts';

/** What came of one phase. */
export type PhaseRun = Kept | Failed;

/** Its promise is kept, or it was shown what is missing to it. */
interface Kept extends Came {
  readonly outcome: 'done' | 'already' | 'planned';
  readonly looks: Looks;
  /** For the phase that follows at once. */
  readonly handed: Handed | undefined;
}

/** The look that a phase has ended with, nothing being done after it. */
export interface Handed {
  readonly look: Look;
  readonly settings: Settings;
  readonly sees: PhaseTraits;
  /** When it was there, by the runner's clock. */
  readonly at: number;
}

interface Failed extends Came {
  readonly outcome: 'failed';
  readonly error: unknown;
  /** Undefined when not even one look succeeded. */
  readonly looks: Looks | undefined;
}

interface Came {
  readonly phase: Phase;
  readonly changed: boolean;
  /** What was done, or is planned, and why; a sentence each. */
  readonly steps: readonly string[];
  /** What a plan would send beside looks; none of what was done. */
  readonly calls: readonly Call[];
  readonly checks: readonly Check[] | undefined;
  readonly review: Review | undefined;
}

export interface Looks {
  /** `cleanup` ends with the record. */
  readonly first: Look;
  readonly last: Look;
  /** Something was begun after the last one, and nobody could look again. */
  readonly isStale: boolean;
}

/** Looks, plans, carries out the first batch, and looks again: this often for each app that moves, and with the same batch fewer times. */
const ROUNDS = 40;
const SAME_BATCH = 10;

/** Twice may be how the work goes. Then it is given time: a list may lag, a setting show late, somebody be at work as well. */
const LONGEST_PAUSE_MS = 60_000;

/**
 * Brings one phase to its promise. Never rejects: what went wrong is in `error`, with all that was seen before.
 * @param before the last look of the phase that has just ended, which this one goes on with instead of looking at the same again
 */
export async function runPhase(context: Context, phase: Phase, before?: Handed): Promise<PhaseRun> {
  const { log } = context.ports;
  const done: Step[] = [];
  let thisRun = freshRun;
  let looks: Looks | undefined;
  let changed = false;
  const times = new Map<string, number>();
  const came = (steps: readonly Step[]): Came => ({
    phase,
    changed,
    steps: steps.map(sentence),
    calls: [],
    checks: thisRun.report,
    review: thisRun.review,
  });

  let most = ROUNDS;
  /** Undefined as long as something is to be done. */
  const goOn = async (round: number): Promise<Kept | undefined> => {
    context.signal.throwIfAborted();
    // Asked with the look, which it takes as long as: what is done follows at once.
    const isOurs = begun(context.lease.prove());
    const handed = round === 1 && before && isOfNow(before, phase, context) ? before : undefined;
    const { look, settings } = handed ?? (await observe(context, phase, thisRun));
    looks = { first: looks?.first ?? look, last: look, isStale: false };
    most = isPartial(look) ? ROUNDS : ROUNDS * (1 + look.companions.length);
    const plan = phase.plan(settings, look);
    const [batch] = plan;
    if (context.settings.dryRun) {
      for (const line of planText(plan, look).split('\n')) log.info(line);
      const steps = plan.flat().map((step) => planned(step, look));
      const whole = wholeOf(look);
      const calls = whole ? plannedCalls(phase, settings, whole, plan) : [];
      if (calls.length > 0) log.info(`What it sends, beside looks: ${calls.map(callText).join('; ')}.`);
      return { ...came([]), steps, calls, outcome: 'planned', looks, handed: undefined };
    }
    if (batch === undefined) {
      const hands = { look: { ...look, thisRun: freshRun }, settings, sees: phase, at: context.ports.clock.now() };
      return { ...came(done), outcome: changed ? 'done' : 'already', looks, handed: hands };
    }
    if (phase.watches && !isPartial(look)) context.eyes.open(look);
    // Somebody may have worked on the deployment until we got the lease: look again before anything is changed.
    if (await takeLease(context, phase, look)) {
      context.known.databases.clear();
      return undefined;
    }
    const paused = await pauseBeforeRepeating(context, phase, batch, times);
    if (batch.some(changesSomething)) await (paused ? context.lease.prove() : isOurs);
    // What an instance has answered says nothing of it any more once something else was done first.
    if (!batch.some(({ kind }) => kind === 'prove-instance')) await context.early.forget();
    // Also when it fails half-way: what was sent may have been carried out.
    looks = { ...looks, isStale: true };
    changed ||= batch.some(changesSomething);
    thisRun = await apply({ context, settings, observed: look }, batch);
    done.push(...batch);
    return undefined;
  };

  try {
    for (let round = 1, passed = 0; ; round++) {
      if (round > most) throw undone(`Phase ${phase.name} looked ${most} times and still finds something to do.`);
      try {
        const kept = await goOn(round);
        if (kept) return kept;
      } catch (error) {
        await outlast(error, passed++, context);
        await context.early.forget();
        const { since = looks?.last.thisRun.since, missed, sentBack } = thisRun;
        thisRun = { ...freshRun, since, missed, sentBack };
      }
    }
  } catch (error) {
    logTrace(log, error);
    const again = looks?.isStale ? await lookAfter(context, phase, thisRun, error) : undefined;
    return { ...came(done), outcome: 'failed', error, looks: looks && { ...looks, ...again } };
  }
}

/** A hook may have run between the phases, for minutes. */
const OF_NOW_MS = 1000;

/** Nothing was done since, by us or in the time that others would need, and it shows all that this phase decides on. */
function isOfNow({ sees, at }: Handed, phase: PhaseTraits, { ports }: Context): boolean {
  const all = ({ looksInside, ...traits }: PhaseTraits) => {
    const { looksAtBuild, readsSecrets, rereads, looksForRules, listsSlots, overview } = traits;
    const asked = Object.entries({ looksAtBuild, readsSecrets, rereads, looksForRules, listsSlots, overview });
    return [...looksInside, ...asked.flatMap(([name, is]) => (is ? [`${name} ${is}`] : []))];
  };
  const seen = all(sees);
  return ports.clock.now() - at < OF_NOW_MS && all(phase).every((each) => seen.includes(each));
}

/** True when it has paused. What has to be done over and over does not stay done, or does not show: no loop without a pause, and its end names it. */
async function pauseBeforeRepeating(
  { ports, signal }: Context,
  phase: Phase,
  batch: readonly Step[],
  times: Map<string, number>,
): Promise<boolean> {
  const text = batch.map(sentence).join(' ');
  const before = times.get(text) ?? 0;
  times.set(text, before + 1);
  if (before >= SAME_BATCH)
    throw undone(`Phase ${phase.name} has done this ${before} times, and it does not last: ${text}`);
  if (before < 2) return false;
  await ports.clock.sleep(Math.min(1000 * 2 ** (before - 1), LONGEST_PAUSE_MS), signal);
  return true;
}

function undone(happened: string): Stop {
  return new Stop(
    'drifted',
    happened,
    'Something undoes what the action does, or Azure does not show it. Run "status", look at who else changes this app, then run the phase again.',
  );
}

/** A failure says what production serves now, not what it served before the step that failed. Undefined when nobody can tell. */
async function lookAfter(
  context: Context,
  phase: Phase,
  thisRun: ThisRun,
  error: unknown,
): Promise<Omit<Looks, 'first'> | undefined> {
  if (context.signal.aborted || noAnswer(error)) return undefined;
  return observe(context, phase, thisRun)
    .then(({ look }) => ({ last: look, isStale: false }))
    .catch(() => undefined);
}
