import type { Met } from './met.ts';
import { startWorker, type Worker } from './start-worker.ts';

/** One mistake to be planted. */
export interface Trial {
  /** Its number among all. */
  readonly planted: number;
  readonly tests: readonly Test[];
}

type Test = readonly [index: number, met: Met];

/** What became of it. */
export interface Outcome {
  /** The test that noticed it; undefined: none did. */
  readonly by?: string;
  /** How: the first line of what it said. */
  readonly wrong?: string;
  readonly isGolden?: true;
  /** Tests that meet it, and those of them for which the time was too short. */
  readonly met: number;
  readonly left: number;
}

/** Texts of plans and summaries as a whole: whoever changes the action pastes the new one, so they notice nothing. */
const GOLDEN =
  /^(phases\/(cleanup|clone|complete|deploy|other-apps|read-only|rollback|switch|validate)|summary\/(headline|notes|outputs|summary|warnings))\.test\.ts/;

export interface Limits {
  readonly workers: number;
  /** For one mistake, as long as the tests took without one. */
  readonly budgetMs: number;
  /** Aborted: no further mistake is planted. */
  readonly signal: AbortSignal;
}

/** Plants one after the other and runs the tests that meet it, those first that notice most in a second, until one fails. */
export async function measure<T extends Trial>(
  trials: readonly T[],
  { workers, budgetMs, signal }: Limits,
  tell: (trial: T, outcome: Outcome) => void,
): Promise<void> {
  const left = [...trials];
  const noticed = new Map<string, number>();
  const work = async () => {
    let shared: Worker | undefined;
    for (let trial = left.shift(); trial !== undefined && !signal.aborted; trial = left.shift()) {
      const tests = inOrder(trial.tests, noticed);
      // What is decided while files are loaded takes a process of its own.
      const isMetEarly = tests.length > 0 ? undefined : trial.planted;
      let worker: Worker;
      try {
        worker =
          isMetEarly === undefined ? (shared ?? (await startWorker())) : await startWorker({ planted: isMetEarly });
      } catch (error) {
        tell(trial, { by: 'every test', wrong: String(error), met: tests.length, left: 0 });
        continue;
      }
      const outcome = await tried(worker, trial, tests, budgetMs);
      if (isMetEarly === undefined) shared = worker.isAlive() ? worker : undefined;
      else worker.end();
      if (outcome.by !== undefined) noticed.set(outcome.by, (noticed.get(outcome.by) ?? 0) + 1);
      tell(trial, outcome);
    }
    shared?.end();
  };
  await Promise.all(Array.from({ length: workers }, work));
}

/** Who has not ended by then never does, also on a machine with other things to do: a test that is only slow has noticed nothing. */
const LIMIT_MS = 120_000;

/** Golden texts come last: what is noticed by them alone is told as such. */
function inOrder(tests: readonly Test[], noticed: ReadonlyMap<string, number>): readonly Test[] {
  const promise = ({ name, ms }: Met) => ((noticed.get(name) ?? 0) + 0.2) / (ms + 5);
  return tests.toSorted(
    ([, one], [, other]) =>
      Number(GOLDEN.test(one.name)) - Number(GOLDEN.test(other.name)) || promise(other) - promise(one),
  );
}

async function tried(worker: Worker, { planted }: Trial, tests: readonly Test[], budgetMs: number): Promise<Outcome> {
  let spent = 0;
  let left = 0;
  for (const [test, { name, ms }] of tests) {
    const isGolden = GOLDEN.test(name);
    if (!isGolden && spent + ms > budgetMs) {
      left++;
      continue;
    }
    spent += ms;
    const wrong = await worker.run({ test, planted }, LIMIT_MS + 20 * ms).then((answer) => answer.wrong, String);
    if (wrong !== undefined) return { by: name, wrong, ...(isGolden ? { isGolden } : {}), met: tests.length, left };
  }
  return { met: tests.length, left };
}
