import { expect, test } from '@jest/globals';
import type { Marker } from '../../src/deployment/marker.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { begunWithoutRecord, join, mintId, refuseForeignId, runOf } from '../../src/observe/join.ts';
import type { FoundRecord } from '../../src/observe/records.ts';
import { absoluteKey } from '../../src/settings/database-key.ts';
import { type PhaseName, traitsOf } from '../../src/settings/phases.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { database, settings } from '../phases/observed.ts';

const APP = 'shop-rg/shop';
const OURS = 'contoso/shop/7001/1';

function found(deploymentId: string, fields: Partial<DeploymentRecord> = {}): FoundRecord {
  const record: DeploymentRecord = {
    deploymentId,
    app: APP,
    run: OURS,
    actor: 'ada',
    lock: 'held',
    mode: 'read-only',
    databases: ['shop'],
    readonlySlot: 'zdd-readonly',
    stagingSlot: 'zdd-staging',
    profile: 'custom',
    requestedAt: '',
    swaps: 0,
    settledSwaps: 0,
    attempt: 0,
    ...fields,
  };
  const originals = record.databases.map((name) => absoluteKey('shop-sql', name));
  return { record, app: record.app, originals, database: database(`shop-zdd-${deploymentId}`), from: 'clone' };
}

function joined(
  records: readonly FoundRecord[],
  phase: PhaseName = 'switch',
  inputs: Record<string, string> = {},
  run = OURS,
) {
  const asked: Settings = { ...settings({ ...inputs, phase }), github: githubOf(run) };
  const {
    deploymentId,
    found: mine,
    strays,
    others,
  } = join(
    asked,
    traitsOf[phase],
    APP,
    ['shop-sql/shop'],
    records,
    mintId(asked, traitsOf[phase], APP, '20260131', undefined),
  );
  const ids = (each: readonly FoundRecord[]) => each.map(({ record }) => record.deploymentId);
  return { deploymentId, found: mine?.record.deploymentId, strays: ids(strays), others: ids(others) };
}

const A = '20260130-aaaaa';
const B = '20260131-bbbbb';

test('a run joins what its own workflow run began, in whichever attempt', () => {
  expect(joined([found(A)])).toEqual({ deploymentId: A, found: A, strays: [], others: [] });
  expect(joined([found(A)], 'switch', {}, 'contoso/shop/7001/2').found).toBe(A);
});

test('a run never takes up the deployment of another run silently', () => {
  const { found: mine, others } = joined([found(A, { run: 'contoso/shop/6000/1' })]);
  expect({ mine, others }).toEqual({ mine: undefined, others: [A] });
});

test('outside GitHub nothing is one’s own', () => {
  expect(joined([found(A, { run: '//1' })], 'switch', {}, '///1').found).toBeUndefined();
});

test('two runs outside GitHub, which have no names, are not the same run', () => {
  const asked = { ...settings({ phase: 'switch' }), github: { ...settings().github, repository: '', runId: '' } };
  const theirs = [found(A, { run: runOf(asked) })];
  expect(join(asked, traitsOf.switch, APP, ['shop-sql/shop'], theirs, B)).toMatchObject({
    found: null,
    deploymentId: B,
  });
});

test('deployment-id names the one to join, "open" whichever is open', () => {
  const other = found(A, { run: 'contoso/shop/6000/1' });
  expect(joined([other], 'rollback', { 'deployment-id': A }).found).toBe(A);
  expect(joined([other], 'rollback', { 'deployment-id': 'open' }).found).toBe(A);
  expect(joined([other], 'rollback', { 'deployment-id': B }).found).toBeUndefined();
});

test('"open" is refused when several are', () => {
  const both = [found(A, { run: 'a/b/1/1' }), found(B, { run: 'a/b/2/1' })];
  expect(() => joined(both, 'rollback', { 'deployment-id': 'open' })).toThrow(
    `Several deployments are open: ${A}, ${B}.`,
  );
  expect(joined(both, 'status', { 'deployment-id': 'open' }).found).toBe(A);
});

test('a deployment of another app counts when it is on one of our databases, and only then', () => {
  const elsewhere = { app: 'rg/other', run: 'a/b/1/1' };
  expect(joined([found(A, { ...elsewhere, databases: ['SHOP'] })]).others).toEqual([A]);
  expect(joined([found(A, { ...elsewhere, databases: ['catalog'] })]).others).toEqual([]);
});

test('of several claims of this run a held one is joined; for clone the others are strays', () => {
  const records = [found(A, { lock: 'claim' }), found(B)];
  expect(joined(records, 'clone')).toEqual({ deploymentId: B, found: B, strays: [A], others: [] });
  expect(joined(records, 'switch').strays).toEqual([]);
  expect(joined(records, 'status', { 'deployment-id': 'open' }).found).toBe(B);
});

test('of several of this run the one with the smaller id is joined, in whatever order they are listed', () => {
  expect(joined([found(B), found(A)]).found).toBe(A);
});

test('what this very run began for another app on our databases is not joined', () => {
  const theirs = found(A, { app: 'shop-rg/admin' });
  expect(joined([theirs], 'clone')).toMatchObject({ found: undefined, strays: [], others: [A] });
});

test('only claims are strays: neither the one that is joined nor one that is held', () => {
  expect(joined([found(A, { lock: 'claim' })], 'clone')).toMatchObject({ found: A, strays: [], others: [] });
  expect(joined([found(A), found(B)], 'clone')).toMatchObject({ found: A, strays: [], others: [B] });
});

test('the id of a new deployment is the same for the same attempt of a run, and for no other', () => {
  const { deploymentId } = joined([], 'clone');
  expect(deploymentId).toMatch(/^20260131-[a-z0-9]{5}$/);
  expect(joined([], 'clone').deploymentId).toBe(deploymentId);
  expect(joined([], 'clone', {}, 'contoso/shop/7001/2').deploymentId).not.toBe(deploymentId);
  expect(joined([], 'clone', { 'deployment-id': A }).deploymentId).toBe(A);
});

test('a copy of an earlier attempt of this run that bears no record is gone on with, and no other', () => {
  const [first, second] = ['contoso/shop/7001/1', 'contoso/shop/7001/2'].map((run): Settings => {
    return { ...settings({ phase: 'clone' }), github: githubOf(run) };
  });
  if (!first || !second) throw new Error('There are two attempts.');
  const begun = mintId(first, traitsOf.clone, APP, '20260131', undefined);
  const look = (name: string, tags: Record<string, string> = {}) => [{ name, tags }];
  expect(begunWithoutRecord(second, APP, ['shop'], look(`shop-zdd-${begun}`))).toBe(begun);
  expect(begunWithoutRecord(second, APP, ['shop'], look(`shop-zdd-${begun}`, { 'zdd-lock': 'claim' }))).toBeUndefined();
  expect(begunWithoutRecord(second, APP, ['Shop'], look(`SHOP-zdd-${begun}`))).toBe(begun);
  expect(begunWithoutRecord(second, APP, ['shop'], look(`shop-zdd-${begun}-restored`))).toBeUndefined();
  expect(begunWithoutRecord(second, APP, ['shop'], look(`crm-zdd-${begun}`))).toBeUndefined();
  expect(begunWithoutRecord(second, APP, ['shop'], look(`shop-zdd-${A}`))).toBeUndefined();
  expect(
    begunWithoutRecord(
      first,
      APP,
      ['shop'],
      look(`shop-zdd-${mintId(second, traitsOf.clone, APP, '20260131', undefined)}`),
    ),
  ).toBeUndefined();
});

test('a deployment that this attempt of the run has ended is followed by another one, and by the next', () => {
  const asked = settings({ phase: 'clone' });
  const mint = (phase: PhaseName, serves?: Marker) => mintId(asked, traitsOf[phase], APP, '20260131', serves);
  const ended = (deploymentId: string): Marker => ({ deploymentId, role: 'new', attempt: 1 });
  const first = mint('clone');
  const second = mint('clone', ended(first));
  const third = mint('clone', ended(second));
  expect(new Set([first, second, third]).size).toBe(3);
  expect(mint('preflight', ended(first))).toBe(second);
  expect(mint('clone', ended(A))).toBe(first);
  expect(mint('cleanup', ended(A))).toBe(first);
  expect(mint('cleanup', ended(first.replace('0131', '0130')))).toBe(first.replace('0131', '0130'));
  expect(mint('clone', { ...ended(first), role: 'read-only' })).toBe(first);
  expect(mint('cleanup', ended(second.replace('0131', '0130')))).toBe(second.replace('0131', '0130'));
  // So many that no run opens more; then they begin again, and what is left of the first is not overlooked.
  let last = third;
  for (let opened = 3; opened < 20; opened++) last = mint('clone', ended(last));
  expect(mint('clone', ended(last))).toBe(first);
  const copy = [{ name: `shop-zdd-${third}`, tags: {} }];
  expect(begunWithoutRecord(asked, APP, ['shop'], copy)).toBe(third);
});

test('the id of another app is refused, not taken for one of ours', () => {
  const foreign = found(A, { app: 'shop-rg/admin', databases: ['admin'] });
  expect(() => refuseForeignId(settings({ 'deployment-id': A }), [foreign])).toThrow(
    /is a deployment of shop-rg\/admin/,
  );
  expect(joined([foreign, found(A)], 'cleanup', { 'deployment-id': A }).found).toBe(A);
});

/** What the runner says in the run `<owner>/<repository>/<run id>/<attempt>`. */
function githubOf(run: string): Settings['github'] {
  const [owner, name, runId = '', attempt] = run.split('/');
  return { ...settings().github, repository: `${owner}/${name}`, runId, runAttempt: Number(attempt) };
}
