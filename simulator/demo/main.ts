import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { openLocalShop } from './local-azure.ts';
import { narrator } from './narrator.ts';
import { writeReport } from './report/report.ts';
import { SCENARIOS } from './scenarios.ts';
import { playScenario } from './story.ts';
import { tellVerdict } from './verdict.ts';

/** `npm run demo`: a whole deployment under traffic, told as it happens. Ends with 1 when a promise was broken. */
const VARIANTS = ['late-restart', '503-after-swap', 'slow-warm-up'];

const program = new Command('demo')
  .description('Plays a zero-downtime deployment against a local Azure, with visitors all the time.')
  .addOption(
    new Option('--scenario <name>', 'what happens').choices(SCENARIOS.map((each) => each.name)).default('happy'),
  )
  .addOption(new Option('--variant <name>', 'a surprise of Azure, which visitors are to see').choices(VARIANTS))
  .option('--interactive', 'you are the reviewer', false)
  .option('--forgetful', 'the build in production does not know its read-only switch', false)
  .option('--time-scale <n>', 'how many times as fast as real time Azure works', positive, 50)
  .option('--reads <n>', 'pages that visitors ask for in a second', positive, 120)
  .option('--writes <n>', 'orders that visitors place in a second', positive, 5)
  .option('--action <folder>', 'another build of the action to try', join(import.meta.dirname, '../..'))
  .option('--report <folder>', 'where the report goes', 'demo-report')
  .option('--verbose', 'tells what the workflow logs, too', false)
  .parse();

const options = program.opts<{
  scenario: string;
  variant?: string;
  interactive: boolean;
  forgetful: boolean;
  timeScale: number;
  reads: number;
  writes: number;
  action: string;
  report: string;
  verbose: boolean;
}>();
const scenario = SCENARIOS.find((each) => each.name === options.scenario) ?? program.error('No such scenario.');

// An exit ends the workflow's steps, and the simulator and the visitors with their connection to this process.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(code));

const { timeScale, interactive, forgetful, verbose } = options;
const began = Date.now() - process.uptime() * 1000;
const teller = narrator(began, (line) => console.log(line), process.stdout.isTTY === true);
const run = await playScenario(
  {
    ...{ scenario, variant: options.variant, timeScale, interactive, forgetful, verbose },
    action: resolve(options.action),
    readsPerSecond: options.reads,
    writesPerSecond: options.writes,
  },
  teller,
  () => openLocalShop({ timeScale, variant: options.variant, forgetful }),
);
const summary = await writeReport(options.report, run);
const held = tellVerdict(run, summary, (line) => console.log(line));
console.log(
  `\nIt took ${((Date.now() - began) / 1000).toFixed(0)} s in all. Look at ${join(options.report, 'index.html')}.`,
);
process.exitCode = held ? 0 : 1;

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}
