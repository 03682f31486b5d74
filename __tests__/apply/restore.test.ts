import { expect, test } from '@jest/globals';
import { prepareRestore } from '../../src/apply/prepare-restore.ts';
import { applyQuiet } from '../../src/apply/quiet.ts';
import { applyRestore } from '../../src/apply/restore.ts';
import type { Observed } from '../../src/deployment/observed.ts';
import { gapIn } from '../../src/deployment/record-tags.ts';
import { CLONE, database, ID, observed } from '../phases/observed.ts';
import { answer, byTheSecond, refusal, type Stage, stage } from './scene.ts';
import { recordOf } from './sketch.ts';

const TARGET = `${CLONE}-restored`;
const POINT = '2026-09-01T08:00:30.0000000Z';
const because = 'the update failed';
const RESTORE = {
  kind: 'restore-database',
  database: 'shop',
  sourceId: 'a',
  target: TARGET,
  point: POINT,
  attempt: 2,
  because,
} as const;
const AWAIT = { kind: 'await-restore', target: TARGET, because } as const;

/** How Azure answers what asks for a restore; what was asked. */
function putting(there: Stage, with_: () => ReturnType<typeof answer>) {
  const bodies: { tags: Record<string, string>; properties: object }[] = [];
  there.answering(({ method, body }) => {
    if (method !== 'PUT') return undefined;
    bodies.push(JSON.parse(String(body)));
    return with_();
  });
  return bodies;
}

const accepted = () => answer(202, { operation: 'CreateRestoreRequest' });

test('a restore is asked for of the original, to the instant, with the attempt that it is for', async () => {
  const there = await stage();
  const bodies = putting(there, accepted);
  expect(await applyRestore(there.scene(), RESTORE)).toEqual({ done: [{ kind: 'restore-database', subject: TARGET }] });
  expect(bodies).toEqual([
    expect.objectContaining({
      properties: expect.objectContaining({ restorePointInTime: POINT, createMode: 'PointInTimeRestore' }),
      tags: expect.objectContaining({ 'zdd-restored-for': '2', 'zdd-restored-to': POINT, 'zdd-deployment': ID }),
    }),
  ]);
  await expect(applyRestore(there.scene(), { ...RESTORE, database: 'gone' })).rejects.toMatchObject({
    kind: 'drifted',
    happened: 'Database gone is gone.',
  });
});

const [PAIR] = observed().databases;
const MOVING: Partial<Observed> = {
  record: recordOf({ rollbackUnderWay: { scope: 'code-and-database', attempt: 2, databases: 'moving' } }),
};

test('another operation on the database is waited for, and in the end the other ways are told', async () => {
  const there = await stage();
  putting(there, () => refusal(409, 'UpdateSloInProgress'));
  const failure = await applyRestore(there.scene(MOVING), RESTORE).catch((error: unknown) => error);
  expect(String((failure as Error).message)).toContain('busy with UpdateSloInProgress');
  expect((failure as { next: string }).next).toContain('rollback-scope: code');
  expect((failure as { next: string }).next).toContain('Wait until the other operation has ended');
});

test.each<[string, Partial<Observed>, number, string, boolean]>([
  ['for good', MOVING, 403, 'RequestDisallowedByPolicy', true],
  ['for good, after something was moved', {}, 403, 'RequestDisallowedByPolicy', false],
])('Azure that refuses a restore %s', async (_what, differences, status, code, tellsOtherWays) => {
  const there = await stage();
  putting(there, () => refusal(status, code));
  const failure = await applyRestore(there.scene(differences), RESTORE).catch((error: unknown) => error);
  expect(String((failure as Error).message)).toContain(code);
  expect((failure as { next: string }).next.includes('rollback-scope: code')).toBe(tellsOtherWays);
  // Whoever asks Azure’s support needs what it said.
  expect(failure).toMatchObject({ azure: { status, message: `Azure said ${code}.` } });
  if (tellsOtherWays) expect((failure as Error).cause).toMatchObject({ azure: { status } });
});

/** What Azure shows of the restore, one look after another; null: nothing. */
function showing(there: Stage, states: readonly (string | null)[]) {
  let looks = 0;
  there.answering(({ method, url }) => {
    if (method !== 'GET' || !url.includes(`/databases/${TARGET}?`)) return undefined;
    const status = states[Math.min(looks++, states.length - 1)] ?? null;
    if (status === null) return refusal(404, 'ResourceNotFound');
    const properties = { databaseId: 'a', status };
    return answer(200, { id: `/x/${TARGET}`, name: TARGET, location: 'x', sku: { name: 'S3' }, properties });
  });
  return () => looks;
}

test.each<[string, readonly (string | null)[], number]>([
  ['Online', [null, 'Restoring', 'Online'], 3],
  ['asleep', ['Restoring', 'Paused'], 2],
])('a restore is waited for until it is %s, and opened where it is closed', async (_what, states, expected) => {
  for (const isReadOnly of [true, false]) {
    const there = await stage();
    const target = there.add(TARGET);
    target.isReadOnly = isReadOnly;
    const looks = showing(there, states);
    expect((await applyRestore(there.scene(), AWAIT)).done).toHaveLength(1);
    expect([looks(), target.isReadOnly]).toEqual([expected, false]);
  }
});

test('one that failed is an error, or for the plan where that knows another way', async () => {
  const there = await stage();
  showing(there, ['Restoring', 'Suspect']);
  await expect(applyRestore(there.scene(), AWAIT)).rejects.toMatchObject({
    happened: `The restore ${TARGET} failed.`,
    next: expect.stringContaining(`Delete ${TARGET} in the portal`),
  });
  expect(await applyRestore(there.scene(), { ...AWAIT, tolerated: true })).toEqual({});
  expect(there.warnings).toEqual([expect.stringContaining('had been begun beforehand, and is not used')]);
});

test.each<[true | undefined, number]>([
  [undefined, 300_000],
  [true, 30_000],
])('one that is not shown any more has failed after a while (tolerated: %s)', async (tolerated, ms) => {
  const there = await stage();
  showing(there, [...Array(30).fill('Restoring'), null]);
  const startedAt = there.clock.now();
  const step = tolerated ? { ...AWAIT, tolerated } : AWAIT;
  const failure = await applyRestore(there.scene(), step).catch(String);
  expect(tolerated ? there.warnings.join() : failure).toContain('Azure does not show it any more');
  const waited = there.clock.now() - startedAt;
  expect([waited > ms + 30_000, waited < 1.2 * ms + 60_000]).toEqual([true, true]);
});

test('one that was shown before may be missing for half a minute, and no longer', async () => {
  const there = await stage();
  const looks = showing(there, ['Restoring', null]);
  expect(await applyRestore(byTheSecond(there.scene()), { ...AWAIT, tolerated: true })).toEqual({});
  expect(looks()).toBe(32);
});

const RETENTION = { kind: 'copy-retention', from: 'shop', to: TARGET, because } as const;

/** What Azure is asked to keep of the restored one. */
async function retention(parts: (url: string) => ReturnType<typeof answer> | undefined) {
  const there = await stage();
  const written: string[] = [];
  there.answering(({ method, url, body }) => {
    if (!/RetentionPolicies/i.test(url)) return undefined;
    if (method !== 'GET') written.push(`${/databases\/([^/]+)/.exec(url)?.[1]} ${String(body)}`);
    return method === 'GET' ? parts(url) : answer(200, {});
  });
  const change = await applyRestore(there.scene(), RETENTION);
  return { there, written, change };
}

test('retention is taken over from the one to the other, as far as there is any; what is not is said', async () => {
  const both = await retention((url) =>
    /longterm/i.test(url)
      ? answer(200, { properties: { weeklyRetention: 'P4W' } })
      : answer(200, { properties: { retentionDays: 21, diffBackupIntervalInHours: 12 } }),
  );
  expect(both.change.done).toHaveLength(1);
  expect(both.written).toEqual([expect.stringMatching(/-restored .*21/), expect.stringMatching(/-restored .*P4W/)]);
  expect(both.there.warnings).toEqual([expect.stringContaining(`Not copied to ${TARGET}: auditing`)]);
});

test('what cannot be copied keeps nobody waiting: it is said', async () => {
  const { there, written, change } = await retention(() => refusal(403, 'AuthorizationFailed'));
  expect([change.done?.length, written]).toEqual([1, []]);
  expect(there.warnings[0]).toMatch(/retention of shop could not be copied to .*AuthorizationFailed/);
});

test('a run that is cancelled does not go on to say what could not be copied', async () => {
  const there = await stage();
  there.answering(({ url }) => {
    if (!/RetentionPolicies/i.test(url)) return undefined;
    there.cancelled.abort(new Error('cancelled'));
    return refusal(403, 'AuthorizationFailed');
  });
  await expect(applyRestore(there.scene(), RETENTION)).rejects.toThrow('cancelled');
  expect(there.warnings).toEqual([]);
});

test('a restore that takes long tells how much of it is done', async () => {
  const there = await stage();
  there.add(TARGET);
  let looks = 0;
  there.answering(({ url }) => {
    if (url.includes(`/databases/${TARGET}/operations?`))
      return answer(200, { value: [{ name: 'a', properties: { state: 'InProgress', percentComplete: 30 } }] });
    if (!url.includes(`/databases/${TARGET}?`)) return undefined;
    const properties = { databaseId: 'a', status: ++looks < 45 ? 'Restoring' : 'Online' };
    return answer(200, { id: `/x/${TARGET}`, name: TARGET, location: 'x', sku: { name: 'S3' }, properties });
  });
  await applyRestore(there.scene(), AWAIT);
  expect(there.infos).toContainEqual(expect.stringMatching(/for the restore .*: Restoring, 30 % done/));
});

const PREPARE = {
  kind: 'prepare-restore',
  database: 'shop',
  target: `${CLONE}-prepared`,
  point: POINT,
  because,
} as const;

test('a restore that is begun beforehand may be refused: that is said, and nothing waits', async () => {
  const there = await stage();
  putting(there, () => refusal(400, 'Quota'));
  expect((await prepareRestore(there.scene(), PREPARE)).done).toHaveLength(1);
  expect(there.warnings).toEqual([expect.stringMatching(/could not be begun beforehand .*Quota/)]);
});

test('an answer that is no restore stops everything, and so does a cancellation', async () => {
  const there = await stage();
  putting(there, () => answer(202, { operation: 'UpdateDatabase' }));
  await expect(prepareRestore(there.scene(), PREPARE)).rejects.toMatchObject({ kind: 'drifted' });
  const other = await stage();
  putting(other, () => {
    other.cancelled.abort(new Error('cancelled'));
    return refusal(400, 'Quota');
  });
  await expect(prepareRestore(other.scene(), PREPARE)).rejects.toThrow('cancelled');
});

test('one that it replaces is deleted first, and without an original nothing is begun', async () => {
  const there = await stage();
  const old = there.add(PREPARE.target, { tags: { 'zdd-deployment': ID } });
  const scene = there.scene();
  expect((await prepareRestore(scene, { ...PREPARE, replaces: old.databaseId })).done).toHaveLength(1);
  expect(there.sent).toEqual([`DELETE databases/${PREPARE.target}`, `PUT databases/${PREPARE.target}`]);
  const none = await stage();
  await prepareRestore(none.scene(), { ...PREPARE, database: 'gone' });
  expect(none.sent).toEqual([]);
});

const POINTS = { kind: 'take-rollback-point', databases: ['shop', 'orders'], because } as const;

test('the rollback point is the latest of all clocks, taken once', async () => {
  for (const [ahead, expected] of [
    [5000, 5],
    [-5000, 0],
  ] as const) {
    const there = await stage();
    const clone = there.add(CLONE);
    there.add('orders', { clockAheadMs: ahead });
    const before = there.clock.now();
    expect(await applyQuiet(there.scene({ record: recordOf({ mode: 'read-write' }) }), POINTS)).toEqual({});
    const later = Date.parse(clone.tags['zdd-rollback-point'] ?? '') - before;
    expect([later >= 1000 * expected, later < 1000 * expected + 1000]).toEqual([true, true]);
    expect(clone.tags['zdd-rollback-point']).toMatch(/\.\d{7}Z$/);
    const taken = recordOf({ rollbackPoint: POINT });
    const sent = there.sent.length;
    expect(await applyQuiet(there.scene({ record: taken }), POINTS)).toEqual({});
    expect(there.sent).toHaveLength(sent);
  }
});

test('what was written since the snapshot is kept with the point', async () => {
  const there = await stage();
  const clone = there.add(CLONE);
  const databases = PAIR === undefined ? [] : [{ ...PAIR, clone: database(CLONE) }];
  await applyQuiet(there.scene({ databases, record: recordOf() }), { ...POINTS, databases: ['shop'] });
  expect(gapIn(clone.tags)).toBe('0:');
});

const QUIET = { kind: 'await-quiet', databases: ['shop'], setReadOnly: true, watching: false, because } as const;

/** Somebody stays in the database. */
async function occupied(differences: Partial<Observed>, inputs = {}) {
  const there = await stage({ 'drain-seconds': '10', ...inputs });
  const clone = there.add(CLONE);
  there.stranger('shop');
  return { there, clone, scene: there.scene(differences) };
}

test.each<[Partial<Parameters<typeof recordOf>[0] & object>, boolean]>([
  [{}, true],
  [{ deployBegun: POINT }, false],
])(
  'who stays is an error, with the way back as long as that would not wait for the same people',
  async (record, may) => {
    const { scene } = await occupied({ record: recordOf(record) });
    const failure = await applyQuiet(scene, QUIET).catch((error: unknown) => error);
    expect(failure).toMatchObject({ next: expect.stringContaining('End these connections') });
    expect(String((failure as { next: string }).next).includes('Or run "rollback".')).toBe(may);
  },
);

test('allow-other-writers goes on with them, says who they are, and records it', async () => {
  const { scene, there, clone } = await occupied({ record: recordOf() }, { 'allow-other-writers': 'true' });
  expect((await applyQuiet(scene, QUIET)).done).toHaveLength(1);
  expect(there.warnings).toEqual([
    expect.stringContaining('Query on LAPTOP as zddadmin. The databases stay read-write'),
  ]);
  expect(clone.tags['zdd-other-writers']).toContain('Query on LAPTOP as zddadmin');
});

test('while production is watched who stays is for the plan, and the copy among them is an illness', async () => {
  const answering = ({ url }: { url: string }) => (/shop-production/.test(url) ? answer(200, {}) : undefined);
  const seen = { thisRun: { ...observed().thisRun, presentBefore: ['LAPTOP/7'] } };
  const known = await occupied({ record: recordOf(), ...seen });
  known.there.answering(answering);
  const { missed, watched } = await applyQuiet(known.scene, { ...QUIET, watching: true });
  expect([missed?.happened, missed?.fix, watched]).toEqual([
    expect.stringContaining('not quiet after 10 s. Still connected: Query on LAPTOP'),
    expect.stringContaining('End these connections'),
    undefined,
  ]);
  const databases = PAIR === undefined ? [] : [{ ...PAIR, clone: database(CLONE) }];
  const came = await occupied({ record: recordOf(), databases });
  came.there.answering(answering);
  const change = await applyQuiet(came.scene, { ...QUIET, watching: true });
  expect(change.watched).toMatchObject({ healthy: false, purpose: 'after-switch' });
  expect([change.watched?.why, change.missed]).toEqual([
    expect.stringContaining('in the clone of shop, and'),
    undefined,
  ]);
  for (const { there } of [known, came]) there.cancelled.abort(new Error('over'));
});

test('one that is closed already is looked at twice, and not closed once more', async () => {
  const there = await stage();
  const startedAt = there.clock.now();
  const sql = { shop: { readOnly: true } };
  await applyQuiet(there.scene({ sql }), QUIET);
  expect(there.clock.now() - startedAt).toBeGreaterThanOrEqual(5000);
  const [server] = Object.values(there.world.sql.servers);
  expect(Object.values(server?.databases ?? {})[0]?.isReadOnly).toBe(false);
});

test('where others are known to write the second look before it is opened is not made', async () => {
  const there = await stage({ 'drain-seconds': '10' });
  there.stranger('shop');
  const until = new Date(there.clock.now() - 1000).toISOString();
  const step = { kind: 'await-database-clock', databases: ['shop'], until, because } as const;
  const record = recordOf({ otherWriters: 'Query on LAPTOP' });
  expect((await applyQuiet(there.scene({ record }), step)).done).toHaveLength(1);
  await expect(applyQuiet(there.scene({ record: recordOf() }), step)).rejects.toThrow('not quiet after 10 s');
});
