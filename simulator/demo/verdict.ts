import type { Check, RunRecord } from './run-record.ts';
import type { Summary } from './summary.ts';

/** Says what came of it: the figures, and each promise with what was seen. Returns whether all were kept. */
export function tellVerdict(run: RunRecord, summary: Summary, print: (line: string) => void): boolean {
  const { traffic, writes } = summary;
  const broken = run.checks.filter(({ held }) => held === false).length;
  const unknown = run.checks.filter(({ held }) => held === undefined).length;
  print('');
  print(run.outcome);
  print('');
  print(`  requests        ${traffic.requests}, failed ${traffic.failed}, longest gap ${traffic.longestGapMs} ms`);
  print(`  answered in     ${traffic.p50Ms} ms (median), ${traffic.p99Ms} ms (99 of 100)`);
  print(`  orders          ${writes.accepted} accepted, ${writes.refused} refused, ${writes.lost} lost`);
  print(`  read-only       ${summary.readOnlySeconds} s here; docs/speed.md has how long it is at Azure's own pace`);
  for (const [name, count] of Object.entries(summary.servedBy)) print(`  served by       ${name}: ${count} requests`);
  print('');
  for (const check of run.checks) print(`  ${markOf(check)} ${check.promise} ${check.seen}`);
  print('');
  if (broken > 0) print(`${broken} of ${run.checks.length} promises were BROKEN.`);
  else if (unknown > 0)
    print(`No promise was broken; ${unknown} of ${run.checks.length} could not be judged on this machine.`);
  else print('Every promise was kept.');
  return broken === 0;
}

/** Kept, broken, or not to be told on this machine. */
export function markOf({ held }: Check): string {
  if (held === undefined) return '?';
  return held ? '✓' : '✗';
}
