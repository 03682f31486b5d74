import { program } from 'commander';
import { usualWay } from '../../src/settings/phases.ts';
import { overBudget } from './budget.ts';
import { measureDeployment } from './deployment.ts';
import { reportText, writeReport } from './report.ts';
import { measureStartUp } from './start-up.ts';

program
  .name('npm run bench --')
  .description('Measures how long each phase takes over what Azure needs for it, and how much it asks.')
  .option('--databases <numbers>', 'how many databases, comma-separated', '1,5,20')
  .option('--report <file>', 'where the report goes', 'bench-report.json')
  .parse();

const options = program.opts<{ databases: string; report: string }>();

const deployments = [];
for (const databases of options.databases.split(',').map(Number)) {
  deployments.push(await measureDeployment({ databases, phases: usualWay }));
}
const undone = await measureDeployment({
  databases: 1,
  phases: ['clone', 'read-only', 'switch', 'deploy', 'rollback'],
  inputs: { 'rollback-scope': 'code-and-database' },
});
const report = { deployments, rollback: undone.phases.at(-1), startUp: await measureStartUp() };
writeReport(report, options.report);
console.log(reportText(report));
const complaints = overBudget(report);
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;
