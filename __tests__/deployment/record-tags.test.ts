import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CloneTags, cloneTags, ourTagCount, parseCloneTags } from '../../src/deployment/clone-tags.ts';
import { OUR_TAG } from '../../src/deployment/our-tags.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { parseRecord, recordTags } from '../../src/deployment/record-tags.ts';
import { ID } from '../phases/observed.ts';

/** A resource takes 50 tags of 256 characters: https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations */
const TAG_LENGTH = 256;

const instant = fc
  .date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.@ -]{0,40}$/);
const marker = fc.constantFrom('', `${ID}/read-only/1`, `${ID}/new/3`, `${ID}/live/2`);
const slot = fc.constantFrom('zdd-readonly', 'zdd-staging');
const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_ .-]{0,70}[A-Za-z0-9]$/);
const count = fc.nat(99);
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });

const record: fc.Arbitrary<DeploymentRecord> = fc.record({
  deploymentId: fc.constant(ID),
  app: word,
  run: fc.constantFrom('contoso/shop/7001/1', 'a-long-owner/a-long-repository-name/99999999999/12'),
  actor: word,
  lock: fc.constantFrom('claim' as const, 'held' as const),
  mode: fc.constantFrom('read-only' as const, 'read-write' as const),
  databases: fc.uniqueArray(name, { minLength: 1, maxLength: 8 }).map((names) => names.sort()),
  readonlySlot: slot,
  stagingSlot: slot,
  profile: fc.constantFrom('custom' as const, 'umbraco' as const),
  requestedAt: instant,
  cloned: maybe(instant),
  readOnlyReady: maybe(instant),
  rollbackPoint: maybe(instant),
  intent: maybe(
    fc.record({
      number: fc.integer({ min: 1, max: 99 }),
      purpose: fc.constantFrom('switch' as const, 'undo' as const, 'complete' as const, 'return' as const),
      source: slot,
      sourceMarker: marker,
      productionMarker: marker,
      swapStatusBefore: fc.oneof(fc.constant(''), instant),
      at: instant,
    }),
  ),
  swaps: count,
  settledSwaps: fc.constant(0),
  windowOpenedAt: maybe(instant),
  windowClosedAt: maybe(instant),
  attempt: count,
  fingerprint: maybe(fc.stringMatching(/^[0-9a-f]{16}$/)),
  deployBegun: maybe(instant),
  migrated: maybe(count),
  candidate: maybe(fc.record({ role: fc.constantFrom('new' as const, 'live' as const), attempt: count, slot })),
  rollbackUnderWay: maybe(
    fc.record({
      scope: fc.constantFrom('code' as const, 'code-and-database' as const),
      attempt: count,
      databases: fc.constantFrom('moving' as const, 'settled' as const),
    }),
  ),
  stoppedJobs: maybe(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,20}$/), { maxLength: 5 })),
  otherWriters: maybe(word),
  visitorsOnOriginalSince: maybe(instant),
  verdict: maybe(
    fc.record({
      of: fc.stringMatching(/^[0-9a-f]{20}$/),
      result: fc.constantFrom('passed' as const, 'failed' as const, 'overridden' as const),
      by: word,
    }),
  ),
  completedAt: maybe(instant),
});

test('a record that was written is read back as it was', () => {
  fc.assert(
    fc.property(record, (written) => {
      expect(parseRecord(recordTags(written))).toEqual(withoutUndefined(written));
    }),
  );
});

test('a field that is written anew replaces the old one, and one that is cleared is gone', () => {
  fc.assert(
    fc.property(record, record, (first, second) => {
      const { databases: _, ...fields } = second;
      const tags = { ...recordTags(first), ...recordTags(fields) };
      expect(parseRecord(tags)).toEqual(withoutUndefined({ ...second, databases: first.databases }));
    }),
  );
});

test('every value fits into a tag, every tag is known as ours, and there are not more than were counted', () => {
  fc.assert(
    fc.property(record, (written) => {
      const tags = { ...recordTags(written), ...cloneTags(ownTags) };
      for (const [tag, value] of Object.entries(tags)) {
        expect(value.length).toBeLessThanOrEqual(TAG_LENGTH);
        expect(tag).toMatch(OUR_TAG);
      }
      expect(Object.keys(tags).length).toBeLessThanOrEqual(ourTagCount(written.databases));
    }),
  );
});

test('a record of twenty databases leaves room for tags of other people', () => {
  const names = Array.from({ length: 20 }, (_, index) => `a-database-with-a-long-name-${index}`);
  expect(ourTagCount(names)).toBeLessThanOrEqual(45);
});

test('what a clone says of itself is read back as it was', () => {
  expect(parseCloneTags(cloneTags(ownTags))).toEqual(ownTags);
  expect(parseCloneTags(cloneTags({ ...ownTags, successorId: undefined }))).toEqual(
    withoutUndefined({ ...ownTags, successorId: undefined }),
  );
});

test('tags of other people are no record', () => {
  expect(parseRecord({ environment: 'production' })).toBeUndefined();
  expect(parseCloneTags({ 'zdd-deployment': ID })).toBeUndefined();
});

const ownTags: CloneTags = {
  deploymentId: ID,
  source: 'shop',
  sourceId: '7c0a4c62-0000-4000-8000-000000000001',
  requestedAt: '2026-01-31T14:00:00.0000000Z',
  completedAt: '2026-01-31T14:01:30.1234567Z',
  successorId: '7c0a4c62-0000-4000-8000-000000000002',
  successorOf: '2',
};

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return JSON.parse(JSON.stringify(value));
}

test('an intent that was settled opens nothing again when its write is admitted late', () => {
  const intent = {
    number: 3,
    purpose: 'return' as const,
    source: 'zdd-staging',
    sourceMarker: 'a',
    productionMarker: 'b',
    swapStatusBefore: '',
    at: '2026-01-31T14:00:00.000Z',
  };
  const tags = recordTags({ deploymentId: '20260131-k7m2x', lock: 'held', swaps: 3, settledSwaps: 3, intent });
  expect(parseRecord(tags)?.intent).toBeUndefined();
  expect(parseRecord({ ...tags, ...recordTags({ settledSwaps: 2 }) })?.intent).toEqual(intent);
});
