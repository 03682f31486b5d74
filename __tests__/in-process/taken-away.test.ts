import { expect, test } from '@jest/globals';
import { addDatabase } from '../../simulator/model/sql/create.ts';
import { endSession } from '../../simulator/model/sql/end-session.ts';
import type { Database } from '../../simulator/model/sql/state.ts';
import { end } from '../../simulator/model/web/instances.ts';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import { begin, databases, packageOf, production, type Trial } from './trial.ts';

const NEW = { version: '1.1', reads: 200, writes: 201 };
const LIVE = { version: '1', reads: 200, writes: 201 };
const SAME_SCHEMA = { package: packageOf('same-schema') };
const DATABASE = { 'rollback-scope': 'code-and-database' };

test('an original that was deleted and restored by hand goes on once people say that it is the original', async () => {
  const trial = await deployed();
  const gone = drop(trial, 'shop');
  restoreByHand(trial, gone, 'shop');
  for (const phase of ['status', 'deploy', 'validate', 'complete', 'rollback']) {
    const { failure } = await trial.run(phase, SAME_SCHEMA);
    expect(failure?.kind).toBe('drifted');
    expect(failure?.happened).toMatch(
      /^Database shop \(databaseId .*\) is gone, and another one \(databaseId .*\) has its name now/,
    );
  }
  const { failure, result } = await trial.run('status');
  expect(result).toMatchObject({ state: 'drifted', nextPhases: ['status'] });
  carryOut(trial, failure?.next ?? '');
  await trial.through(['deploy', SAME_SCHEMA], 'validate', 'complete', 'cleanup');
  expect(production(trial)).toEqual(NEW);
});

test('a rollback of the database takes a restore by hand of an original that was deleted', async () => {
  const trial = await deployed();
  const gone = drop(trial, 'shop');
  const { failure } = await trial.run('rollback', DATABASE);
  const [, target = '', tag = '', point = ''] =
    / --dest-name (\S+) --tags ([^=]+)=(\S+)$/.exec(failure?.next ?? '') ?? [];
  restoreByHand(trial, gone, target).tags = { [tag]: point };
  await trial.through(['rollback', DATABASE], 'validate', 'complete', 'cleanup');
  expect(production(trial)).toEqual(LIVE);
});

test('a restored database that was deleted is missed, and the one that was set aside is not taken for it', async () => {
  const trial = await deployed();
  await trial.through(['rollback', DATABASE]);
  drop(trial, 'shop');
  for (const phase of ['deploy', 'validate', 'complete']) {
    const { failure } = await trial.run(phase, SAME_SCHEMA);
    expect(failure?.kind).toBe('drifted');
    expect(failure?.happened).toMatch(/shop .*is gone/);
  }
  expect(databases(trial).find(({ name }) => name.endsWith('-failed'))?.isReadOnly).toBe(false);
});

test('without the slot of the live build it is said how to bring it back, and a validated candidate may take over', async () => {
  const trial = await deployed();
  deleteSlot(trial, 'zdd-readonly');
  for (const [phase, inputs] of [['status'], ['deploy'], ['rollback', DATABASE]] as const) {
    const { failure, result } = await trial.run(phase, inputs);
    expect(failure?.next).toContain('az webapp deleted restore --resource-group rg --name web --slot zdd-readonly');
    expect(result?.nextPhases).toEqual(['status', 'validate']);
  }
  await trial.through('validate', 'complete', 'cleanup');
  expect(production(trial)).toEqual(NEW);
});

test.each([[[]], [['switch', 'deploy', 'validate', 'complete']]])(
  'a clone that somebody renamed to keep it does not keep the deployment open, after %j',
  async (way) => {
    const trial = begin();
    await trial.through('clone', 'read-only', ...way);
    const [server] = Object.values(trial.world.sql.servers);
    const clone = databases(trial).find(({ name }) => name !== 'shop');
    if (!server || !clone) throw new Error('there is no clone');
    delete server.databases[clone.name];
    server.databases['shop-kept'] = Object.assign(clone, { name: 'shop-kept' });
    await trial.through('cleanup');
    expect(databases(trial).map(({ name, tags }) => [name, tags])).toEqual([
      ['shop', {}],
      ['shop-kept', {}],
    ]);
    await begin({}, { world: trial.world, clock: trial.clock, runId: '2' }).through('clone');
  },
);

test('a swap of which nobody saw the end is settled although its slot was deleted', async () => {
  const before = begin();
  await before.through('clone', 'read-only');
  const { world, clock } = before;
  let isDead = false;
  const dying = begin(
    {},
    {
      world,
      clock,
      around: (ports) => ({
        ...ports,
        async send(request, signal) {
          if (isDead) throw new Error('the runner is gone');
          isDead = /slotsswap/.test(request.url);
          return ports.send(request, signal);
        },
      }),
    },
  );
  expect((await dying.run('switch')).failure).toBeDefined();
  await clock.sleep(200_000);
  await before.run('status');
  deleteSlot(before, 'zdd-readonly');
  const { failure, result } = await before.run('switch');
  expect(failure?.next).toContain('az webapp deleted restore');
  expect(result?.state).toBe('drifted');
  expect(databases(before).some(({ tags }) => tags['zdd-settled-swaps'] === '1')).toBe(true);
});

async function deployed(): Promise<Trial> {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', ['deploy', SAME_SCHEMA]);
  // By then the databases show what the journal has.
  await trial.clock.sleep(60_000);
  return trial;
}

function deleteSlot({ world, clock }: Trial, name: string): void {
  end(world, slotOf(world, 'web', name), clock.now());
  delete Object.values(world.web.sites)[0]?.slots[name];
}

function drop({ world, clock }: Trial, name: string): Database {
  const [server] = Object.values(world.sql.servers);
  const database = server?.databases[name];
  if (!server || !database) throw new Error(`there is no database ${name}`);
  for (const { sessionId, databaseId } of Object.values(world.sql.sessions)) {
    if (databaseId === database.databaseId) endSession(world, sessionId, clock.now());
  }
  delete server.databases[name];
  return database;
}

/** Another database, with the content of the one that was deleted. */
function restoreByHand({ world, clock }: Trial, { contentId }: Database, name: string): Database {
  const [server] = Object.values(world.sql.servers);
  if (!server) throw new Error('there is no server');
  return Object.assign(addDatabase(world, server, { name }, clock.now()), { contentId });
}

/** `az tag update --operation Merge --resource-id … --tags name=value` */
function carryOut({ world }: Trial, text: string): void {
  const [, name = '', tag = '', value = ''] = /\/databases\/(\S+) --tags ([^=]+)=(\S+)$/.exec(text) ?? [];
  const database = Object.values(world.sql.servers)[0]?.databases[name];
  if (!database) throw new Error(`no command was found in: ${text}`);
  database.tags = { ...database.tags, [tag]: value };
}
