import { expect, test } from '@jest/globals';
import { CLONE, ID, slot } from './observed.ts';
import type { Picture } from './picture.ts';
import { moved, tagged } from './picture-changes.ts';
import { rows } from './rows.ts';
import { after, killed, planned } from './walk.ts';

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

/** With another instance in a slot, or the same one in another state. */
function holding(picture: Picture, name: string, differences: Parameters<typeof slot>[1]): Picture {
  const held = { ...picture.slots[name], ...differences };
  return { ...picture, slots: { ...picture.slots, [name]: slot(name, held) } };
}

test('visitors move only to the read-only copy of this deployment, whole and running', () => {
  const foreign = (marker: string) => holding(rows.ready, 'zdd-readonly', { appSettings: { ZDD_INSTANCE: marker } });
  const before = /does not hold the read-only copy of deployment .* Run "read-only" again/;
  for (const marker of ['20250101-other/read-only/1', `${ID}/new/1`, ''])
    expect(planned(foreign(marker), 'switch')).toMatch(before);
  expect(planned(foreign(`${ID}/read-only/0`), 'switch')).toMatch(/^refused: .* is half-way made anew/);
  expect(planned(holding(rows.ready, 'zdd-readonly', { state: 'Stopped' }), 'switch')).toMatch(
    /^refused: .* is Stopped/,
  );
  expect(planned(rows.ready, 'switch')).not.toMatch(/^refused/);
});

test('a candidate that is stopped is started by the phase that made it one', () => {
  const stopped = (picture: Picture, name: string) => holding(picture, name, { state: 'Stopped' });
  expect(planned(stopped(rows.validated, 'zdd-staging'), 'complete')).toMatch(/^refused: .*Run "deploy" again/);
  const back = after(['validate'], rows.rolledBack);
  expect(planned(stopped(back, 'zdd-readonly'), 'complete')).toMatch(/^refused: .*Run "rollback" again/);
});

test('visitors are sent back to a read-only copy only where it is and has its database', () => {
  const back = { ...DATABASE, 'accept-data-loss': 'true' };
  const databases = rows.completed.databases.filter(({ database: { name } }) => name !== CLONE);
  expect(planned({ ...rows.completed, databases }, 'rollback', back)).toMatch(/^refused: .*has lost its database/);
  const { 'zdd-staging': _, ...slots } = rows.completed.slots;
  expect(planned({ ...rows.completed, slots }, 'rollback', back)).toMatch(/^refused: .*is gone/);
  expect(planned(rows.completed, 'rollback', back)).not.toMatch(/^refused/);
});

test('scope auto restores the databases where the live build may not run on them, and nowhere else', () => {
  const auto = { 'rollback-scope': 'auto' };
  expect(planned(rows.deployed, 'rollback', auto)).toContain('rollback of code-and-database under way');
  expect(planned(rows.deployed, 'rollback', { ...auto, 'ignore-schema': 'true' })).toContain(
    'rollback of code under way',
  );
  // Visitors were on the originals: somebody would lose what they wrote, and a person decides.
  expect(planned(rows.completed, 'rollback', auto)).toMatch(/^refused: .*rollback-scope: code-and-database/);
});
