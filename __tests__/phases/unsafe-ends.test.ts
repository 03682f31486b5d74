import { expect, test } from '@jest/globals';
import { CLONE } from './observed.ts';
import { moved, tagged } from './picture-changes.ts';
import { rows } from './rows.ts';
import { killed, planned } from './walk.ts';

const DATABASE = { 'rollback-scope': 'code-and-database' };

test('without a rollback point nobody knows what to restore: the input alone leads on', () => {
  const none = { 'zdd-rollback-point': '-' };
  const lost = tagged(tagged(rows.deployed, CLONE, none), 'shop', none);
  expect(planned(lost, 'rollback', DATABASE)).toMatch(
    /^drifted: Deploy has begun but no rollback point is recorded\. .*rollback-point/,
  );
  expect(planned(rows.deployed, 'rollback', DATABASE)).not.toMatch(/^drifted/);
});

test('while the soak is not over "cleanup" takes nothing away', () => {
  const half = killed(rows.validated, 'complete', 'settle-swap');
  expect(planned(half, 'cleanup')).toMatch(/^refused: "complete" has swapped but not ended/);
  expect(planned(rows.completed, 'cleanup')).not.toMatch(/^refused/);
});

test('where an original is not where it was, nothing is started that would not find it', () => {
  const away = moved(rows.switched, 'shop', 'shop-elsewhere');
  expect(planned(away, 'deploy')).toMatch(/^drifted: .*shop/);
  expect(planned(away, 'deploy')).not.toMatch(/^ 1\./);
});
