import { expect, test } from '@jest/globals';
import { applyQuiet } from '../../src/apply/quiet.ts';
import { Stop } from '../../src/errors.ts';
import type { StepOf } from '../../src/steps/steps.ts';
import { ID } from '../phases/observed.ts';
import { type Stage, stage } from './scene.ts';

const STEP: StepOf<'await-quiet'> = {
  kind: 'await-quiet',
  databases: ['shop'],
  setReadOnly: true,
  watching: false,
  because: 'the point must lie between',
};

const OPEN = { ...STEP, setReadOnly: false };

function isReadOnly(there: Stage): Promise<boolean> {
  return there.databases.use('shop', async (connection) => {
    const [row] = await connection.query('SELECT is_read_only FROM sys.databases WHERE name = DB_NAME()');
    return row?.is_read_only === true || row?.is_read_only === 1;
  });
}

test('an original in which nobody is is closed at once: that Azure lets us have it for ourselves is the proof', async () => {
  const there = await stage();
  const startedAt = there.clock.now();
  await applyQuiet(there.scene(), STEP);
  expect(there.clock.now() - startedAt).toBeLessThan(1000);
  expect(await isReadOnly(there)).toBe(true);
});

test('one that is not to be closed is quiet after two looks, five seconds apart', async () => {
  const there = await stage();
  const startedAt = there.clock.now();
  await applyQuiet(there.scene(), OPEN);
  expect(there.clock.now() - startedAt).toBeGreaterThanOrEqual(5000);
  expect(there.clock.now() - startedAt).toBeLessThan(8000);
});

test('who came since it was closed is waited for before it is opened', async () => {
  const there = await stage();
  await applyQuiet(there.scene(), STEP);
  const visitor = there.stranger('shop');
  const startedAt = there.clock.now();
  const until = new Date(startedAt + 5000).toISOString();
  const waiting = applyQuiet(there.scene(), { kind: 'await-database-clock', databases: ['shop'], until, because: 'x' });
  await there.clock.sleep(20_000);
  there.leave(visitor);
  await waiting;
  expect(there.clock.now() - startedAt).toBeGreaterThanOrEqual(25_000);
});

test('it stays open where that is wanted', async () => {
  const there = await stage();
  await applyQuiet(there.scene(), { ...STEP, setReadOnly: false });
  expect(await isReadOnly(there)).toBe(false);
});

test('somebody who comes between two looks begins the five seconds anew', async () => {
  const there = await stage();
  const startedAt = there.clock.now();
  const waiting = applyQuiet(there.scene(), OPEN);
  await there.clock.sleep(3000);
  const visitor = there.stranger('shop');
  await there.clock.sleep(2000);
  there.leave(visitor);
  await waiting;
  expect(there.clock.now() - startedAt).toBeGreaterThanOrEqual(10_000);
});

test('who stays is named after drain-seconds, and nothing is closed', async () => {
  const there = await stage({ 'drain-seconds': '30' });
  there.stranger('shop');
  const startedAt = there.clock.now();
  const failure = await applyQuiet(there.scene(), STEP).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Stop);
  expect(failure).toMatchObject({
    happened: 'Database shop is not quiet after 30 s. Still connected: Query on LAPTOP as zddadmin.',
  });
  const waited = there.clock.now() - startedAt;
  expect([waited >= 30_000, waited < 33_000]).toEqual([true, true]);
  expect(await isReadOnly(there)).toBe(false);
});

test('a run that may not alter the database, or sees only itself, does not wait for quiet at all', async () => {
  const there = await stage();
  const denied: string[] = [];
  const scene = there.scene();
  const databases = {
    ...there.databases,
    use: ((name, work) =>
      there.databases.use(name, (connection) =>
        work({
          ...connection,
          async query(statement, parameters) {
            if (!/HAS_PERMS_BY_NAME/.test(statement)) return connection.query(statement, parameters);
            denied.push(String(parameters?.permission));
            return [{ permitted: 0 }];
          },
        }),
      )) as typeof there.databases.use,
  };
  for (const kind of ['prove-sql', 'await-quiet'] as const)
    await expect(
      applyQuiet({ ...scene, context: { ...scene.context, databases } }, { ...OPEN, kind } as StepOf<'await-quiet'>),
    ).rejects.toMatchObject({ kind: 'refused', happened: expect.stringContaining('lacks ALTER on database shop') });
  expect(denied).toEqual(['ALTER', 'ALTER']);
});

test('the clock of every database is waited for', async () => {
  const there = await stage();
  there.add('orders', { clockAheadMs: -60_000 });
  const startedAt = there.clock.now();
  const until = new Date(startedAt + 5000).toISOString();
  const step = { kind: 'await-database-clock', databases: ['shop', 'orders'], until, because: 'it is later' } as const;
  await applyQuiet(there.scene(), step);
  const waited = there.clock.now() - startedAt;
  expect([waited >= 65_000, waited < 70_000]).toEqual([true, true]);
});

test('a run whose lease is gone closes nothing', async () => {
  const there = await stage();
  const { context, ...scene } = there.scene();
  const lost = { ...context.lease, prove: () => Promise.reject(new Error('the lease is gone')) };
  await expect(applyQuiet({ ...scene, context: { ...context, lease: lost } }, STEP)).rejects.toThrow('is gone');
  expect(await isReadOnly(there)).toBe(false);
});

test('our own sessions are nobody; where one of them keeps Azure from closing it, that is waited for', async () => {
  const there = await stage({ 'drain-seconds': '10' });
  await there.lease.take(ID, 'shop');
  await applyQuiet(there.scene(), OPEN);
  await expect(applyQuiet(there.scene(), STEP)).rejects.toMatchObject({
    happened: expect.stringContaining('Still connected: somebody who comes and goes.'),
  });
  expect(await isReadOnly(there)).toBe(false);
});

test('one that is closed already is proven to be seen into before nobody seen counts', async () => {
  const there = await stage();
  const scene = there.scene({ sql: { shop: { readOnly: true } } });
  const open = there.databases.open;
  const { context } = scene;
  // A second session of ours that is not seen: the right to see others is missing.
  const blind = {
    ...context.databases,
    async open(name: string) {
      const second = await open(name);
      return { ...second, query: async () => [{ session_id: 9999 }] };
    },
  };
  const unseen = { ...scene, context: { ...context, databases: blind } };
  await expect(applyQuiet(unseen, STEP)).rejects.toMatchObject({
    happened:
      'The identity lacks VIEW DATABASE STATE on database shop, so it cannot see whether the database is quiet.',
  });
});
