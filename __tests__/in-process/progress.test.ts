import { expect, test } from '@jest/globals';
import { begin } from './trial.ts';

test('the log must tell of a copy and of a restore how much is done and how long they take yet, and of a swap what is usual', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy', [
    'rollback',
    { 'rollback-scope': 'code-and-database' },
  ]);
  const waits = trial.lines.filter((line) => line.startsWith('Still waiting for'));
  const of = (what: RegExp) => waits.filter((line) => what.test(line));
  expect(of(/the copy/)[0]).toMatch(/: Copying, \d+ % done, about .* left\.$/);
  expect(of(/the restore/)[0]).toMatch(/: \w+, \d+ % done, about .* left\.$/);
  expect(of(/to swap slot/)[0]).toMatch(/about .* s left as a rule\.$/);
  // It comes to its end, as far as it goes on as it began.
  const left = of(/the restore/).map((line) => Number(/(\d+) % done/.exec(line)?.[1]));
  expect(left).toEqual([...left].sort((one, other) => one - other));
});
