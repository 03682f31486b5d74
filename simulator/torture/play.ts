import type { VirtualClock } from '../in-process/virtual-clock.ts';
import type { World } from '../model/world.ts';
import { actionProcess, type Faults, type ProcessEnd, type ProcessOptions, postStep } from './action-process.ts';
import type { Call } from './call.ts';
import { userCommands } from './commands.ts';
import type { History } from './history.ts';
import type { Allowance, Undisturbed } from './invariant.ts';
import { noFaults } from './no-faults.ts';
import type { Scenario } from './scenarios.ts';
import { inputsOf, mustEndRed, waitsBefore } from './stages.ts';
import { type Violated, watchOver } from './watch.ts';

export interface Play {
  readonly scenario: Scenario;
  readonly stage: string;
  /** Instead of the inputs that the stage would give. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Changed by the play. */
  readonly world: World;
  readonly history: History;
  readonly clock: VirtualClock;
  /** One for each run in turn; afterwards nothing goes wrong. */
  readonly faults: readonly Faults[];
  readonly undisturbed: Undisturbed | undefined;
  readonly allows: ReadonlySet<Allowance>;
  /** Told what each run that ended red by itself said, and what to do next. */
  readonly onRed?: (words: string, advice: string) => void;
  /** Told every call of the first run, and of the run beside it. */
  readonly onCall?: (call: Call) => void;
  readonly runId?: string;
  /** Green would be a lie. Default: as the stage says. */
  readonly mustEndRed?: boolean;
  /** So long nothing is run. */
  readonly afterMs?: number;
  /** Nobody runs it more often. */
  readonly mostRuns?: number;
  /** So long one waits at the end for everything that was admitted late. */
  readonly settlesMs?: number;
  /** Run once more when everything late has come. */
  readonly comesLate?: boolean;
  /** Another process that starts when the first one is about to make this call. */
  readonly companion?: {
    readonly at: number;
    readonly stage: string;
    readonly runId: string;
    readonly runAttempt: number;
    readonly faults: Faults;
  };
  /** Invariants that are broken already, and not by us. */
  readonly excused?: ReadonlySet<string>;
}

export interface Played {
  readonly isGreen: boolean;
  /** How the companion ended. */
  readonly companion?: string;
  readonly runs: number;
  readonly violations: readonly Violated[];
  /** What the last run that ended by itself said, when it was red. */
  readonly failures: readonly string[];
  /** What it said to do next. */
  readonly advice?: string;
  readonly lines: readonly string[];
}

const MOST_RUNS = 6;
/** Between the first run and the second one; then twice as long each time, as people who try again. */
const PAUSE_MS = 15_000;
/** Long enough for everything that was admitted late. */
const SETTLES_MS = 130_000;

/** Runs a stage, and again as a new process would, until it is green, refuses twice or cannot be green; then waits for what is late. */
export async function play(options: Play): Promise<Played> {
  const { scenario, stage, world, history, clock, undisturbed, allows } = options;
  const phase = stage.split(':')[0] ?? '';
  const isForbidden = options.mustEndRed ?? mustEndRed(stage);
  const watch = watchOver({
    world,
    history,
    phase,
    scenario: scenario.name,
    undisturbed,
    mustEndRed: isForbidden,
    mayLose: { ...inputsOf(scenario, stage), ...options.inputs }['accept-data-loss'] === 'true',
    allows,
  });
  clock.onTick = (now) => watch.until(now);
  const waits = options.afterMs ?? waitsBefore(stage);
  if (waits !== undefined) await clock.sleep(waits);
  const failures: string[] = [];
  const lines: string[] = [];
  let companionEnd: string | undefined;
  const settingsOf = (
    faults: Faults,
    of: { readonly stage: string; readonly runId: string; readonly runAttempt: number },
    who: string,
  ): ProcessOptions & { faults: Faults } => ({
    world,
    clock,
    clientId: Object.keys(world.principals)[0] ?? '',
    inputs: { ...inputsOf(scenario, of.stage), ...options.inputs },
    runId: of.runId,
    runAttempt: of.runAttempt,
    faults,
    run: userCommands(scenario, world, () => clock.now()),
    onSend: (call) => watch.sent(clock.now(), who, call),
    onStep(call) {
      if (runs === 1) options.onCall?.(call);
      watch.step(clock.now(), who, call);
    },
  });
  let isGreen = false;
  let advice: string | undefined;
  let runs = 0;
  let isSettled = false;
  while (runs < (options.mostRuns ?? MOST_RUNS)) {
    if (isGreen) {
      if (isSettled || !options.comesLate) break;
      isSettled = true;
      await clock.sleep(SETTLES_MS);
    } else if (runs > 0) await clock.sleep(PAUSE_MS * 2 ** (runs - 1));
    const faults = options.faults[runs] ?? noFaults;
    runs++;
    const run = runs;
    const settings = settingsOf(faults, { stage, runId: options.runId ?? '1', runAttempt: run }, `run ${run}`);
    const { companion } = options;
    let beside: Promise<ProcessEnd> | undefined;
    if (companion && run === 1) {
      const other = settingsOf(companion.faults, companion, 'the other run');
      settings.faults = {
        meet(call, forward) {
          if (call.ordinal === companion.at) beside ??= actionProcess(other);
          return forward();
        },
      };
    }
    const end = await actionProcess(settings);
    const post = end.hasPost ? await postStep(settings, end.rules) : [];
    watch.ran(end, post);
    if (beside && companion) {
      const other = await beside;
      const otherPost = await postStep(settings, other.rules);
      watch.ran(other, otherPost);
      companionEnd = wordsOf(other);
      lines.push(`--- the other run: ${companionEnd}`, ...other.lines, ...otherPost);
    }
    lines.push(`--- run ${runs}: ${wordsOf(end)}`, ...end.lines, ...post);
    isGreen = end.report !== undefined && end.report.failure === undefined;
    advice = end.report?.failure?.next;
    if (!isGreen) {
      failures.push(wordsOf(end));
      if (advice !== undefined) options.onRed?.(wordsOf(end), advice);
      const isRefusal = /^(refused|drifted|bad-input)/.test(wordsOf(end));
      if ((isRefusal || isForbidden) && failures.at(-2) === wordsOf(end)) break;
    }
  }
  await clock.sleep(options.settlesMs ?? SETTLES_MS);
  watch.end(isGreen);
  clock.onTick = undefined;
  const violations = watch.violations().filter(({ invariant }) => !options.excused?.has(invariant));
  return {
    isGreen,
    runs,
    violations,
    failures,
    lines,
    ...(companionEnd === undefined ? {} : { companion: companionEnd }),
    ...(isGreen || advice === undefined ? {} : { advice }),
  };
}

function wordsOf({ report, escaped }: ProcessEnd): string {
  if (escaped !== undefined) return `an error escaped: ${escaped instanceof Error ? escaped.stack : String(escaped)}`;
  if (report === undefined) return 'killed';
  const { failure } = report;
  return failure ? `${failure.kind}: ${failure.happened} ${failure.next}` : 'green';
}
