import type { RunRecord } from './run-record.ts';
import type { Summary } from './summary.ts';

/** Says what came of it: the figures, and each promise with what was seen. Returns whether all were kept. */
export function tellVerdict(run: RunRecord, summary: Summary, print: (line: string) => void): boolean {
  const { traffic, writes } = summary;
  const broken = run.checks.filter((check) => !check.held);
  print('');
  print(run.outcome);
  print('');
  print(`  requests        ${traffic.requests}, failed ${traffic.failed}, longest gap ${traffic.longestGapMs} ms`);
  print(`  answered in     ${traffic.p50Ms} ms (median), ${traffic.p99Ms} ms (99 of 100)`);
  print(`  orders          ${writes.accepted} accepted, ${writes.refused} refused, ${writes.lost} lost`);
  print(
    `  read-only       ${summary.readOnlySeconds} s here, about ${onAzure(summary.readOnlySeconds * run.timeScale)} on Azure`,
  );
  for (const [name, count] of Object.entries(summary.servedBy)) print(`  served by       ${name}: ${count} requests`);
  print('');
  for (const check of run.checks) print(`  ${check.held ? '✓' : '✗'} ${check.promise} ${check.seen}`);
  print('');
  print(
    broken.length === 0 ? 'Every promise was kept.' : `${broken.length} of ${run.checks.length} promises were BROKEN.`,
  );
  return broken.length === 0;
}

function onAzure(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
