import { apply } from './apply/apply.ts';
import { noAnswer } from './azure/failure.ts';
import type { Context } from './context/context.ts';
import { mirrorLags } from './context/write-record.ts';
import type { Check } from './deployment/check.ts';
import type { Observed } from './deployment/observed.ts';
import type { PartialLook } from './deployment/partial-look.ts';
import { freshRun, type ThisRun } from './deployment/this-run.ts';
import { Stop } from './errors.ts';
import { observe } from './observe/observe.ts';
import type { Phase } from './phases/phase.ts';
import { runInPart } from './run-in-part.ts';
import { planText, sentence } from './steps/plan-text.ts';
import { changesSomething, type Plan, type Step } from './steps/steps.ts';

/** What came of one phase. `observed` is the last look, undefined when not even one succeeded. */
export interface PhaseRun {
  readonly phase: Phase;
  readonly outcome: 'done' | 'already' | 'planned' | 'failed';
  readonly changed: boolean;
  readonly steps: readonly string[];
  readonly checks: readonly Check[] | undefined;
  readonly observed: Observed | undefined;
  /** The first look: `cleanup` ends with the record. */
  readonly first: Observed | undefined;
  /** The only look of a phase that went on with parts missing. */
  readonly inPart: PartialLook | undefined;
  /** Something was begun after that look, and nobody could look again. */
  readonly isStale: boolean;
  readonly error: unknown;
}

/** Looks, plans, carries out the first batch, and looks again: this often at the most. */
const ROUNDS = 40;

/** Brings one phase to its promise. Never rejects: what went wrong is in `error`, with all that was seen before. */
export async function runPhase(context: Context, phase: Phase): Promise<PhaseRun> {
  const { log } = context.ports;
  const done: Step[] = [];
  let thisRun = freshRun;
  let last: Observed | undefined;
  let first: Observed | undefined;
  let isChanged = false;
  let isStale = false;
  const ended = (outcome: PhaseRun['outcome'], error?: unknown, steps = done.map(sentence)): PhaseRun => ({
    phase,
    outcome,
    changed: isChanged,
    steps,
    checks: last?.thisRun.report ?? thisRun.report,
    observed: last,
    first,
    inPart: undefined,
    isStale,
    error,
  });

  try {
    for (let round = 0; round < ROUNDS; round++) {
      context.signal.throwIfAborted();
      const { observed, settings } = await observe(context, phase, thisRun);
      last = observed;
      first ??= observed;
      isStale = false;
      const plan = mirrored(phase, observed, phase.plan(settings, observed));
      const [batch] = plan;
      if (context.settings.dryRun) {
        log.info(planText(plan));
        return ended('planned', undefined, plan.flat().map(sentence));
      }
      if (batch === undefined) return ended(done.some(changesSomething) ? 'done' : 'already');
      // Somebody may have worked on the deployment until we got the lease: look again before anything is changed.
      if (await takeLease(context, phase, observed)) {
        context.known.databases.clear();
        continue;
      }
      // Also when it fails half-way: what was sent may have been carried out.
      isStale = true;
      isChanged ||= batch.some(changesSomething);
      thisRun = await apply({ context, settings, observed }, batch);
      done.push(...batch);
    }
    throw new Stop(
      'drifted',
      `Phase ${phase.name} looked ${ROUNDS} times and still finds something to do.`,
      'Something undoes what the action does. Run "status", look at who else changes this app, then run the phase again.',
    );
  } catch (error) {
    if (last === undefined) return { ...ended('failed'), ...(await runInPart(context, phase, error)) };
    const seen = isStale ? await lookAfter(context, phase, thisRun, error) : undefined;
    if (seen) {
      last = seen;
      isStale = false;
    }
    return ended('failed', error);
  }
}

/** A failure says what production serves now, not what it served before the step that failed. Undefined when nobody can tell. */
async function lookAfter(
  context: Context,
  phase: Phase,
  thisRun: ThisRun,
  error: unknown,
): Promise<Observed | undefined> {
  if (context.signal.aborted || noAnswer(error)) return undefined;
  return observe(context, phase, thisRun)
    .then(({ observed }) => observed)
    .catch(() => undefined);
}

/** A phase that finds its promise true still brings a mirror up to date that a killed run left behind. */
function mirrored(phase: Phase, observed: Observed, plan: Plan): Plan {
  if (plan.length > 0 || !phase.changes || phase.name === 'cleanup' || !mirrorLags(observed)) return plan;
  return [[{ kind: 'record', fields: {}, because: 'its mirror on the first original lags behind' }]];
}

/** True when the lease was taken just now. `clone` needs only its claim, and without a record there is nothing to share. */
async function takeLease(context: Context, phase: Phase, observed: Observed): Promise<boolean> {
  if (!phase.changes || phase.name === 'clone' || observed.record === null || context.lease.heldIn() !== undefined) {
    return false;
  }
  const clone = observed.ours.find((database) => database.name === observed.recordDatabase);
  const original = observed.databases[0]?.original?.name;
  const database = clone && !CLOSED.has(clone.status) ? clone.name : original;
  if (database === undefined) return false;
  await context.lease.take(observed.deploymentId, database);
  return true;
}

/**
 * Nobody can log in to a database that is being made, or that failed. In every other status the lease is held in the clone, by all runs
 * alike: also while it scales or sleeps. https://learn.microsoft.com/rest/api/sql/databases/get (DatabaseStatus)
 */
const CLOSED: ReadonlySet<string> = new Set([
  'Creating',
  'Copying',
  'Restoring',
  'Suspect',
  'Offline',
  'Disabled',
  'Inaccessible',
  'Recovering',
  'RecoveryPending',
  'Shutdown',
]);
