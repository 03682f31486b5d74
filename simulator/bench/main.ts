import { program } from 'commander';
import { DURATIONS } from '../model/create-world.ts';
import { measureBigBuild } from './big-build.ts';
import { overBudget } from './budget.ts';
import { AS_IN_WORKFLOW, measureDeployment } from './deployment.ts';
import { LATENCIES_MS, RECORDED, TAG_WRITES } from './durations.ts';
import { reportText, type WindowAt, writeReport } from './report.ts';
import { measureRollbacks } from './rollbacks.ts';
import { measureScript } from './script.ts';
import { measureStartUp } from './start-up.ts';

program
  .name('npm run bench --')
  .description('Measures how long each phase takes over what Azure needs for it, and how much it asks.')
  .option('--databases <numbers>', 'how many databases, comma-separated', '1,5,20,50')
  .option('--build <size>', 'MiB and number of files of a large build, comma-separated', '1500,20000')
  .option('--report <file>', 'where the report goes', 'bench-report.json')
  .option('--no-start-up', 'leave out how dist starts: on a busy machine the figures mean little')
  .parse();

const options = program.opts<{ databases: string; build: string; report: string; startUp: boolean }>();
const [mib = 0, files = 0] = options.build.split(',').map(Number);

const deployments = [];
for (const databases of options.databases.split(',').map(Number)) {
  deployments.push(await measureDeployment({ databases, runs: AS_IN_WORKFLOW }));
}
const measures = {
  deployments,
  script: measureScript({ ...DURATIONS, ...RECORDED }),
  rollback: await measureRollbacks(),
  windows: await otherWindows(),
  build: await measureBigBuild(mib, files),
  startUp: options.startUp ? await measureStartUp() : undefined,
};
writeReport(measures, options.report);
console.log(reportText(measures));
const complaints = overBudget(measures);
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;

/** With what nobody has recorded, or what is not the same everywhere. */
async function otherWindows(): Promise<WindowAt[]> {
  const other = [
    ...TAG_WRITES.map((seconds) => ({
      what: `tag writes of ${seconds} s`,
      durations: { ...RECORDED, tagWrite: seconds * 1000 },
    })),
    ...LATENCIES_MS.map((latencyMs) => ({ what: `requests of ${latencyMs} ms`, latencyMs })),
    { what: 'old routes that linger for 23 s', variants: { 'routes-linger': true } },
    { what: 'the shorter swaps and starts of the tests', durations: { bothBuildsAnswer: 7000 } },
  ];
  const windows: WindowAt[] = [];
  for (const { what, ...course } of other) {
    const { window } = await measureDeployment({ databases: 1, runs: AS_IN_WORKFLOW, ...course });
    if (window) windows.push({ what, window });
  }
  return windows;
}
