import { expect, test } from '@jest/globals';
import { overBudget } from '../../simulator/bench/budget.ts';
import { measureRollbacks } from '../../simulator/bench/rollbacks.ts';

test('a rollback that was prepared ends within two minutes, one that was not waits for the restore', async () => {
  const rollback = await measureRollbacks();
  expect(overBudget({ deployments: [], rollback })).toEqual([]);
  expect(rollback.prepared?.seconds).toBeLessThanOrEqual(120);
  expect(rollback.codeAndDatabase?.seconds).toBeGreaterThan(500);
});
