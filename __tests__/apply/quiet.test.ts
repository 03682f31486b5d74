import { expect, test } from '@jest/globals';
import { applyQuiet } from '../../src/apply/quiet.ts';
import { Stop } from '../../src/errors.ts';
import { SqlError, type SqlRow } from '../../src/ports.ts';
import type { StepOf } from '../../src/steps/steps.ts';
import { CLONE, ID } from '../phases/observed.ts';
import { type Stage, stage } from './scene.ts';
import { recordOf, sketch, type Visitor } from './sketch.ts';

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
    read: ((name, work) =>
      there.databases.read(name, (connection) =>
        work({
          ...connection,
          async query(statement, parameters) {
            if (!/HAS_PERMS_BY_NAME/.test(statement)) return connection.query(statement, parameters);
            denied.push(String(parameters?.permission));
            return [{ permitted: 0 }];
          },
        }),
      )) as typeof there.databases.read,
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

const SOMEBODY: Visitor = { program: 'report', host: 'web2', pid: 800 };
const AT_WORK: Visitor = { program: 'shop', host: 'web1', pid: 700 };

/** The original without latency: who is in it at which second, and what closing it is answered. */
function original(
  inside: (second: number) => readonly Visitor[],
  { closing = () => [], ...more }: Parameters<typeof sketch>[0] & { closing?: () => readonly SqlRow[] } = {},
) {
  const tried: number[] = [];
  const there = sketch({
    statementMs: 0,
    ...more,
    inside: (name, second) => (name === 'shop' ? inside(second) : [AT_WORK]),
    answers(_name, statement, second) {
      if (/HAS_PERMS_BY_NAME/.test(statement)) return [{ permitted: 1 }];
      if (/is_read_only/.test(statement)) return [{ is_read_only: true }];
      if (!/^ALTER DATABASE/.test(statement)) return [];
      tried.push(second);
      return closing();
    },
  });
  return { ...there, tried, quiet: (step: typeof STEP, record = {}) => applyQuiet(there.scene(record), step) };
}

test('two empty looks lie five seconds apart, to the second', async () => {
  const there = original(() => []);
  expect(await there.quiet(OPEN)).toEqual({ done: [{ kind: 'await-quiet', subject: '' }] });
  expect(there.clock.now()).toBe(5000);
});

test('while somebody is seen nobody tries to close it, and drain-seconds end the wait, to the second', async () => {
  const there = original(() => [SOMEBODY], { inputs: { 'drain-seconds': '10' } });
  await expect(there.quiet(STEP)).rejects.toMatchObject({
    next: expect.stringMatching(/^End these connections .*allow-other-writers: true.* Or run "rollback"\.$/),
  });
  expect([there.tried, there.clock.now()]).toEqual([[], 10_000]);
  // A rollback would wait for the same people.
  const begun = original(() => [SOMEBODY], { inputs: { 'drain-seconds': '10' } });
  const failure = begun.quiet(STEP, { record: recordOf({ deployBegun: 'attempt 1' }) });
  await expect(failure).rejects.toMatchObject({ next: expect.not.stringContaining('rollback".') });
});

test('who is waited for is told meanwhile', async () => {
  const there = original((second) => (second < 40 ? [SOMEBODY] : []), { inputs: { 'drain-seconds': '120' } });
  await there.quiet(STEP);
  expect(there.infos).toEqual([
    expect.stringMatching(/^Still waiting for database shop to be quiet after 3\d s: report on web2 as app\.$/),
  ]);
  expect(there.tried).toHaveLength(1);
});

const occupied = () => {
  throw new SqlError([5070, 5069], 'Database state cannot be changed while other users are using the database.');
};

test('where Azure says that somebody is there whom we do not see, it is asked whether we may see him', async () => {
  const blind = original(() => [], { closing: occupied, sees: () => false });
  await expect(blind.quiet(STEP)).rejects.toMatchObject({
    kind: 'refused',
    happened: expect.stringContaining('lacks VIEW DATABASE STATE on database shop'),
  });
  expect(blind.tried).toHaveLength(1);
  let left = 3;
  const going = original(() => [], { closing: () => (left-- > 0 ? occupied() : []) });
  await going.quiet(STEP);
  expect(going.tried).toEqual([0, 1, 2, 3]);
});

test('what keeps it from being closed otherwise ends the wait, and so does a run that is cancelled', async () => {
  const refused = original(() => [], {
    closing: () => {
      throw new SqlError(5011, 'User does not have permission to alter database.');
    },
  });
  await expect(refused.quiet(STEP)).rejects.toThrow('does not have permission');
  const there = original(() => [SOMEBODY]);
  const waiting = there.quiet(STEP);
  await there.clock.sleep(3000);
  there.cancelled.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow('cancelled');
  expect(there.clock.now()).toBeLessThan(5000);
});

const WATCHING = { ...STEP, watching: true };

test('while visitors wait on the copy, who is left is told to the plan and ends nothing', async () => {
  const there = original(() => [SOMEBODY], { inputs: { 'drain-seconds': '10' } });
  const change = await there.quiet(WATCHING);
  await there.context.eyes.close();
  expect(change).toEqual({
    missed: {
      happened: 'Database shop is not quiet after 10 s. Still connected: report on web2 as app.',
      fix: expect.stringMatching(/^End these connections/),
    },
  });
});

test('where who is left may be the copy itself, it counts as unhealthy, while it serves and at no other time', async () => {
  const inputs = { 'drain-seconds': '10' };
  const unseen = (step: typeof STEP) => {
    const there = sketch({
      inputs,
      inside: (name) => (name === 'shop' ? [AT_WORK] : []),
      answers: () => [{ permitted: 1 }],
    });
    return applyQuiet(there.scene(), step).finally(() => there.context.eyes.close());
  };
  expect((await unseen(WATCHING)).watched).toMatchObject({
    healthy: false,
    why: expect.stringContaining('may be the read-only copy: shop on web1 as app'),
  });
  await expect(unseen(STEP)).rejects.toMatchObject({ happened: expect.stringContaining('is not quiet') });
});

test('with allow-other-writers it goes on, and records once who was there', async () => {
  const there = await stage({ 'drain-seconds': '10', 'allow-other-writers': 'true' });
  const clone = there.add(CLONE);
  for (const _ of [1, 2]) there.stranger('shop');
  const record = recordOf({ otherWriters: 'report on web2 as app' });
  const change = await applyQuiet(there.scene({ record }), STEP);
  expect(change.done).toEqual([{ kind: 'await-quiet', subject: '' }]);
  expect(clone.tags['zdd-other-writers']).toBe('report on web2 as app; Query on LAPTOP as zddadmin');
  expect(there.warnings).toEqual([
    expect.stringContaining('others are in the originals: Query on LAPTOP as zddadmin. The databases stay read-write'),
  ]);
  expect(await isReadOnly(there)).toBe(false);
});

const POINT: StepOf<'take-rollback-point'> = {
  kind: 'take-rollback-point',
  databases: ['orders', 'shop'],
  because: 'both builds are apart',
};

test('the rollback point is the latest of the clocks of all databases, by their own word, with what was written since the copy', async () => {
  const there = await stage();
  const clone = there.add(CLONE);
  there.add('orders', { clockAheadMs: 60_000 });
  const [at, record] = [there.clock.now(), recordOf()];
  expect(await applyQuiet(there.scene({ record }), POINT)).toEqual({});
  const [point = '', gap] = clone.tags['zdd-rollback-point']?.split('|') ?? [];
  expect(point).toMatch(/\.\d{7}Z$/);
  expect([Date.parse(point) >= at + 60_000, Date.parse(point) < at + 62_000]).toEqual([true, true]);
  expect(gap).toBe('0:');
});

test('where visitors write to the copy, no gap is recorded; and a point that was taken is never another one', async () => {
  const there = await stage();
  const clone = there.add(CLONE);
  there.add('orders');
  await applyQuiet(there.scene({ record: recordOf({ mode: 'read-write' }) }), POINT);
  expect(clone.tags['zdd-rollback-point']).toMatch(/Z$/);
  const taken = recordOf({ rollbackPoint: '2026-01-31T14:00:00.0000000Z' });
  const before = there.sent.length;
  expect(await applyQuiet(there.scene({ record: taken }), POINT)).toEqual({});
  expect(there.sent).toHaveLength(before);
});

const UNTIL = '1970-01-01T00:00:10.000Z';
const CLOCK: StepOf<'await-database-clock'> = {
  kind: 'await-database-clock',
  databases: ['shop'],
  until: UNTIL,
  because: 'the point must lie behind',
};

/** The clock of the database, by second of the runner's. */
function clocked(now: (second: number) => number, inside: (second: number) => readonly Visitor[] = () => []) {
  const looks: number[] = [];
  const there = sketch({
    statementMs: 0,
    inputs: { 'drain-seconds': '10' },
    inside: (_name, second) => inside(second),
    answers(_name, statement, second) {
      if (!/SYSUTCDATETIME/.test(statement)) return [{ permitted: 1 }];
      looks.push(second);
      return [{ now: new Date(now(second) * 1000).toISOString() }];
    },
  });
  return { ...there, looks, waited: (record = {}) => applyQuiet(there.scene(record), CLOCK) };
}

test('the clock must be past that instant, and is asked again when it should be', async () => {
  const there = clocked((second) => second);
  expect((await there.waited()).done).toHaveLength(1);
  expect(there.looks).toEqual([0, 10.001]);
  // At that very instant it is not past it: it is asked soon.
  const exact = clocked((second) => 10 + second);
  await exact.waited();
  expect(exact.looks).toEqual([0, 0.1]);
});

test('a clock that never gets there is told after two minutes, and a run that is cancelled does not wait', async () => {
  const there = clocked(() => 0);
  await expect(there.waited()).rejects.toMatchObject({
    happened: expect.stringMatching(/^Waited 2 min 0 s for the clock of database shop to pass 1970-01-01T00:00:10/),
    next: expect.stringMatching(/^The clock of the database lies far behind/),
  });
  const other = clocked(() => 0);
  const waiting = other.waited();
  await other.clock.sleep(3000);
  other.cancelled.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow('cancelled');
  expect(other.clock.now()).toBeLessThan(5000);
});

test('who stays in a database that is about to be opened ends the phase, unless others may write', async () => {
  const late = () =>
    clocked(
      () => 11,
      () => [SOMEBODY],
    );
  await expect(late().waited()).rejects.toMatchObject({ happened: expect.stringContaining('is not quiet after 10 s') });
  const tolerated = late();
  const record = recordOf({ otherWriters: 'report on web2 as app' });
  expect((await tolerated.waited({ record })).done).toHaveLength(1);
  expect(tolerated.clock.now()).toBe(0);
});
