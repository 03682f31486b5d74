import { availableParallelism } from 'node:os';
import { program } from 'commander';
import { thatCompile } from './mutate/compiles.ts';
import { measuredFiles } from './mutate/files.ts';
import { measure, type Trial } from './mutate/measure.ts';
import { measureNamed } from './mutate/measure-named.ts';
import { type Met, whatTestsMeet } from './mutate/met.ts';
import type { Mutant } from './mutate/mutants.ts';
import { importsOf, NEARNESS, nearness } from './mutate/nearness.ts';
import { isNoticed } from './mutate/outcome.ts';
import { resultsOn } from './mutate/results.ts';
import { sampleOf } from './mutate/sample.ts';
import { type Measured, scoreLines } from './mutate/score.ts';
import { startWorker } from './mutate/start-worker.ts';
import { reasonFor } from './mutate/survivors.ts';

// Plants mistakes into src, one at a time, and sees which test notices. Nothing of this checkout is written.

program
  .name('npm run mutate --')
  .description('Plants mistakes into src, one at a time, and tells which ones no test notices.')
  .option('--sample <n>', 'so many of all, spread by --seed', '300')
  .option('--seed <n>', 'which ones', '1')
  .option('--only <pattern>', 'only in files below src/ that match this regular expression', '')
  .option('--named', 'those that somebody thought of: all of them must be noticed')
  .option('--budget <seconds>', 'of a processor, for the tests of one mistake', '30')
  .option('--workers <n>', 'processes', String(availableParallelism()))
  .option('--resume', 'go on where the last run was stopped, and try again what was not noticed')
  .option('--units', 'only by tests that play in no world, in a tenth of the time: where is one missing?')
  .option('--list', 'plant nothing: say what would be planted')
  .parse();

interface Options {
  readonly sample: string;
  readonly seed: string;
  readonly only: string;
  readonly named?: true;
  readonly budget: string;
  readonly workers: string;
  readonly resume?: true;
  readonly units?: true;
  readonly list?: true;
}

/** Of a hundred mistakes so many must be noticed. */
const WANTED = 85;

const options = program.opts<Options>();
const files = measuredFiles();
if (options.named) process.exitCode = (await measureNamed(console.log)) ? 0 : 1;
else if (options.list) for (const { mutant } of sampledMistakes()) console.log(words(mutant));
else process.exitCode = (await measured(sampledMistakes())) ? 0 : 1;

interface Mistake {
  readonly planted: number;
  readonly mutant: Mutant;
}

function sampledMistakes(): readonly Mistake[] {
  const pattern = new RegExp(options.only);
  const all = files.flatMap(({ mutants, first }) =>
    mutants.map((mutant, index) => ({ mutant, planted: first + index })),
  );
  const wanted = all.filter(({ mutant }) => pattern.test(mutant.file));
  const chosen = sampleOf(wanted, Number(options.sample), Number(options.seed), (some) => {
    const compiling = thatCompile(
      files,
      some.map(({ mutant }) => mutant),
    );
    return some.filter(({ mutant }) => compiling.has(mutant));
  });
  console.log(`${chosen.length} of ${wanted.length} mistakes, seed ${options.seed}, of those that compile.`);
  return chosen;
}

/** @returns whether as many were noticed as we want */
async function measured(mistakes: readonly Mistake[]): Promise<boolean> {
  const startedAt = performance.now();
  const workers = Number(options.workers);
  const only = options.units ? 'units' : undefined;
  const first = await startWorker({ only });
  first.end();
  const tests = await whatTestsMeet(files, first.tests, workers, only);
  const fit = tests.filter(({ name, fails }) => {
    if (fails !== undefined) console.log(`LEFT OUT, because it fails without any mistake: ${name}: ${fails}`);
    return fails === undefined;
  });
  const results = resultsOn(files);
  const outcomes: Measured[] = [];
  const trials: (Trial & Mistake)[] = [];
  for (const mistake of mistakes) {
    const known = options.resume ? results.noticedBefore(mistake.mutant) : undefined;
    if (known) outcomes.push({ mutant: mistake.mutant, ...known });
    else trials.push(trialOf(mistake, fit, first.early));
  }
  // What was found so far is told, also when one does not wait for the end.
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
  const limits = { workers, budgetMs: 1000 * Number(options.budget), only, signal: stopped.signal };
  await measure(trials, limits, ({ mutant }, outcome) => {
    outcomes.push({ mutant, ...outcome });
    results.keep(mutant, outcome);
    const { by, isGolden, wrong } = outcome;
    const how = by === undefined ? 'NOTHING' : `${isGolden ? 'a golden text: ' : ''}${by}: ${wrong}`;
    console.log(`${words(mutant)}  <-  ${how.slice(0, 200)}`);
  });
  report(outcomes);
  console.log(`It took ${Math.round((performance.now() - startedAt) / 60_000)} min.`);
  return outcomes.filter(isNoticed).length >= (WANTED / 100) * outcomes.length;
}

function trialOf(mistake: Mistake, fit: readonly Met[], early: readonly number[]): Trial & Mistake {
  const { planted, mutant } = mistake;
  const tests = fit.filter(({ meets }) => meets(planted));
  const { file } = mutant;
  const isEarly = tests.length === 0 || early.includes(planted);
  return { ...mistake, file, tests, early: isEarly ? fit.filter((met) => mayMeet(met, file)) : undefined };
}

/** What is decided while files are loaded shows wherever the file is used, or what was made of it by then. */
function mayMeet({ name, files: met }: Met, file: string): boolean {
  return met.has(file) || nearness(name, file) <= NEARNESS.unit || usersOf(file).some((user) => met.has(user));
}

function report(outcomes: readonly Measured[]): void {
  const lines = outcomes
    .filter((each) => !isNoticed(each))
    .map(({ mutant, isGolden, met, left }) => {
      const by = isGolden ? 'a golden text alone' : `nothing; ${met - left} of ${met} tests that meet it were run`;
      return `${words(mutant)}: ${reasonFor(mutant) ?? by}`;
    });
  console.log(`\nNot noticed:\n${lines.sort().join('\n')}\n\n${scoreLines(outcomes).join('\n')}`);
}

/** The measured files that import it. */
function usersOf(file: string): readonly string[] {
  return files.flatMap((each) => (importsOf(`src/${each.file}`).includes(`src/${file}`) ? [each.file] : []));
}

function words({ file, line, what }: Mutant): string {
  return `src/${file}:${line} ${what}`;
}
