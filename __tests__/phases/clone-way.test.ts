import { describe, expect, test } from '@jest/globals';
import type { Observed, Other, Pair } from '../../src/deployment/observed.ts';
import { clone } from '../../src/phases/clone.ts';
import type { Step } from '../../src/steps/steps.ts';
import { CLONE, database, ID, otherApp, slot } from './observed.ts';
import { rows } from './rows.ts';
import { type Differences, seen, stopOr } from './seen.ts';

const SAID = { because: expect.any(String) };
const { observed: look } = seen(rows.cloned, 'clone');
const [HELD] = look.databases;

function pair(differences: Partial<Pair> = {}): Pair {
  if (HELD === undefined) throw new Error('The row has a database.');
  return { ...HELD, ...differences };
}

const BARE = pair({ clone: null, cloneTags: undefined });

/** Nothing is recorded yet, with these differences. */
function first(more: Partial<Observed>, differences: Differences = {}) {
  const { known, observed } = seen(rows.cloned, 'clone', differences);
  const none = { record: null, recordIn: null, ours: [], sql: {}, production: rows.start.production };
  return stopOr(() => clone.plan(known, { ...observed, ...none, ...more }));
}

/** The lock is held, and the phase has not come to its end. */
function held(differences: Differences = {}, more: Partial<Observed> = {}) {
  const { known, observed } = seen(rows.cloned, 'clone', {
    ...differences,
    record: { cloned: undefined, ...differences.record },
  });
  return stopOr(() => clone.plan(known, { ...observed, ...more }));
}

function kinds(plan: ReturnType<typeof first>): readonly string[] {
  if (!Array.isArray(plan)) throw plan;
  return plan.flat().map((step: Step) => step.kind);
}

const OTHER: Other = {
  ...{ deploymentId: '20260131-zzzzz', app: 'rg/other', lock: 'claim', databases: ['shop'] },
  ...{ actor: 'ada', run: 'contoso/shop/1/1' },
} as unknown as Other;
const EARLIER = { ...OTHER, deploymentId: '20250101-aaaaa' };

test('a copy is asked for, followed, dated, locked, and closed before it is recorded', () => {
  const whole = kinds(first({ databases: [BARE] }));
  expect(whole).toEqual([
    ...['check-again', 'copy-database', 'await-copy', 'stamp-clone'],
    ...['hold-lock', 'set-read-only', 'record'],
  ]);
  const plan = first({ databases: [BARE] });
  if (Array.isArray(plan)) for (const step of plan.flat()) expect(step).toMatchObject(SAID);
  // Under the lock nothing of it is done twice.
  expect(held()).toMatchObject([[{ kind: 'record', fields: { cloned: look.now } }]]);
});

test('a copy that is under way is waited for, and dated when it is there', () => {
  const copying = pair({ clone: database(CLONE, { status: 'Copying' }) });
  expect(kinds(held({ look: { databases: [copying] } }))).toEqual(['await-copy', 'record']);
  const { cloneTags } = pair();
  const undated = pair({ cloneTags: cloneTags && { ...cloneTags, completedAt: undefined } });
  const dated = kinds(held({ look: { databases: [undated] } }));
  expect(dated).toEqual(['stamp-clone', 'hold-lock', 'record']);
});

test('what is beside the deployment is recorded, where there is anything', () => {
  const before = (plan: ReturnType<typeof held>) =>
    Array.isArray(plan) && plan.flat().flatMap((step: Step) => (step.kind === 'record' ? [step.fields] : []));
  expect(before(held())).toEqual([{ cloned: look.now }]);
  const beside = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const production = { ...look.production, beside };
  expect(before(held({ look: { production } }))).toEqual([{ cloned: look.now, before: expect.any(String) }]);
});

test('copies are closed that take writes, but in mode read-write', () => {
  const open: Observed['sql'] = { [CLONE]: { readOnly: false, schemaVersion: '1' } };
  const closing = { kind: 'set-read-only', database: CLONE, ...SAID };
  for (const sql of [open, {}]) expect(held({ look: { sql } })).toMatchObject([[closing], [{ kind: 'record' }]]);
  const { known, observed } = seen(rows.cloned, 'clone', { record: { cloned: undefined }, look: { sql: open } });
  expect(kinds(clone.plan({ ...known, mode: 'read-write' }, observed))).toEqual(['record']);
});

test('rules that were left open are closed, and slots get their users, while the lock is held', () => {
  expect(kinds(held({ look: { strayRules: ['zdd-rule'] } }))).toEqual(['delete-firewall-rules', 'record']);
  const value =
    'Server=tcp:shop-sql.database.windows.net;Database=shop;Authentication=Active Directory Managed Identity';
  const production = slot('production', { connectionStrings: { Db: { value, type: 'SQLAzure' } } });
  expect(kinds(held({ inputs: { 'slot-users': 'true' }, look: { production } }))).toContain('add-slot-users');
});

test('what would fail in the window fails where the copies can be asked', () => {
  const inputs = { 'schema-version-query': 'SELECT 1' };
  const refused = { readOnly: true, schemaRefused: 'no such table' };
  const stop = held({ inputs, look: { sql: { [CLONE]: refused } } });
  expect(stop).toMatchObject({
    kind: 'refused',
    happened: expect.stringContaining(`on database ${CLONE}: no such table`),
  });
  // Nothing is said by a copy that nobody asked, or that is not there yet.
  expect(held({ inputs, look: { sql: {}, databases: [BARE] } })).toBeInstanceOf(Array);
  const gone = { record: { cloned: look.now }, look: { sql: { [CLONE]: refused } } };
  expect(held({ inputs, ...gone })).toEqual([]);
});

describe('copies without their tags', () => {
  const lost = (differences: Partial<NonNullable<Pair['clone']>> = {}) =>
    pair({ clone: database(CLONE, differences), cloneTags: undefined });
  const made = { madeByCopy: { [CLONE]: look.now } };

  test.each(['Copying', 'Creating'] as const)('are waited for while they are %s', (status) => {
    const other = pair({ name: 'catalog', clone: database(`catalog-zdd-${ID}`), cloneTags: undefined });
    expect(first({ ...made, databases: [other, lost({ status })] })).toEqual([
      [{ kind: 'await-copy', clone: CLONE, ...SAID }],
    ]);
  });
  test('are tagged before anybody withdraws, since they could not be withdrawn', () => {
    expect(kinds(first({ ...made, databases: [lost()] }))).toEqual(['tag-clone']);
    expect(kinds(first({ ...made, databases: [lost()], others: [EARLIER] }))).toEqual(['tag-clone']);
  });
});

describe('another deployment', () => {
  const drop = { kind: 'delete-database', database: CLONE, databaseId: pair().clone?.databaseId, ...SAID };

  test('that was first has this one take back its own claim, then give up', () => {
    const untagged = pair({ name: 'catalog', clone: null });
    expect(first({ others: [EARLIER], databases: [untagged, pair()] })).toEqual([[drop]]);
    expect(first({ others: [EARLIER], databases: [BARE] })).toMatchObject({
      kind: 'refused',
      happened: expect.stringContaining('Deployment 20250101-aaaaa of rg/other is open on shop; ada began it'),
    });
    // What is held is not taken back.
    expect(held({ look: { others: [{ ...EARLIER, lock: 'held' }] } })).toMatchObject({ kind: 'refused' });
  });

  test('that came later is waited for, and named, by who has a claim', () => {
    const waits = { kind: 'await-others', claims: ['20260131-zzzzz'], ...SAID };
    const hold = { kind: 'hold-lock', ...SAID };
    const plan = held({ record: { lock: 'claim' }, look: { others: [OTHER] } });
    expect(Array.isArray(plan) ? plan.flat().slice(0, 2) : plan).toEqual([waits, hold]);
    expect(first({ others: [OTHER], databases: [BARE] })).toMatchObject({ kind: 'refused' });
    expect(kinds(held({ record: { lock: 'claim' } }))).toEqual(['hold-lock', 'record']);
  });
});

test('a copy that ended as Suspect is made anew', () => {
  const databases = [pair({ clone: database(CLONE, { status: 'Suspect' }) })];
  expect(first({ databases })).toMatchObject([[{ kind: 'delete-database', database: CLONE }]]);
});

test('what cannot be copied is named, and what is lost is not made anew under a deployment that goes on', () => {
  const gone = pair({ clone: null, cloneTags: undefined, underName: null });
  expect(first({ databases: [gone] })).toMatchObject({ kind: 'refused', happened: 'Database shop does not exist.' });
  expect(first({ databases: [] })).toMatchObject({ happened: expect.stringMatching(/^No database of server/) });
  // Its copy is there already.
  expect(first({ databases: [pair({ underName: null })] })).toBeInstanceOf(Array);
  expect(held({ look: { databases: [BARE] }, record: { cloned: look.now } })).toMatchObject({
    kind: 'refused',
    happened: expect.stringContaining('The clone of shop is gone'),
  });
  const marked = slot('production', { appSettings: { ZDD_INSTANCE: `${ID}/new/1` } });
  expect(first({ databases: [BARE], production: marked })).toMatchObject({
    happened: expect.stringContaining(`its marker ${ID}/new/1`),
  });
  const setAside = [database(`shop-zdd-${ID}-failed`)];
  expect(first({ databases: [{ ...BARE, setAside }] })).toMatchObject({
    happened: expect.stringContaining(`it set aside shop-zdd-${ID}-failed`),
  });
  expect(first({ databases: [BARE], otherApps: [otherApp('rg/admin', 'Running')] })).toBeInstanceOf(Array);
});

test('drift stops it, and in the window it has nothing to do', () => {
  expect(held({ record: { deployBegun: look.now, cloned: look.now } })).toMatchObject({ kind: 'drifted' });
  const { known, observed } = seen(rows.switched, 'clone');
  expect(clone.plan(known, observed)).toEqual([]);
  // Of another deployment: that is no window of this one.
  const open = seen(rows.switched, 'clone', { record: { cloned: undefined } });
  expect(stopOr(() => clone.plan(open.known, open.observed))).not.toEqual([]);
});
