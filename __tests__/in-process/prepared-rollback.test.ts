import { expect, test } from '@jest/globals';
import { addDatabase } from '../../simulator/model/sql/create.ts';
import { rowsOf } from '../../simulator/model/sql/rows.ts';
import type { Database } from '../../simulator/model/sql/state.ts';
import { shared } from './shared.ts';
import { begin, databaseLines, databases, production, type Stage, type Trial } from './trial.ts';

const PREPARE = { 'prepare-rollback': 'true' };
const SWITCH: Stage = ['switch', PREPARE];
const DEPLOY: Stage = ['deploy', PREPARE];
const DATABASE: Stage = ['rollback', { 'rollback-scope': 'code-and-database' }];
const END: readonly Stage[] = ['validate', 'complete', 'cleanup'];
const MINUTE = 60_000;
/** Longer than any restore takes in the model, its wait for a backup included. */
const READY = 20 * MINUTE;

test('a rollback that was prepared only renames: visitors wait for no restore', async () => {
  const trial = await deployed();
  await trial.through('validate');
  expect(prepared(trial)).toMatchObject({ status: 'Restoring', tags: { 'zdd-restored-to': point(trial) } });
  const { databaseId } = prepared(trial) ?? {};
  await trial.clock.sleep(READY);

  const from = trial.clock.now();
  await trial.through(DATABASE);
  expect((trial.clock.now() - from) / 1000).toBeLessThanOrEqual(120);
  expect(named(trial, 'shop')?.databaseId).toBe(databaseId);
  expect(restores(trial)).toBe(1);
  await trial.through(...END);
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
  expect(databaseLines(trial)).toEqual(['shop READ_WRITE schema 1', 'shop-zdd-<id>-failed READ_WRITE schema 2']);
  expect(named(trial, 'shop')?.tags).toEqual({});
});

test('nothing waits for it: with it switch, deploy and validate take as long as without it', async () => {
  const spans = [];
  for (const inputs of [{}, PREPARE]) {
    const trial = await ready();
    const from = trial.clock.now();
    await trial.through(['switch', inputs], ['deploy', inputs], 'validate');
    spans.push(trial.clock.now() - from);
  }
  const [without = 0, with_ = 0] = spans;
  expect(with_ - without).toBeLessThan(2000);
});

test('without the input nothing is restored before a rollback', async () => {
  const trial = await ready();
  await trial.through('switch', 'deploy', 'validate');
  expect(restores(trial)).toBe(0);
});

test('what was prepared is gone after cleanup, whether it was ready or not', async () => {
  for (const wait of [0, READY]) {
    const trial = await deployed();
    await trial.clock.sleep(wait);
    await trial.through(...END);
    expect(databaseLines(trial)).toEqual(['shop READ_WRITE schema 2']);
  }
});

test('several databases are prepared and taken together', async () => {
  const trial = begin({ databases: ['shop', 'catalog'] });
  await trial.through('clone', 'read-only', SWITCH, DEPLOY);
  await trial.clock.sleep(READY);
  const ids = ['shop', 'catalog'].map((name) => prepared(trial, name)?.databaseId);
  const from = trial.clock.now();
  await trial.through(DATABASE);
  expect((trial.clock.now() - from) / 1000).toBeLessThanOrEqual(120);
  expect(['shop', 'catalog'].map((name) => named(trial, name)?.databaseId)).toEqual(ids);
  await trial.through(...END);
  expect(production(trial)).toMatchObject({ version: '1', writes: 201 });
});

test('one that is not ready yet is waited for, since a new one would take longer', async () => {
  const trial = await deployed();
  const { databaseId } = prepared(trial) ?? {};
  await trial.through(DATABASE);
  expect(named(trial, 'shop')?.databaseId).toBe(databaseId);
  expect(restores(trial)).toBe(1);
});

test('one that Azure lets fail is replaced by a restore of the rollback, which says so', async () => {
  const trial = await ready();
  trial.world.sql.injected.push('restore-failed');
  await trial.through(SWITCH, ['deploy', {}], DATABASE);
  expect(trial.lines.join('\n')).toMatch(/prepared failed.*It had been begun beforehand, and is not used/);
  expect(restores(trial)).toBe(2);
  await trial.through(...END);
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
});

test('one that failed while nobody looked is begun again by deploy', async () => {
  const trial = await ready();
  trial.world.sql.injected.push('restore-failed');
  await trial.through(SWITCH);
  await trial.clock.sleep(READY);
  await trial.through('status');
  expect(prepared(trial)).toBeUndefined();
  await trial.through(DEPLOY);
  expect(prepared(trial)).toMatchObject({ status: 'Restoring', tags: { 'zdd-restored-to': point(trial) } });
});

test('one of another instant is never used, and is deleted in the end', async () => {
  const trial = await deployed();
  await trial.clock.sleep(READY);
  const { databaseId } = prepared(trial) ?? {};
  const earlier = new Date(Date.parse(point(trial)) - 10_000).toISOString();
  await trial.through([
    'rollback',
    { 'rollback-scope': 'code-and-database', 'rollback-point': earlier, 'accept-data-loss': 'true' },
  ]);
  expect(named(trial, 'shop')?.databaseId).not.toBe(databaseId);
  expect(named(trial, 'shop')?.tags['zdd-restored-to']).toBe(earlier);
  expect(trial.lines.join('\n')).toContain('what was restored beforehand holds another instant');
  await trial.through(...END);
  expect(databaseLines(trial)).toEqual(['shop READ_WRITE schema 1', 'shop-zdd-<id>-failed READ_WRITE schema 2']);
});

test('a new rollback point makes a new one', async () => {
  const trial = await ready();
  await trial.through(SWITCH);
  const first = point(trial);
  await trial.through('rollback');
  const written = rowsOf(trial.world, named(trial, 'shop')?.contentId ?? '').length;
  await trial.through(SWITCH, DEPLOY);
  expect(point(trial)).not.toBe(first);
  expect(prepared(trial)?.tags['zdd-restored-to']).toBe(point(trial));
  await trial.clock.sleep(READY);
  await trial.through(DATABASE);
  expect(rowsOf(trial.world, named(trial, 'shop')?.contentId ?? '').length).toBeGreaterThanOrEqual(written);
  await trial.through(...END);
  expect(databaseLines(trial)).toEqual(['shop READ_WRITE schema 1', 'shop-zdd-<id>-failed READ_WRITE schema 2']);
});

test("somebody's database of that name is neither used nor deleted", async () => {
  const trial = begin();
  await trial.through('clone');
  const [server] = Object.values(trial.world.sql.servers);
  const name = `${databases(trial).find((each) => each.name.includes('-zdd-'))?.name}-prepared`;
  if (server) addDatabase(trial.world, server, { name, tags: { owner: 'bob' } }, trial.clock.now());
  const { databaseId } = prepared(trial) ?? {};
  await trial.through('read-only', SWITCH, DEPLOY, DATABASE, ...END);
  expect(prepared(trial)).toMatchObject({ databaseId, name, tags: { owner: 'bob' } });
  expect(named(trial, 'shop')?.databaseId).not.toBe(databaseId);
});

test('a limit of Azure stops nobody: switch ends green and says it, and deploy asks again', async () => {
  const trial = await ready();
  trial.world.variants['restores-refused'] = true;
  const { failure } = await trial.run('switch', PREPARE);
  expect(failure).toBeUndefined();
  expect(trial.lines.join('\n')).toMatch(/could not be begun beforehand \(prepare-rollback\).*quota/);
  delete trial.world.variants['restores-refused'];
  await trial.through(DEPLOY);
  expect(prepared(trial)?.status).toBe('Restoring');
});

test('one that fell asleep is woken', async () => {
  const trial = begin({ variants: { 'read-only-carried-by-restore': true } });
  const shop = named(trial, 'shop');
  if (shop) {
    shop.sku = { name: 'GP_S_Gen5', tier: 'GeneralPurpose', family: 'Gen5', capacity: 4 };
    Object.assign(shop, { autoPauseDelay: 15, minCapacity: 1 });
  }
  await trial.through('clone', 'read-only', SWITCH, DEPLOY);
  const { databaseId } = prepared(trial) ?? {};
  await trial.clock.sleep(120 * MINUTE);
  await trial.through('status');
  expect(prepared(trial)?.status).toBe('Paused');
  await trial.through(DATABASE, ...END);
  expect(named(trial, 'shop')?.databaseId).toBe(databaseId);
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
});

test('when the clone is lost the restored database is still known', async () => {
  const trial = await deployed();
  await trial.clock.sleep(READY);
  await trial.through(DATABASE);
  const [server] = Object.values(trial.world.sql.servers);
  const clone = databases(trial).find(({ name }) => /-zdd-\d{8}-\w{5}$/.test(name));
  if (server && clone) delete server.databases[clone.name.toLowerCase()];
  const { result } = await trial.run('status');
  expect(result?.state).toBe('drifted');
  await trial.through('validate', 'complete');
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
});

test('the summary says what is prepared, what it costs and when it is ready', async () => {
  const trial = await ready();
  const switched = await trial.run('switch', PREPARE);
  expect(switched.notes.join()).toMatch(/is being restored to .*-prepared ahead of a rollback, and is not ready yet/);
  expect(switched.notes.join()).toMatch(/It costs as a database of its size \(\w+\) until "cleanup" deletes it/);
  await trial.clock.sleep(READY);
  const { notes } = await trial.run('status');
  expect(notes.join()).toMatch(/is ready as .*-prepared/);
});

/** Before the window. */
const ready = snapshot(begin, 'clone', 'read-only');
/** The new build runs, and the restore was begun when the rollback point was taken. */
const deployed = snapshot(ready, SWITCH, DEPLOY);

/** What is there after these stages, played once. */
function snapshot(from: () => Trial | Promise<Trial>, ...stages: readonly Stage[]): () => Promise<Trial> {
  return shared(async () => {
    const trial = await from();
    await trial.through(...stages);
    return trial;
  });
}

function named(trial: Trial, name: string): Database | undefined {
  return databases(trial).find((each) => each.name === name);
}

function prepared(trial: Trial, of = 'shop'): Database | undefined {
  return databases(trial).find(({ name }) => name.startsWith(`${of}-zdd-`) && name.endsWith('-prepared'));
}

function restores({ world }: Trial): number {
  return Object.values(world.sql.operations).filter(({ kind }) => kind === 'CreateRestoreRequest').length;
}

function point(trial: Trial): string {
  const tags = databases(trial).map((each) => each.tags['zdd-rollback-point']);
  // Beside the point stands what was written before it.
  return tags.find((tag) => tag !== undefined && tag !== '-')?.split('|')[0] ?? '';
}
