import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CloneTags, cloneTags, ourTagCount, parseCloneTags } from '../../src/deployment/clone-tags.ts';
import { OUR_TAG } from '../../src/deployment/our-tags.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import {
  FIELDS,
  lackingTags,
  parseRecord,
  recordedIn,
  recordTagNames,
  recordTags,
} from '../../src/deployment/record-tags.ts';
import { ID } from '../phases/observed.ts';

/** A resource takes 50 tags of 256 characters: https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations */
const TAG_LENGTH = 256;

const instant = fc
  .date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.@ -]{0,40}$/).map((text) => text.trim());
const marker = fc.constantFrom('', `${ID}/read-only/1`, `${ID}/new/3`, `${ID}/live/2`);
const slot = fc.constantFrom('zdd-readonly', 'zdd-staging');
const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_ .-]{0,70}[A-Za-z0-9]$/);
const count = fc.nat(99);
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });

const record: fc.Arbitrary<DeploymentRecord> = fc
  .record({
    deploymentId: fc.constant(ID),
    app: fc.constantFrom('rg/shop', 'web_(1).prod/a-shop'),
    run: fc.constantFrom('contoso/shop/7001/1', 'a-long-owner/a-long-repository-name/99999999999/12'),
    actor: word,
    lock: fc.constantFrom('claim' as const, 'held' as const),
    mode: fc.constantFrom('read-only' as const, 'read-write' as const),
    server: maybe(fc.stringMatching(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/)),
    databases: fc.uniqueArray(name, { minLength: 1, maxLength: 8 }).map((names) => names.sort()),
    readonlySlot: slot,
    stagingSlot: slot,
    profile: fc.constantFrom('custom' as const, 'umbraco' as const),
    requestedAt: instant,
    cloned: maybe(instant),
    readOnlyReady: maybe(fc.record({ at: instant, copy: fc.constantFrom('seen' as const, 'unseen' as const) })),
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
    noDatabaseRollback: maybe(fc.constant('yes' as const)),
    stoppedApps: maybe(fc.constantFrom([], ['rg/jobs'], ['rg/jobs', 'other/mail'])),
    companions: maybe(fc.constantFrom(['rg/search=build'], ['rg/search=read-only', 'rg/admin=build'])),
    suspended: maybe(fc.constantFrom([], ['auto-swap=qa'], ['app-setting=A', 'connection-string=B'])),
    swapApp: maybe(fc.constant('rg/search')),
    movingBack: maybe(fc.constantFrom('switch' as const, 'complete' as const)),
    afterStart: maybe(count),
    entry: maybe(count),
  })
  .map((all) => (all.rollbackPoint === undefined ? all : { ...all, gap: '12: dbo.orders +12' }))
  .map((all) => (all.cloned === undefined ? all : { ...all, before: `1${'-0a1b2c'.repeat(8)}` }));

/** As `clone` writes it first. */
const whole: DeploymentRecord = {
  deploymentId: ID,
  app: 'rg/shop',
  run: 'contoso/shop/7001/1',
  actor: 'ann',
  lock: 'held',
  mode: 'read-only',
  databases: ['shop'],
  readonlySlot: 'zdd-readonly',
  stagingSlot: 'zdd-staging',
  profile: 'custom',
  requestedAt: '2026-01-31T14:00:00.0000000Z',
  swaps: 0,
  settledSwaps: 0,
  attempt: 0,
};

const ofClone: fc.Arbitrary<CloneTags> = fc.record({
  deploymentId: fc.constant(ID),
  source: name,
  sourceId: fc.uuid(),
  requestedAt: instant,
  completedAt: maybe(instant),
  successorId: maybe(fc.uuid()),
  successorOf: maybe(count),
});

/** Of a record and a clone with all their fields set. */
const TAGS = [
  ...recordTagNames(['shop']),
  'zdd-source',
  'zdd-source-id',
  'zdd-copy-requested-at',
  'zdd-copy-completed-at',
  'zdd-successor-id',
  'zdd-successor-of',
];

const anyText = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.constantFrom('', '-', 'nonsense', 'NaN', '-1', '1e3', '0x10', 'boss|two|s', '|||', 'new|1|s', 'held', 'claim'),
  fc
    .array(fc.constantFrom('new', 'live', '1', 'two', 'moving', 'code', 'passed', ''), { maxLength: 8 })
    .map((all) => all.join('|')),
);

/** Fields of a record whose values are not of their types, said once more by hand. */
function misfits(read: DeploymentRecord): readonly string[] {
  const { candidate, intent, rollbackUnderWay, verdict } = read;
  const isCount = (value: unknown) => value === undefined || (Number.isInteger(value) && Number(value) >= 0);
  const isInstant = (value?: string) => value === undefined || !Number.isNaN(Date.parse(value));
  const holds: Readonly<Record<string, boolean>> = {
    lock: ['claim', 'held'].includes(read.lock),
    mode: ['read-only', 'read-write'].includes(read.mode),
    profile: /^(optimizely-cms1[12]|xperience-kentico|umbraco|custom)$/.test(read.profile),
    databases: read.databases.length > 0,
    names: [read.deploymentId, read.app, read.readonlySlot, read.stagingSlot].every((each) => each !== ''),
    counts: [read.swaps, read.settledSwaps, read.attempt].every(Number.isInteger) && isCount(read.migrated),
    instants: [read.requestedAt, read.cloned, read.readOnlyReady?.at, read.rollbackPoint, read.completedAt].every(
      isInstant,
    ),
    window: [read.windowOpenedAt, read.windowClosedAt, read.visitorsOnOriginalSince].every(isInstant),
    candidate:
      !candidate || (/^(new|live)$/.test(candidate.role) && isCount(candidate.attempt) && candidate.slot !== ''),
    intent: !intent || (/^(switch|undo|complete|return)$/.test(intent.purpose) && isCount(intent.number)),
    rollback:
      !rollbackUnderWay ||
      (/^code(-and-database)?$/.test(rollbackUnderWay.scope) &&
        /^(moving|settled)$/.test(rollbackUnderWay.databases) &&
        isCount(rollbackUnderWay.attempt)),
    verdict: !verdict || /^(passed|failed|overridden)$/.test(verdict.result),
  };
  return Object.keys(holds).filter((each) => !holds[each]);
}

function readRecord(tags: Readonly<Record<string, string>>): DeploymentRecord | undefined {
  const parsed = parseRecord(tags);
  if (parsed && 'bad' in parsed) throw new Error(JSON.stringify(parsed.bad));
  return parsed?.read;
}

test('a record that was written is read back as it was', () => {
  fc.assert(
    fc.property(record, (written) => {
      expect(readRecord(recordTags(written))).toEqual(withoutUndefined(written));
    }),
  );
});

test('a field that is written anew replaces the old one, and one that is cleared is gone', () => {
  fc.assert(
    fc.property(record, record, (first, second) => {
      const { databases: _, ...fields } = second;
      const tags = { ...recordTags(first), ...recordTags(fields) };
      expect(readRecord(tags)).toEqual(withoutUndefined({ ...second, databases: first.databases }));
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
      expect(Object.keys(tags).length).toBeLessThanOrEqual(
        ourTagCount(written.databases, { apps: true, suspends: true }),
      );
    }),
  );
});

test('a record of twenty databases leaves room for tags of other people', () => {
  const names = Array.from({ length: 20 }, (_, index) => `a-database-with-a-long-name-${index}`);
  expect(ourTagCount(names, { apps: false, suspends: false })).toBeLessThanOrEqual(45);
  expect(ourTagCount(names, { apps: true, suspends: true })).toBeLessThan(50);
});

test('what a clone says of itself is read back as it was', () => {
  fc.assert(
    fc.property(ofClone, (written) => {
      expect(parseCloneTags(cloneTags(written))).toEqual({ read: withoutUndefined(written) });
    }),
  );
});

test('whatever stands in tags, a record is read with values of its types, or the tags that do not fit are named', () => {
  fc.assert(
    fc.property(record, ofClone, fc.dictionary(fc.constantFrom(...TAGS), anyText), (first, own, wrong) => {
      const tags = { ...recordTags(first), ...cloneTags(own), ...wrong };
      const parsed = parseRecord(tags);
      if (parsed === undefined) expect([tags['zdd-deployment'], tags['zdd-lock']]).toContain('');
      else if ('bad' in parsed)
        expect(Object.keys(wrong)).toEqual(expect.arrayContaining(parsed.bad.map(({ tag }) => tag)));
      else expect(misfits(parsed.read)).toEqual([]);
      const clone = parseCloneTags(tags);
      if (clone && 'read' in clone) expect(['undefined', 'number']).toContain(typeof clone.read.successorOf);
      if (clone && 'read' in clone) expect(clone.read.successorOf).not.toBeNaN();
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['zdd-lock', 'nonsense', 'claim or held'],
  ['zdd-mode', 'read', 'read-only or read-write'],
  ['zdd-profile', 'sitecore', 'optimizely-cms12 or optimizely-cms11 or xperience-kentico or umbraco or custom'],
  ['zdd-attempt', 'NaN', 'a whole number'],
  ['zdd-swaps', '-1', 'a whole number'],
  ['zdd-window-opened-at', 'yesterday 1', 'an instant such as 2026-01-31T14:05:00Z'],
  ['zdd-candidate', 'boss|2|zdd-staging', '<new or live>|<a whole number>|<the name of a slot>'],
  ['zdd-candidate', 'new|two|zdd-staging', '<new or live>|<a whole number>|<the name of a slot>'],
  ['zdd-candidate', 'new|2', '<new or live>|<a whole number>|<the name of a slot>'],
  ['zdd-candidate', 'new|2|zdd-staging|more', '<new or live>|<a whole number>|<the name of a slot>'],
  ['zdd-candidate', 'new|2|..', '<new or live>|<a whole number>|<the name of a slot>'],
  ['zdd-readonly-slot', '..', 'the name of a slot'],
  ['zdd-readonly-slot', 'PRODUCTION', 'the name of a slot'],
  ['zdd-staging-slot', 'a/../..', 'the name of a slot'],
  ['zdd-staging-slot', 'a%2fb', 'the name of a slot'],
  ['zdd-staging-slot', 'a?b#c', 'the name of a slot'],
  ['zdd-app', 'rg/..', 'a resource group and an app, / between'],
  ['zdd-app', 'rg/app/slots', 'a resource group and an app, / between'],
  ['zdd-server', 'sql/databases/x', 'the name of a server'],
  ['zdd-deployment', '../x', 'the id of a deployment'],
  ['zdd-databases', 'shop:..', 'names, on other servers than that of the record as <server>/<name>, : between'],
  ['zdd-databases', 'shop:a/b/c', 'names, on other servers than that of the record as <server>/<name>, : between'],
  ['zdd-stopped-jobs', 'mail:..', 'names of WebJobs, : between them'],
  ['zdd-rollback-under-way', 'all|1|moving', '<code or code-and-database>|<a whole number>|<moving or settled>'],
])('%s that says "%s" is bad, because it must be %s', (tag, value, allowed) => {
  expect(parseRecord({ ...recordTags(whole), [tag]: value })).toEqual({ bad: [{ tag, value, allowed }] });
});

test('a field that every record has and somebody took away is named', () => {
  const { 'zdd-mode': _mode, 'zdd-databases': _databases, ...tags } = recordTags(whole);
  expect(parseRecord({ ...tags, 'zdd-databases': 'shop' })).toMatchObject({
    bad: [{ tag: 'zdd-mode', value: undefined }],
  });
  expect(parseRecord({ ...tags, 'zdd-mode': 'read-only' })).toMatchObject({ bad: [{ tag: 'zdd-databases' }] });
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
  successorOf: 2,
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
  const tags = recordTags({ ...whole, swaps: 3, settledSwaps: 3, intent });
  expect(readRecord(tags)?.intent).toBeUndefined();
  expect(readRecord({ ...tags, ...recordTags({ settledSwaps: 2 }) })?.intent).toEqual(intent);
});

test.each([
  ['zdd-stopped-apps', 'rg/jobs;', []],
  ['zdd-stopped-apps', 'rg/jobs:other/mail;', []],
  ['zdd-stopped-apps', 'rg/jobs', ['zdd-stopped-apps']],
  ['zdd-stopped-apps', '../jobs;', ['zdd-stopped-apps']],
  ['zdd-stopped-apps', 'rg/jobs:a/b/c;', ['zdd-stopped-apps']],
  ['zdd-companions', 'rg/search=read-only;', []],
  ['zdd-companions', 'rg/search=build:rg/admin=read-only;', []],
  ['zdd-companions', 'rg/search=read-only', ['zdd-companions']],
  ['zdd-companions', 'rg/search=stop;', ['zdd-companions']],
  ['zdd-companions', 'rg/search;', ['zdd-companions']],
  ['zdd-companions', '../search=build;', ['zdd-companions']],
  ['zdd-companions', 'rg/search=build:../x=build;', ['zdd-companions']],
])('a list in a tag is read whole or named as bad: %s %s', (tag, value, bad) => {
  const parsed = parseRecord({ ...recordTags(PLAIN), [tag]: value });
  expect(parsed && 'bad' in parsed ? parsed.bad.map((each) => each.tag) : []).toEqual(bad);
});

test.each([
  [{}, undefined],
  [{ 'zdd-deployment': ID }, undefined],
  [{ 'zdd-source-id': 'an-id' }, undefined],
  [{ 'zdd-deployment': ID, 'zdd-source-id': '-' }, undefined],
])('tags %j say of no clone what it is a clone of', (tags, read) => {
  expect(parseCloneTags({ 'zdd-source': 'shop', 'zdd-copy-requested-at': '2026-01-31T14:00:00Z', ...tags })).toBe(read);
});

const PLAIN: DeploymentRecord = {
  deploymentId: ID,
  app: 'rg/shop',
  run: 'contoso/shop/7001/1',
  actor: 'ada',
  lock: 'held',
  mode: 'read-only',
  databases: ['shop'],
  readonlySlot: 'zdd-readonly',
  stagingSlot: 'zdd-staging',
  profile: 'custom',
  requestedAt: '2026-01-31T14:00:00Z',
  swaps: 0,
  settledSwaps: 0,
  attempt: 0,
};

test('whoever has to correct a tag is told what it may be', () => {
  for (const [tag, form] of Object.values(FIELDS))
    expect([tag, form.allowed]).toEqual([tag, expect.stringMatching(/\w{3}/)]);
});

test('many databases with long names go into several tags, none of them too long, and come back', () => {
  const databases = Array.from({ length: 9 }, (_, index) => `${'a'.repeat(70)}${index}`);
  const tags = recordTags({ ...whole, databases });
  expect(Object.values(tags).filter((value) => value.length > TAG_LENGTH)).toEqual([]);
  expect(parseRecord(tags)).toMatchObject({ read: { databases } });
});

test('unless it is known what a deployment may have, all its tags are counted', () => {
  const lists = ['zdd-stopped-apps', 'zdd-companions', 'zdd-suspended'];
  expect(recordTagNames(['shop'])).toEqual(expect.arrayContaining(lists));
  const none = recordTagNames(['shop'], { apps: false, suspends: false });
  expect(none.filter((name) => lists.includes(name))).toEqual([]);
});

test('what a place lacks makes it say what the record says, and a place that says it lacks nothing', () => {
  fc.assert(
    fc.property(record, record, (there, wanted) => {
      const { databases } = there;
      const tags = recordTags(there);
      const now = { ...withoutUndefined(wanted), databases };
      const mended = { ...tags, ...lackingTags(now, tags) };
      expect(readRecord(mended)).toEqual(now);
      expect(lackingTags(now, mended)).toEqual({});
      expect(lackingTags(now, recordTags(now))).toEqual({});
    }),
  );
});

test('an intent that is over need not be cleared where it is known to be over; any other must not stay', () => {
  const intent = { number: 3, purpose: 'switch', source: 'zdd-readonly', at: '2026-01-31T14:00:00Z' } as const;
  const full = { ...intent, sourceMarker: 'a', productionMarker: 'b', swapStatusBefore: '' };
  const record = { ...whole, swaps: 3, settledSwaps: 3 };
  const tags = recordTags({ ...record, intent: full });
  const lacks = (now: DeploymentRecord) => lackingTags(now, tags)['zdd-swap-intent'];
  expect(lacks(record)).toBeUndefined();
  expect(lackingTags({ ...record, attempt: 5 }, tags)).toEqual({ 'zdd-attempt': '5' });
  expect(lacks({ ...record, settledSwaps: 2 })).toBe('-');
  expect(lacks({ ...record, intent: { ...full, number: 4 } })).toMatch(/^4\|/);
});

test('what stands beside an instant is written with it, and with nothing else', () => {
  const gap = '12: dbo.orders +12';
  const before = `1${'-0a1b2c'.repeat(8)}`;
  const at = '2026-01-31T14:00:00.0000000Z';
  expect(recordTags({ rollbackPoint: undefined, gap })).toEqual({ 'zdd-rollback-point': '-' });
  expect(recordTags({ cloned: undefined, before })).toEqual({ 'zdd-cloned': '-' });
  expect(recordTags({ rollbackPoint: at, cloned: at })).toEqual({ 'zdd-rollback-point': at, 'zdd-cloned': at });
});

test('swaps and attempts that no tag counts have not been', () => {
  const { 'zdd-swaps': _, 'zdd-settled-swaps': _settled, 'zdd-attempt': _attempt, ...tags } = recordTags(whole);
  expect(parseRecord(tags)).toMatchObject({ read: { swaps: 0, settledSwaps: 0, attempt: 0 } });
});

test('of a record with tags that do not fit it is still known whose it is; one tag alone is no record', () => {
  const { deploymentId, app, databases } = whole;
  const tags = recordTags({ ...whole, server: 'shop-sql' });
  expect(recordedIn({ ...tags, 'zdd-mode': 'nonsense' })).toEqual({ deploymentId, app, server: 'shop-sql', databases });
  expect([recordedIn({ ...tags, 'zdd-lock': '' }), recordedIn({ ...tags, 'zdd-deployment': '' })]).toEqual([
    undefined,
    undefined,
  ]);
});

test.each([
  ['zdd-suspended', 'auto-swap=qa', /^auto-swap=, app-setting= or connection-string= and a name/],
  ['zdd-suspended', 'auto-swap=qa:other=x;', /^auto-swap=/],
  ['zdd-companions', 'rg/search=stop;', /^resource groups and apps/],
  ['zdd-stopped-apps', '../jobs;', /^resource groups and apps/],
])('of a list that is bad it is said what it is and what it may be: %s %s', (tag, value, allowed) => {
  const bad = [{ tag, value, allowed: expect.stringMatching(allowed) }];
  expect(parseRecord({ ...recordTags(PLAIN), [tag]: value })).toEqual({ bad });
});

test('a WebJob whose name did not fit is known by its digest', () => {
  expect(readRecord({ ...recordTags(whole), 'zdd-stopped-jobs': '#0a1b2c:mail' })?.stoppedJobs).toEqual([
    '#0a1b2c',
    'mail',
  ]);
});

test('names that fill a tag to its last character take one, and the tags that they take are counted', () => {
  const databases = ['a'.repeat(127), 'b'.repeat(128)];
  expect(recordTags({ databases })).toEqual({ 'zdd-databases': databases.join(':') });
  expect(recordTagNames(databases)).toContain('zdd-databases');
  expect(recordTagNames([...databases, 'c'])).toEqual(expect.arrayContaining(['zdd-databases', 'zdd-databases-2']));
});
