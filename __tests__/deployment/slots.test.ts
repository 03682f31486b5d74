import { expect, test } from '@jest/globals';
import type { DeployedApp } from '../../src/deployment/observed.ts';
import { candidateSlot, copySlot, isNamedIn, isOurs, liveBuildSlot, slotNamed } from '../../src/deployment/slots.ts';
import { windowOpen } from '../../src/deployment/stage.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import { ID, settings, slot } from '../phases/observed.ts';
import { look } from '../phases/picture.ts';
import { rows } from '../phases/rows.ts';

function seen(row: keyof typeof rows) {
  return look(rows[row], phaseNamed.rollback, settings()).observed;
}

function places(app: DeployedApp) {
  return {
    live: liveBuildSlot(app).name,
    copy: copySlot(app)?.name,
    candidate: candidateSlot(app)?.name,
    isOpen: windowOpen(app),
  };
}

test.each([
  ['ready', { live: 'production', copy: 'zdd-readonly', candidate: undefined, isOpen: false }],
  ['switched', { live: 'zdd-readonly', copy: undefined, candidate: undefined, isOpen: true }],
  ['deployed', { live: 'zdd-readonly', copy: undefined, candidate: 'zdd-staging', isOpen: true }],
  ['rolledBack', { live: 'zdd-readonly', copy: undefined, candidate: 'zdd-readonly', isOpen: true }],
] as const)('after "%s" each slot is known by what is in it, not by its name', (row, expected) => {
  expect(places(seen(row))).toEqual(expected);
});

test('another app on the same databases is asked in the same way, and each tells of its own slots', () => {
  const first = seen('switched');
  const marked = (name: string) => slot(name, { appSettings: { ZDD_INSTANCE: `${ID}/read-only/1` } });
  const second: DeployedApp = {
    app: { ...first.app, name: 'back-office' },
    production: slot('production', { tags: {} }),
    readonlySlot: marked('zdd-readonly'),
    stagingSlot: slot('mine', { tags: {} }),
    newBuild: null,
    liveImage: null,
    record: first.record,
    deploymentId: first.deploymentId,
  };
  expect(places(first)).toMatchObject({ live: 'zdd-readonly', isOpen: true });
  expect(places(second)).toMatchObject({ live: 'production', copy: 'zdd-readonly', isOpen: false });
  expect(isOurs(second, slot('mine', { tags: {} }))).toBe(false);
  expect(slotNamed(second, 'mine')?.name).toBe('mine');
  expect(slotNamed(second, 'zdd-staging')).toBeUndefined();
});

test('the live build waits in its slot also when somebody wrote over the marker of the copy', () => {
  const app = seen('switched');
  const { swapStatus } = app.production;
  const production = slot('production', { swapStatus });
  const record = app.record && { ...app.record, windowOpenedAt: swapStatus?.at };
  expect(liveBuildSlot({ ...app, production, record }).name).toBe('zdd-readonly');
  expect(liveBuildSlot({ ...app, production }).name).toBe('production');
});

test('a slot is ours by its tag or by what is in it, and no other is', () => {
  const app = seen('switched');
  const marked = { appSettings: { ZDD_INSTANCE: `${ID}/new/1` }, tags: {} };
  const foreign = { appSettings: { ZDD_INSTANCE: '20260101-aaaaa/new/1' }, tags: {} };
  expect([slot('a'), slot('b', marked), slot('c', foreign)].map((each) => isOurs(app, each))).toEqual([
    true,
    true,
    false,
  ]);
});

test('a database is named wherever a setting or a connection string does, in whatever case and on whichever server', () => {
  const setting = { appSettings: { A: 'x', B: 'Database=SHOP-copy;' }, connectionStrings: {} };
  const value = 'Server=sql;Database=SHOP-copy';
  const string = { appSettings: {}, connectionStrings: { A: { value, type: 'SQLAzure' } } } as const;
  for (const settings of [setting, string])
    expect(['shop-Copy', 'far/Shop-copy', 'stock'].map((name) => isNamedIn(settings, name))).toEqual([
      true,
      true,
      false,
    ]);
});
