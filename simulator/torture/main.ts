import './determinism.ts';
import { program } from 'commander';
import type { Outcome } from './outcome.ts';
import { replay } from './replay.ts';
import { reportOf, reportText, writeReport } from './report.ts';
import { scenarios } from './scenarios.ts';
import { sweepWithWorkers } from './workers.ts';

program
  .name('npm run torture --')
  .description(
    'Kills, refuses and delays every request of every phase in turn, and checks the simulated Azure after every step.',
  )
  .option('--replay <id>', 'play exactly one case and tell everything')
  .option('--scenario <names>', 'only these scenarios, comma-separated')
  .option('--only <pattern>', 'only cases whose id matches this regular expression', '')
  .option('--stride <n>', 'of so many cases one', '1')
  .option('--report <file>', 'where the report goes', 'torture-report.json')
  .parse();

const options = program.opts<{ replay?: string; scenario?: string; only: string; stride: string; report: string }>();

process.exitCode = (await (options.replay === undefined ? whole() : replay(options.replay))) ? 0 : 1;

async function whole(): Promise<boolean> {
  const startedAt = performance.now();
  const outcomes: Outcome[] = [];
  const names = options.scenario?.split(',') ?? scenarios.map(({ name }) => name);
  const order = { stride: Number(options.stride), scenarios: names, only: options.only };
  await sweepWithWorkers(order, (outcome) => {
    outcomes.push(outcome);
    if (outcomes.length % 1000 === 0) console.log(`${outcomes.length} cases so far`);
  });
  const report = reportOf(outcomes, (performance.now() - startedAt) / 1000);
  writeReport(report, options.report);
  console.log(reportText(report));
  return report.violations.length === 0;
}
