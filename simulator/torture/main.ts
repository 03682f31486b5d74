import './determinism.ts';
import { InvalidArgumentError, program } from 'commander';
import { addedUp, readReport } from './add-up.ts';
import type { Outcome } from './outcome.ts';
import { type Part, partFrom, WHOLE } from './part.ts';
import { noticedAll, violatedWithout } from './planted/noticed.ts';
import { planted, plantedNamed } from './planted/planted.ts';
import { journey } from './random.ts';
import { replay } from './replay.ts';
import { type Report, reportOf, reportText, type Sitting, writeReport } from './report.ts';
import { scenarios } from './scenarios.ts';
import { countedByFault } from './tried.ts';
import { casesWithWorkers, sweepWithWorkers, type WorkOrder } from './workers.ts';

program
  .name('npm run torture --')
  .description(
    'Kills, refuses and delays every request of every phase in turn, and checks the simulated Azure after every step.',
  )
  .option('--replay <id>', 'play exactly one case and tell everything')
  .option('--scenario <names>', 'only these scenarios, comma-separated', scenarioNames)
  .option('--list', 'play nothing: as JSON, how often each fault would be tried, at which calls')
  .option(
    '--deep',
    'many more cases: every write with every fault, every other phase after a kill, many pairs of faults; for hours',
  )
  .option('--only <pattern>', 'only cases whose id matches this regular expression', pattern, '')
  .option('--stride <n>', 'of so many cases one', wholeFrom(1), 1)
  .option(
    '--part <k/n>',
    'of all chosen cases every n-th, beginning with the k-th, to play them in several sittings',
    partFrom,
  )
  .option('--add-up <files...>', 'play nothing: add up the reports of several parts')
  .option('--turn <n>', 'which of what is played by turns; default: of today, with --part 0', wholeFrom(0))
  .option('--planted <name>', 'put mistakes into the action and see that they are noticed: a name, or all')
  .option('--seed <n>', 'random journeys through whole deployments, beginning with this one', wholeFrom(0))
  .option('--minutes <m>', 'for how long; 0 plays one journey and tells everything', wholeFrom(0), 0)
  .option('--report <file>', 'where the report goes', 'torture-report.json')
  .parse();

const options = program.opts<{
  replay?: string;
  list?: true;
  deep?: true;
  scenario?: readonly string[];
  only: string;
  stride: number;
  part?: Part;
  addUp?: readonly string[];
  turn?: number;
  report: string;
  planted?: string;
  seed?: number;
  minutes: number;
}>();

process.exitCode = (await chosen()) ? 0 : 1;

async function chosen(): Promise<boolean> {
  if (options.replay !== undefined) return replay(options.replay);
  if (options.list) return listed();
  if (options.addUp !== undefined) return published(addedUp(options.addUp.map(readReport)));
  if (options.seed !== undefined) return journeys(options.seed, options.minutes);
  return options.planted === undefined ? whole() : plantedMistakes(options.planted);
}

async function listed(): Promise<boolean> {
  console.log(JSON.stringify(countedByFault(await casesWithWorkers(chosenOrder(0))), undefined, 2));
  return true;
}

async function journeys(seed: number, minutes: number): Promise<boolean> {
  const startedAt = performance.now();
  const outcomes: Outcome[] = [];
  do {
    const outcome = await journey(seed + outcomes.length, minutes > 0 ? undefined : console.log);
    outcomes.push(outcome);
  } while (performance.now() - startedAt < minutes * 60_000);
  return published(reportOf(outcomes, secondsSince(startedAt)));
}

async function plantedMistakes(name: string): Promise<boolean> {
  const chosen = name === 'all' ? planted : [plantedNamed(name)];
  const results = await noticedAll(chosen, (each, noticed) => {
    const words = noticed ? `noticed by ${noticed.invariant}: ${noticed.what.split('\n')[0]}` : 'NOT NOTICED';
    console.log(`${each.name.padEnd(30)} ${words}`);
  });
  const without = await violatedWithout(chosen, results);
  for (const line of without) console.log(`WITHOUT IT AS WELL ${line}`);
  return without.length === 0 && results.every((noticed) => noticed !== undefined);
}

async function whole(): Promise<boolean> {
  const startedAt = performance.now();
  const outcomes: Outcome[] = [];
  // Parts that are played on different days must be parts of the same list.
  const turn = options.turn ?? (options.part === undefined ? today() : 0);
  console.log(`Turn ${turn}: what is played by turns only is another part of it each day.`);
  const order = chosenOrder(turn);
  const stopped = new AbortController();
  // What was found so far is told, also when one does not wait for the end.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
  const tell = (outcome: Outcome) => {
    outcomes.push(outcome);
    if (outcomes.length % 1000 === 0) console.log(`${outcomes.length} cases so far`);
  };
  await sweepWithWorkers(order, tell, undefined, stopped.signal);
  const sitting: Sitting = { ...order, isStopped: stopped.signal.aborted };
  return published(reportOf(outcomes, secondsSince(startedAt), sitting));
}

function chosenOrder(turn: number): Required<Omit<WorkOrder, 'paths' | 'planted'>> {
  return {
    scenarios: options.scenario ?? scenarios.map(({ name }) => name),
    only: options.only,
    stride: options.stride,
    part: options.part ?? WHOLE,
    depth: options.deep ? 'deep' : 'usual',
    turn,
  };
}

function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1000;
}

/** Days since 1970. */
function today(): number {
  return Math.floor(Date.now() / 86_400_000);
}

/** In the order of the list, whatever that of the option. */
function scenarioNames(text: string): readonly string[] {
  const names = scenarios.map(({ name }) => name);
  const wanted = text.split(',');
  if (!wanted.every((name) => names.includes(name)))
    throw new InvalidArgumentError(`Allowed: names of scenarios, comma-separated: ${names.join(', ')}.`);
  return names.filter((name) => wanted.includes(name));
}

function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : -1;
    if (number < least) throw new InvalidArgumentError(`Allowed: a whole number from ${least} on.`);
    return number;
  };
}

function pattern(text: string): string {
  try {
    return new RegExp(text).source;
  } catch {
    throw new InvalidArgumentError('Allowed: a regular expression.');
  }
}

function published(report: Report): boolean {
  writeReport(report, options.report);
  console.log(reportText(report));
  return report.violations.length === 0;
}
