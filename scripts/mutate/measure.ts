import type { Met } from './met.ts';
import { NEARNESS, nearness } from './nearness.ts';
import { isNoticed, type Outcome } from './outcome.ts';
import { startWorker, type Worker } from './start-worker.ts';

/** One mistake to be planted. */
export interface Trial {
  /** Its number among all. */
  readonly planted: number;
  /** Below src/. */
  readonly file: string;
  /** Those that meet it. */
  readonly tests: readonly Met[];
  /** Where it is met while files are loaded: tests for a process in which it is planted from the first line on. */
  readonly early: readonly Met[] | undefined;
}

/** Texts of plans and summaries as a whole: whoever changes the action pastes the new one, so they notice nothing. */
const GOLDEN =
  /^(phases\/(cleanup|clone|complete|deploy|other-apps|read-only|rollback|switch|validate)|summary\/(headline|notes|outputs|summary|warnings))\.test\.ts/;

export interface Limits {
  readonly workers: number;
  /** For one mistake: of a processor, as the tests took without one. */
  readonly budgetMs: number;
  /** Of the tests, as {@link startWorker} takes it. */
  readonly only: string | undefined;
  /** Aborted: no further mistake is planted. */
  readonly signal: AbortSignal;
}

/** Plants one after the other and runs the tests that meet it, the nearest first, until one fails. */
export async function measure<T extends Trial>(
  trials: readonly T[],
  limits: Limits,
  tell: (trial: T, outcome: Outcome) => void,
): Promise<void> {
  const { workers, budgetMs, only, signal } = limits;
  const left = [...trials];
  const noticed = new Map<string, number>();
  const work = async () => {
    let shared: Worker | undefined;
    for (let trial = left.shift(); trial !== undefined && !signal.aborted; trial = left.shift()) {
      let outcome: Outcome = { met: 0, left: 0 };
      if (trial.tests.length > 0) {
        shared ??= await startWorker({ only });
        outcome = await tried(shared, trial, inOrder(trial.tests, trial.file, noticed), budgetMs);
        if (!shared.isAlive()) shared = undefined;
      }
      if (!isNoticed(outcome) && trial.early !== undefined)
        outcome = better(outcome, await triedFromTheStart(trial, inOrder(trial.early, trial.file, noticed), limits));
      if (outcome.by !== undefined) noticed.set(outcome.by, (noticed.get(outcome.by) ?? 0) + 1);
      tell(trial, outcome);
    }
    shared?.end();
  };
  await Promise.all(Array.from({ length: workers }, work));
}

/** What is decided while files are loaded takes a process of its own, in which it is planted before. */
async function triedFromTheStart(trial: Trial, tests: readonly Met[], { budgetMs, only }: Limits): Promise<Outcome> {
  let worker: Worker;
  try {
    worker = await startWorker({ planted: trial.planted, only });
  } catch (error) {
    return { by: 'every test', wrong: String(error), met: tests.length, left: 0 };
  }
  try {
    return await tried(worker, trial, tests, budgetMs);
  } finally {
    worker.end();
  }
}

function better(one: Outcome, other: Outcome): Outcome {
  return isNoticed(other) || one.by === undefined
    ? { ...other, met: one.met + other.met, left: one.left + other.left }
    : one;
}

/** Who has not ended by then never does, also on a machine with other things to do: a test that is only slow has noticed nothing. */
const LIMIT_MS = 120_000;

const LONG_MS = 2000;

/** The nearest first, of equals those that notice most in a second. Golden texts come last: what is noticed by them alone is told as such. */
function inOrder(tests: readonly Met[], file: string, noticed: ReadonlyMap<string, number>): readonly Met[] {
  const promise = ({ name, ms }: Met) => ((noticed.get(name) ?? 0) + 0.2) / (ms + 5);
  return tests
    .map((test) => ({
      test,
      // Who takes long comes when all others have had their turn.
      far: test.ms > LONG_MS ? NEARNESS.sweep : nearness(test.name, file),
      isGolden: GOLDEN.test(test.name),
    }))
    .toSorted(
      (one, other) =>
        Number(one.isGolden) - Number(other.isGolden) || one.far - other.far || promise(other.test) - promise(one.test),
    )
    .map(({ test }) => test);
}

async function tried(worker: Worker, { planted }: Trial, tests: readonly Met[], budgetMs: number): Promise<Outcome> {
  let spent = 0;
  let left = 0;
  for (const { name, ms } of tests) {
    const isGolden = GOLDEN.test(name);
    if (!isGolden && spent + ms > budgetMs) {
      left++;
      continue;
    }
    spent += ms;
    const wrong = await worker.run({ test: name, planted }, LIMIT_MS + 20 * ms).then((answer) => answer.wrong, String);
    if (wrong !== undefined) return { by: name, wrong, ...(isGolden ? { isGolden } : {}), met: tests.length, left };
  }
  return { met: tests.length, left };
}
