import { expect, test } from '@jest/globals';
import type { Database } from '../../src/azure/database-shapes.ts';
import type { Context, Known } from '../../src/context/context.ts';
import { cloneTags } from '../../src/deployment/clone-tags.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { recordTags } from '../../src/deployment/record-tags.ts';
import { type Deployment, databasePart, deploymentIn, openOn, unreadRecord } from '../../src/observe/deployment.ts';
import { mintId } from '../../src/observe/join.ts';
import type { FoundRecord } from '../../src/observe/records.ts';
import { type PhaseName, traitsOf } from '../../src/settings/phases.ts';
import { PAIR, pairOf, recordOf } from '../apply/sketch.ts';
import { CLONE, database, ID, NOW, observed, otherApp, settings } from '../phases/observed.ts';

const OTHER = '20260130-aaaaa';
const APP = 'shop-rg/shop';

function contextOf(inputs: Readonly<Record<string, string>> = {}, known: Partial<Known> = {}, azureTime?: number) {
  const asked = settings({ phase: 'switch', ...inputs });
  const look: unknown = {
    settings: { ...asked, github: { ...asked.github, repository: 'contoso/shop', runId: '7001' } },
    known: { ...known },
    app: { subscriptionId: 's', resourceGroup: 'Shop-RG', name: 'Shop' },
    arm: { azureTime: () => azureTime },
    ports: { clock: { now: () => Date.parse('2026-02-01T00:00:30Z') } },
  };
  return look as Context;
}

const lookAt = (named: readonly Database[], candidates: readonly Database[] = [database('shop')]) => ({
  all: [...named, ...candidates],
  named,
  candidates,
});
const pairTags = { deploymentId: ID, source: 'shop', sourceId: 'id-of-shop', requestedAt: NOW };
/** A clone with this record, of this very run. */
function recorded(record: Partial<DeploymentRecord>, name = CLONE): Database {
  return database(name, { tags: { ...cloneTags(pairTags), ...recordTags(recordOf(record)) } });
}

function found(
  context: Context,
  look: ReturnType<typeof lookAt>,
  phase: PhaseName = 'switch',
  originals: readonly string[] = ['shop'],
): Deployment {
  const ours = originals.map((name) => `shop-sql/${name}`);
  return deploymentIn(context, traitsOf[phase], originals, ours, look);
}

test('the deployment of this run is the one of its record, which completes the inputs; this run remembers it', () => {
  const context = contextOf({ phase: 'validate' });
  const look = lookAt([
    recorded({ databases: ['shop', 'stock'], readonlySlot: 'blue', mode: 'read-write' }),
    database(`stock-zdd-${ID}`),
  ]);
  const { joined, record, pairs, settings: own } = found(context, look, 'validate');
  expect(joined).toMatchObject({ deploymentId: ID, found: { from: 'clone' }, strays: [], others: [] });
  expect(record).toMatchObject({ deploymentId: ID, databases: ['shop', 'stock'] });
  expect(own).toMatchObject({ readonlySlot: 'blue', mode: 'read-write', databases: ['shop', 'stock'] });
  expect(pairs.map(({ name, clone }) => [name, clone?.name])).toEqual([
    ['shop', CLONE],
    ['stock', `stock-zdd-${ID}`],
  ]);
  expect(context.known.deploymentId).toBe(ID);
});

test('without a record the inputs stand, on the originals, and the id is minted on the day that Azure has', () => {
  const context = contextOf({}, {}, Date.parse('2026-01-31T23:59:59Z'));
  const { joined, record, pairs, settings: own } = found(context, lookAt([]), 'switch', ['shop', 'stock']);
  expect([record, own, pairs.map(({ name }) => name)]).toEqual([null, context.settings, ['shop', 'stock']]);
  expect(joined.deploymentId).toBe(mintId(context.settings, traitsOf.switch, APP, '20260131', undefined));
  expect(context.known.deploymentId).toBe(joined.deploymentId);
  // Until Azure has answered once the runner's clock tells the day.
  expect(found(contextOf(), lookAt([])).joined.deploymentId).toMatch(/^20260201-/);
});

test('production tells which deployments of this run have ended: the next one has another id', () => {
  const first = found(contextOf(), lookAt([])).joined.deploymentId;
  const serves = { deploymentId: first, role: 'new', attempt: 1 } as const;
  const context = contextOf({ phase: 'clone' });
  const next = deploymentIn(context, traitsOf.clone, ['shop'], ['shop-sql/shop'], lookAt([]), serves);
  expect(next.joined.deploymentId).not.toBe(first);
});

test('what this run has worked with comes before a copy that was begun without a record, and that before a new id', () => {
  const begun = mintId(contextOf().settings, traitsOf.clone, APP, '20260131', undefined);
  const look = lookAt([database(`shop-zdd-${begun}`)]);
  expect(found(contextOf({}, {}, Date.parse('2026-02-02')), look).joined.deploymentId).toBe(begun);
  expect(found(contextOf({}, { deploymentId: OTHER }), look).joined.deploymentId).toBe(OTHER);
});

test('a record that nobody can read stops the app that it is of, and those on its databases, and nobody else', () => {
  const bad = (app: string) => database(CLONE, { tags: { ...recorded({ app }).tags, 'zdd-lock': 'nonsense' } });
  const theirs = lookAt([bad('rg/other')]);
  expect(() => found(contextOf(), lookAt([bad(APP)]), 'switch', ['crm'])).toThrow(/zdd-lock/);
  expect(() => found(contextOf(), theirs)).toThrow(/zdd-lock/);
  expect(found(contextOf(), theirs, 'switch', ['crm']).record).toBeNull();
  expect(unreadRecord(contextOf(), ['shop-sql/crm'], theirs)).toBeUndefined();
  expect(unreadRecord(contextOf(), ['shop-sql/shop'], theirs)?.message).toMatch(/zdd-lock/);
});

test('the id of another app is refused, but at the end of our own, whose record is gone while theirs is not', () => {
  const theirs = recorded({ app: 'rg/other', deploymentId: OTHER, databases: ['crm'] }, `crm-zdd-${OTHER}`);
  const given = { 'deployment-id': OTHER };
  expect(() => found(contextOf(given), lookAt([theirs]))).toThrow(/is a deployment of rg\/other/);
  expect(found(contextOf(given, { deploymentId: OTHER }), lookAt([theirs])).record).toBeNull();
  const ours = recorded({ deploymentId: OTHER }, `shop-zdd-${OTHER}`);
  expect(found(contextOf(given), lookAt([theirs, ours])).record?.app).toBe(APP);
  expect(found(contextOf(), lookAt([theirs])).record).toBeNull();
});

test('a database that only a tag draws in is left alone by all who would copy it, close it, or put another in its place', () => {
  const look = lookAt([recorded({ databases: ['shop', 'payroll'] })], [database('shop'), database('payroll')]);
  for (const phase of ['clone', 'switch', 'deploy'] as const)
    expect(() => found(contextOf(), look, phase)).toThrow(/names payroll, and nothing else/);
  expect(() => found(contextOf({ 'rollback-scope': 'code-and-database' }), look, 'rollback')).toThrow(/payroll/);
  expect(found(contextOf({ 'rollback-scope': 'code' }), look, 'rollback').pairs).toHaveLength(2);
  expect(found(contextOf(), look, 'cleanup').pairs).toHaveLength(2);
  expect(found(contextOf(), look, 'switch', ['shop', 'payroll']).pairs).toHaveLength(2);
});

const foundIn = (fields: Partial<DeploymentRecord>, on: Database, from: FoundRecord['from'] = 'clone'): FoundRecord => {
  const record = recordOf(fields);
  return { record, app: record.app, originals: [], database: on, from };
};

test('a look tells whose is what: ours, others in the way, and what nobody has a record of any more', () => {
  const mine = foundIn({}, recorded({}));
  const theirs = { deploymentId: OTHER, app: 'rg/other', run: 'a/b/1/1', actor: 'bob', lock: 'claim' } as const;
  const other = foundIn({ ...theirs, databases: ['shop', 'far/crm'] }, recorded(theirs, `shop-zdd-${OTHER}`));
  const stray = foundIn({ deploymentId: '20260129-sssss' }, database('shop-zdd-20260129-sssss'));
  const pointed = { ...theirs, deploymentId: '20260103-ppppp', databases: ['x/shop'], claim: 'of the clone' };
  const lost = ['shop-zdd-20260102-ddddd-failed', 'far/crm-zdd-20260102-ddddd'].map((name) => database(name));
  const unread = recorded({ deploymentId: '20260104-bbbbb', lock: 'held' }, 'crm-zdd-20260104-bbbbb');
  const ours = [mine.database, database(`SHOP-zdd-${ID}-restored`), database(`far/stock-zdd-${ID}`)];
  const named = [
    ...ours,
    // A user may give the same id to another app on the server.
    database(`crm-zdd-${ID}`),
    other.database,
    database('crm-zdd-20260103-ppppp'),
    database('crm-zdd-20260105-uuuuu'),
    { ...unread, tags: { ...unread.tags, 'zdd-lock': 'nonsense' } },
    ...lost,
  ];
  const pairs = [PAIR, pairOf('far/stock', `far/stock-zdd-${ID}`)];
  const joined = { deploymentId: ID, found: mine, strays: [stray], others: [other] };
  const { servers } = observed();
  const rules = { strayRules: ['a'], leftoverRules: [{ name: 'b', address: '203.0.113.7' }] };
  const sql = { shop: { readOnly: true } };
  const [apps, slots] = [[otherApp('rg/a', 'Running')], [{ name: 'next', id: 'i', autoSwapWith: null }]];
  const part = databasePart(
    servers,
    lookAt(named),
    { joined, record: mine.record, settings: settings(), pairs },
    { pointedTo: [pointed], unreadable: [{ deploymentId: '20260105-uuuuu' }] },
    { [CLONE]: NOW },
    sql,
    rules,
    apps,
    [],
    slots,
  );
  expect(part).toEqual({
    servers,
    databases: pairs,
    ours,
    record: mine.record,
    recordIn: 'clone',
    recordDatabase: CLONE,
    madeByCopy: { [CLONE]: NOW },
    strays: [stray.database],
    others: [{ ...theirs, databases: ['shop', 'far/crm'], claim: other.database.id }, pointed],
    leftovers: lost,
    ...rules,
    sql,
    otherApps: apps,
    companions: [],
    teamSlots: slots,
    deploymentId: ID,
  });
});

test('the record is written where it was found: on the mirror once the clone is lost, else on the first clone to come', () => {
  const partOf = (mine: FoundRecord | null) => {
    const joined = { deploymentId: ID, found: mine, strays: [], others: [] };
    const deployment = { joined, record: mine?.record ?? null, settings: settings(), pairs: [PAIR] };
    const none = { strayRules: [], leftoverRules: [] };
    const unseen = { pointedTo: [], unreadable: [] };
    return databasePart(observed().servers, lookAt([]), deployment, unseen, {}, {}, none);
  };
  expect(partOf(foundIn({}, database('shop'), 'mirror'))).toMatchObject({ recordIn: 'mirror', recordDatabase: 'shop' });
  expect(partOf(foundIn({}, database('renamed')))).toMatchObject({ recordIn: 'clone', recordDatabase: CLONE });
  expect(partOf(null)).toMatchObject({ recordIn: null, recordDatabase: CLONE, otherApps: [], teamSlots: [] });
});

test('of a deployment there is a copy as long as its clone is there, not because of what a rollback left', () => {
  const named = [CLONE, `far/stock-zdd-${OTHER}`, 'shop-zdd-20260102-ddddd-failed', 'elsewhere'].map((name) =>
    database(name),
  );
  const { ids, copied } = openOn(lookAt(named), { pointedTo: [], unreadable: [] });
  expect([[...ids], [...copied]]).toEqual([[], [ID, OTHER]]);
});
