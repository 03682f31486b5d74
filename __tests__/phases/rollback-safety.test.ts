import { describe, expect, test } from '@jest/globals';
import { letIn } from '../../src/deployment/untouched.ts';
import { codeAlone, lossByRestore, onOriginalSince, refuseUnsafe } from '../../src/phases/rollback-safety.ts';
import { scopeOf } from '../../src/phases/rollback-scope.ts';
import { companion, database, ID, slot } from './observed.ts';
import { rows } from './rows.ts';
import { type Differences, seen, stopOr } from './seen.ts';

const SAME = { shop: { readOnly: false, schemaVersion: '1' }, [cloneOf()]: { readOnly: true, schemaVersion: '1' } };
const OTHER = { ...SAME, shop: { readOnly: false, schemaVersion: '2' } };
const UNKNOWN = { ...SAME, shop: { readOnly: false } };
const CLOSED = { ...OTHER, shop: { readOnly: true, schemaVersion: '2' } };
const DISARMED = slot('zdd-staging', { appSettings: { ZDD_INSTANCE: `${ID}/new/0` } });
const ARMED = slot('zdd-staging', { appSettings: { ZDD_INSTANCE: `${ID}/new/1` } });
const ADMIN = 'shop-rg/admin';
const SINCE = '2026-01-31T15:00:00.000Z';

function cloneOf(): string {
  return seen(rows.deployed, 'rollback').observed.databases[0]?.clone?.name ?? '';
}

function codeIsSafe(differences: Differences): boolean {
  const { known, observed, record } = seen(rows.deployed, 'rollback', differences);
  return codeAlone(known, observed, record) === undefined;
}

describe('whether the live build may run on the databases as they are', () => {
  test.each<[string, Differences, boolean]>([
    ['the schema is the same', { look: { sql: SAME } }, true],
    ['the schema is another one', { look: { sql: OTHER } }, false],
    ['the schema of the original is not known', { look: { sql: UNKNOWN } }, false],
    ['the schema of the clone is not known', { look: { sql: { shop: SAME.shop } } }, false],
    ['nobody knows any', { look: { sql: {} } }, false],
    ['the originals are closed still', { look: { sql: CLOSED, stagingSlot: DISARMED } }, true],
    ['the user says so', { look: { sql: OTHER }, inputs: { 'ignore-schema': 'true' } }, true],
    ['deploy has not begun', { look: { sql: OTHER }, record: { deployBegun: undefined } }, true],
    ['migrate-command is half-way', { look: { sql: SAME }, record: { migrated: 0 } }, false],
    ['migrate-command has ended', { look: { sql: SAME }, record: { migrated: 1 } }, true],
    ['after-start-command is half-way', { look: { sql: SAME }, record: { afterStart: 0 } }, false],
    ['after-start-command has ended', { look: { sql: SAME }, record: { afterStart: 1 } }, true],
    [
      'migrate-command is half-way and the originals are closed',
      { look: { sql: CLOSED, stagingSlot: DISARMED }, record: { migrated: 0 } },
      true,
    ],
    [
      'a later attempt has begun, and nobody knows what the first one did',
      { look: { sql: CLOSED, stagingSlot: DISARMED }, record: { attempt: 2 } },
      false,
    ],
    ['the staging slot is not ours any more', { look: { sql: CLOSED, stagingSlot: null } }, false],
    [
      'migrate-command is half-way and somebody has closed the originals again',
      { look: { sql: CLOSED, stagingSlot: DISARMED }, record: { deployBegun: letIn(1), migrated: 0 } },
      false,
    ],
    ['somebody has closed the originals again that the new build has changed', { look: { sql: CLOSED } }, false],
    [
      'the originals are closed still, and the new build of another app waits as well',
      {
        look: {
          ...{ sql: CLOSED, stagingSlot: DISARMED },
          companions: [companion(ADMIN, 'build', { stagingSlot: DISARMED })],
        },
      },
      true,
    ],
    [
      'somebody has closed the originals again that the new build of another app has changed',
      {
        look: {
          ...{ sql: CLOSED, stagingSlot: DISARMED },
          companions: [companion(ADMIN, 'build', { stagingSlot: ARMED })],
        },
      },
      false,
    ],
    [
      'the originals are closed still, and another app gets no new build',
      {
        look: {
          ...{ sql: CLOSED, stagingSlot: DISARMED },
          companions: [companion(ADMIN, 'read-only', { stagingSlot: ARMED })],
        },
      },
      true,
    ],
  ])('%s', (_what, differences, isSafe) => {
    expect(codeIsSafe(differences)).toBe(isSafe);
  });
});

/** Two databases, of which the second has these versions: of its original and of its copy. */
function codeIsSafeBeside(now: string | undefined, before: string | undefined, isClosed = false): boolean {
  const [first] = seen(rows.deployed, 'rollback').observed.databases;
  if (first === undefined) throw new Error('It has a database.');
  const [original, clone] = [database('catalog'), database(`catalog-zdd-${ID}`)];
  const second = { ...first, name: 'catalog', original, underName: original, clone };
  const sql = {
    ...(isClosed ? CLOSED : SAME),
    catalog: { readOnly: false, schemaVersion: now },
    [clone.name]: { readOnly: true, schemaVersion: before },
  };
  return codeIsSafe({ look: { databases: [first, second], sql } });
}

test('with several databases one schema that is known to be another is enough, and one that nobody knows is none', () => {
  expect(codeIsSafeBeside('1', '1')).toBe(true);
  expect(codeIsSafeBeside('2', '1')).toBe(false);
  expect(codeIsSafeBeside('2', undefined)).toBe(true);
  expect(codeIsSafeBeside(undefined, '1')).toBe(true);
  // One that is closed still says nothing of the other.
  expect(codeIsSafeBeside('2', '1', true)).toBe(false);
});

test('what is advised instead names what would be lost, and whether that has to be agreed to', () => {
  const next = (differences: Differences) => {
    const { known, observed, record } = seen(rows.deployed, 'rollback', { look: { sql: OTHER }, ...differences });
    return codeAlone(known, observed, record)?.next ?? '';
  };
  expect(next({})).toMatch(
    /scope: code-and-database, which loses nothing that visitors wrote: they have been read-only/,
  );
  expect(next({})).toContain('ignore-schema: true');
  expect(next({ record: { mode: 'read-write' } })).toContain('loses nothing that visitors wrote to the originals');
  expect(next({ record: { visitorsOnOriginalSince: SINCE } })).toMatch(
    /and accept-data-loss: true, which loses what visitors have written since/,
  );
  expect(next({ record: { otherWriters: 'stock' } })).toContain('loses what others have written (stock)');
  const never = next({ record: { noDatabaseRollback: 'yes' } });
  expect(never).toContain('no-database-rollback');
  expect(never).not.toContain('rollback-scope');
});

test('who would lose what by a restore', () => {
  const loss = (differences: Differences) => {
    const { observed, record } = seen(rows.deployed, 'rollback', differences);
    return lossByRestore(observed, record);
  };
  expect(loss({})).toBeUndefined();
  expect(loss({ record: { otherWriters: 'stock' } })).toContain('stock');
  expect(loss({ record: { visitorsOnOriginalSince: SINCE, otherWriters: 'stock' } })).toContain(SINCE);
});

test('visitors are on the originals since it was recorded, or by hand since the last swap, or since now', () => {
  const since = (differences: Differences) => {
    const { observed, record } = seen(rows.completed, 'rollback', differences);
    return [onOriginalSince(observed, record), observed.production.swapStatus?.at, observed.now];
  };
  const none = { visitorsOnOriginalSince: undefined };
  const [recorded] = since({ record: { visitorsOnOriginalSince: SINCE } });
  expect(recorded).toBe(SINCE);
  const [byHand, at] = since({ record: none });
  expect(byHand).toBe(at);
  const production = { ...rows.completed.production, swapStatus: null };
  const [untold, , now] = since({ record: none, look: { production } });
  expect(untold).toBe(now);
  const { observed, record } = seen(rows.deployed, 'rollback', { record: none });
  expect(onOriginalSince(observed, record)).toBeUndefined();
});

describe('when the databases may be restored', () => {
  const POINT = '2026-01-31T16:00:00.0000000Z';
  const EARLIER = '2026-01-31T15:59:59.0000000Z';
  const LATER = '2026-01-31T16:00:01.0000000Z';
  const LOSSY = { 'accept-data-loss': 'true' };
  test.each<[string, Differences, RegExp | undefined]>([
    ['nobody loses anything', { record: { rollbackPoint: POINT } }, undefined],
    [
      'visitors lose something',
      { record: { rollbackPoint: POINT, visitorsOnOriginalSince: SINCE } },
      /^Visitors have been on the original databases since/,
    ],
    ['it is agreed to', { record: { rollbackPoint: POINT, visitorsOnOriginalSince: SINCE }, inputs: LOSSY }, undefined],
    [
      'an earlier point',
      { record: { rollbackPoint: POINT }, inputs: { 'rollback-point': EARLIER } },
      /^Input rollback-point is/,
    ],
    [
      'an earlier point that is agreed to',
      { record: { rollbackPoint: POINT }, inputs: { 'rollback-point': EARLIER, ...LOSSY } },
      undefined,
    ],
    ['the same point', { record: { rollbackPoint: POINT }, inputs: { 'rollback-point': POINT } }, undefined],
    ['a later point', { record: { rollbackPoint: POINT }, inputs: { 'rollback-point': LATER } }, undefined],
    ['no point at all', { record: { rollbackPoint: undefined } }, /no rollback point is recorded/],
    [
      'a point that is given alone',
      { record: { rollbackPoint: undefined, windowOpenedAt: POINT }, inputs: { 'rollback-point': LATER } },
      undefined,
    ],
    [
      'a point that is given alone, from before the window',
      { record: { rollbackPoint: undefined, windowOpenedAt: POINT }, inputs: { 'rollback-point': EARLIER } },
      /^Input rollback-point is/,
    ],
    [
      'a recorded point from before the copy',
      { record: { rollbackPoint: '2026-01-31T13:54:59.0000000Z' } },
      /were copied only at/,
    ],
    [
      'a recorded point within five minutes of the copy',
      { record: { rollbackPoint: '2026-01-31T13:55:00.0000000Z' } },
      undefined,
    ],
    [
      'a recorded point from before the copy, agreed to',
      { record: { rollbackPoint: '2026-01-31T13:00:00.0000000Z' }, inputs: LOSSY },
      undefined,
    ],
  ])('%s', (_what, { inputs = {}, ...differences }, refused) => {
    const { known, observed, record } = seen(rows.deployed, 'rollback', {
      ...differences,
      inputs: { ...inputs, 'rollback-scope': 'code-and-database' },
    });
    const stop = stopOr(() => refuseUnsafe(known, observed, record, 'code-and-database'));
    expect(stop?.happened ?? '').toMatch(refused ?? /^$/);
  });

  test('the last copy counts, and one that is gone says nothing', () => {
    const [first] = seen(rows.deployed, 'rollback').observed.databases;
    if (first?.clone == null) throw new Error('It has a copy.');
    const later = { ...first, clone: { ...first.clone, creationDate: '2026-01-31T14:30:00.000Z' } };
    const kindWith = (databases: readonly (typeof first)[]) => {
      const rollbackPoint = '2026-01-31T14:10:00.0000000Z';
      const { known, observed, record } = seen(rows.deployed, 'rollback', {
        record: { rollbackPoint },
        look: { databases },
      });
      return stopOr(() => refuseUnsafe(known, observed, record, 'code-and-database'))?.kind;
    };
    expect(kindWith([first, first])).toBeUndefined();
    expect(kindWith([later, first])).toBe('drifted');
    expect(kindWith([first, { ...first, clone: null }])).toBeUndefined();
    expect(kindWith([{ ...first, clone: null }])).toBeUndefined();
  });

  test('the code alone is refused exactly where it is not safe', () => {
    for (const sql of [SAME, OTHER]) {
      const { known, observed, record } = seen(rows.deployed, 'rollback', { look: { sql } });
      const stop = stopOr(() => refuseUnsafe(known, observed, record, 'code'));
      expect(stop === undefined).toBe(sql === SAME);
    }
  });

  test('the other way is named as long as no database has changed its place', () => {
    const since = { visitorsOnOriginalSince: SINCE, rollbackPoint: POINT };
    const next = (differences: Differences) => {
      const { known, observed, record } = seen(rows.deployed, 'rollback', differences);
      return stopOr(() => refuseUnsafe(known, observed, record, 'code-and-database'))?.next ?? '';
    };
    expect(next({ record: since, look: { sql: SAME } })).toMatch(/; or run "rollback" with rollback-scope: code\.$/);
    expect(next({ record: since, look: { sql: OTHER } })).toMatch(/rollback-scope: code and ignore-schema: true/);
    const moving = { scope: 'code-and-database', attempt: 2, databases: 'moving' } as const;
    const { observed } = seen(rows.deployed, 'rollback');
    const away = observed.databases.map((pair) => ({ ...pair, underName: null }));
    expect(next({ record: { ...since, rollbackUnderWay: moving }, look: { sql: SAME } })).toContain(
      'rollback-scope: code',
    );
    expect(
      next({ record: { ...since, rollbackUnderWay: moving }, look: { sql: SAME, databases: away } }),
    ).not.toContain('rollback-scope');
  });
});

describe('what a rollback brings back', () => {
  const CODE = { scope: 'code', attempt: 2, databases: 'settled' } as const;
  const MOVING = { scope: 'code-and-database', attempt: 2, databases: 'moving' } as const;
  const away = () => seen(rows.deployed, 'rollback').observed.databases.map((pair) => ({ ...pair, underName: null }));
  test.each<[string, string, Differences, string]>([
    ['before deploy has begun', 'code-and-database', { record: { deployBegun: undefined } }, 'code'],
    ['what is asked for', 'code', { look: { sql: OTHER } }, 'code'],
    ['what is asked for', 'code-and-database', { look: { sql: SAME } }, 'code-and-database'],
    ['the same schema', 'auto', { look: { sql: SAME } }, 'code'],
    ['another schema', 'auto', { look: { sql: OTHER } }, 'code-and-database'],
    [
      'another schema, and somebody would lose something',
      'auto',
      { look: { sql: OTHER }, record: { otherWriters: 'stock' } },
      'code',
    ],
    [
      'another schema, and nothing is ever restored',
      'auto',
      { look: { sql: OTHER }, record: { noDatabaseRollback: 'yes' } },
      'code',
    ],
    [
      'one that is under way',
      'auto',
      { look: { sql: SAME }, record: { rollbackUnderWay: MOVING } },
      'code-and-database',
    ],
    ['one that is under way', 'auto', { look: { sql: OTHER }, record: { rollbackUnderWay: CODE } }, 'code'],
    ['another one is under way that has moved nothing', 'code', { record: { rollbackUnderWay: MOVING } }, 'code'],
    [
      'another one is under way that has settled',
      'code-and-database',
      { record: { rollbackUnderWay: CODE } },
      'code-and-database',
    ],
    [
      'another one is under way that has moved something',
      'code',
      { record: { rollbackUnderWay: MOVING }, look: { databases: away() } },
      'cannot join it',
    ],
    [
      'the same is under way that has moved something',
      'code-and-database',
      { record: { rollbackUnderWay: MOVING }, look: { databases: away() } },
      'code-and-database',
    ],
    ['nothing is ever restored', 'code-and-database', { record: { noDatabaseRollback: 'yes' } }, 'never restored'],
  ])('%s, asked for %s', (_what, scope, differences, found) => {
    const { known, observed, record } = seen(rows.deployed, 'rollback', {
      ...differences,
      inputs: { 'rollback-scope': scope },
    });
    const said = stopOr(() => scopeOf(known, observed, record));
    if (typeof said === 'string') expect(said).toBe(found);
    else expect(said.happened).toContain(found);
  });
});
