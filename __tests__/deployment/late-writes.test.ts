import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { neverBack } from '../../src/deployment/late-writes.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { lackingTags, parseRecord, recordTags } from '../../src/deployment/record-tags.ts';
import { findRecords } from '../../src/observe/records.ts';
import { database, ID } from '../phases/observed.ts';

const whole: DeploymentRecord = {
  deploymentId: ID,
  app: 'shop-rg/shop',
  run: 'contoso/shop/7001/1',
  actor: 'ann',
  lock: 'held',
  mode: 'read-only',
  databases: ['shop'],
  readonlySlot: 'zdd-readonly',
  stagingSlot: 'zdd-staging',
  profile: 'custom',
  requestedAt: '2026-01-31T14:00:00.0000000Z',
  swaps: 3,
  settledSwaps: 2,
  attempt: 1,
  entry: 7,
};

const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const instant = fc.constantFrom('2026-01-31T14:05:00.0000000Z', '2026-01-31T14:06:00.0000000Z');
const attempt = fc.nat(9);
const scope = fc.constantFrom('code' as const, 'code-and-database' as const);
const databases = fc.constantFrom('moving' as const, 'settled' as const);

/** What one writing changes: any of the fields that change from `switch` on. */
const written: fc.Arbitrary<Partial<DeploymentRecord>> = fc.record(
  {
    rollbackPoint: maybe(instant),
    windowOpenedAt: maybe(instant),
    windowClosedAt: maybe(instant),
    settledSwaps: fc.constantFrom(2, 3),
    attempt,
    fingerprint: maybe(fc.constantFrom('aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb')),
    deployBegun: maybe(instant),
    migrated: maybe(attempt),
    candidate: maybe(
      fc.record({ role: fc.constantFrom('new' as const, 'live' as const), attempt, slot: fc.constant('zdd-staging') }),
    ),
    rollbackUnderWay: maybe(fc.record({ scope, attempt, databases })),
    stoppedApps: maybe(fc.constantFrom(['rg/one'], ['rg/one', 'rg/two'])),
    movingBack: maybe(fc.constantFrom('switch' as const, 'complete' as const)),
    visitorsOnOriginalSince: maybe(instant),
    verdict: maybe(
      fc.record({
        of: fc.constant('d'),
        result: fc.constantFrom('passed' as const, 'failed' as const),
        by: fc.constant('ann'),
      }),
    ),
    completedAt: maybe(instant),
  },
  { requiredKeys: [] },
);

const tagsOf = (record: DeploymentRecord) => ({ owner: 'team', ...lackingTags(record, {}), ...recordTags(record) });

function seen(clone: Readonly<Record<string, string>>, mirror: Readonly<Record<string, string>>) {
  const { records } = findRecords({
    named: [{ ...database(`shop-zdd-${ID}`), tags: clone }],
    candidates: [{ ...database('shop'), tags: mirror }],
  });
  return records.map(({ record, from }) => ({ record, from }));
}

test('whatever a dead run put back in one of the two places, the record is the one that was written last', () => {
  fc.assert(
    fc.property(written, written, fc.boolean(), (before, after, atClone) => {
      const late = { ...whole, ...before };
      const last: DeploymentRecord = { ...late, ...after, entry: 8 };
      const right = tagsOf(last);
      const back = { ...right, ...tagsOf(late) };
      const read = parseRecord(right);
      expect(seen(atClone ? back : right, atClone ? right : back)).toEqual([
        { record: read && 'read' in read ? read.read : undefined, from: 'clone' },
      ]);
      // And what is written then says so everywhere.
      expect(parseRecord({ ...back, ...lackingTags(last, back) })).toEqual(read);
    }),
  );
});

test('of two places with the same number the clone is right, and a mirror of another deployment says nothing', () => {
  const [clone, mirror] = [tagsOf(whole), tagsOf({ ...whole, attempt: 5 })];
  expect(seen(clone, mirror)[0]?.record.attempt).toBe(1);
  const other = tagsOf({ ...whole, deploymentId: '20260130-zzzzz', attempt: 5, entry: 99 });
  expect(seen(clone, other)[0]?.record.attempt).toBe(1);
});

test('a number of an attempt that anything bears or names is never given again', () => {
  const marked = (role: 'new' | 'live' | 'read-only', number: number, deploymentId = ID) =>
    neverBack(whole, [undefined, { deploymentId, role, attempt: number }]).attempt;
  expect([marked('new', 4), marked('live', 4), marked('new', 0)]).toEqual([4, 4, 1]);
  // Copies are counted on their own, and another deployment has numbers of its own.
  expect([marked('read-only', 4), marked('new', 4, '20260130-zzzzz')]).toEqual([1, 1]);
  const named = (fields: Partial<DeploymentRecord>) => neverBack({ ...whole, ...fields }, []).attempt;
  expect([
    named({ candidate: { role: 'live', attempt: 4, slot: 'zdd-readonly' } }),
    named({ rollbackUnderWay: { scope: 'code', attempt: 4, databases: 'settled' } }),
    named({ migrated: 4 }),
    named({ afterStart: 4 }),
    named({}),
  ]).toEqual([4, 4, 4, 4, 1]);
  expect(neverBack({ ...whole, swaps: 0, settledSwaps: 3 }, []).swaps).toBe(3);
});
