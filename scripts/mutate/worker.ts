import fc from 'fast-check';
import { loadWithMistakes, planting } from './planting.ts';

/** What a worker is told: a test to run, with a mistake planted or, to learn which mistakes it meets, without. */
export interface Order {
  /** Its name: a file may have come since another process has counted them. */
  readonly test: string;
  readonly planted?: number;
}

export interface Answer {
  readonly test: string;
  /** Of a processor, so that a machine with other things to do makes no difference. */
  readonly ms: number;
  /** The first line of what went wrong; undefined: it passed. */
  readonly wrong?: string;
  /** The mistakes that it came across. */
  readonly asked?: readonly number[];
}

/** Once, when the tests are loaded. */
export interface Ready {
  readonly tests: readonly string[];
  /** Mistakes that are met while files are loaded: they must be planted before. */
  readonly early: readonly number[];
}

// A mistake of the action that is planted may leave a promise behind that nobody waits for.
let unhandled: unknown;
let isLoaded = false;
process.on('unhandledRejection', (reason) => {
  if (!isLoaded) throw reason;
  unhandled ??= reason ?? 'rejected';
});
process.on('uncaughtException', (error) => {
  if (!isLoaded) {
    console.error(error);
    process.exit(1);
  }
  unhandled ??= error;
});

const early = process.env.MUTATE_PLANTED;
const named = process.env.MUTATE_NAMED;
planting.planted = early === undefined ? undefined : Number(early);
loadWithMistakes(named);
fc.configureGlobal({ seed: 1 });
const { endTests, loadTests } = await import('./tests.ts');
const only = process.env.MUTATE_TESTS;
const tests = [...(await loadTests(only)), ...(only === undefined ? (await import('./sweep.ts')).sweepTests() : [])];
isLoaded = true;
const runs = new Map(tests.map(({ name, run }) => [name, run]));
const ready: Ready = { tests: [...runs.keys()], early: [...planting.asked] };
process.send?.(ready);

process.on('message', (order: Order) => {
  answerTo(order).then((answer) => process.send?.(answer));
});
process.on('disconnect', () => {
  endTests().finally(() => process.exit(0));
});

async function answerTo({ test, planted }: Order): Promise<Answer> {
  if (planted !== undefined) planting.planted = planted;
  planting.asked = new Set();
  unhandled = undefined;
  const before = process.cpuUsage();
  const error = await runs
    .get(test)?.()
    .then(
      () => unhandled,
      (reason: unknown) => reason ?? 'rejected',
    );
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1000;
  const wrong =
    error === undefined ? {} : { wrong: String(error instanceof Error ? error.message : error).split('\n')[0] ?? '' };
  return { test, ms, ...wrong, ...(planted === undefined ? { asked: [...planting.asked] } : {}) };
}
