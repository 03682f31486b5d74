import { expect, test } from '@jest/globals';
import { addDatabase } from '../../simulator/model/sql/create.ts';
import { addSlot } from '../../simulator/model/web/create.ts';
import { siteOf, slotOf } from '../../simulator/model/web/lookup.ts';
import { addNeighbour } from '../../simulator/model/web/neighbour.ts';
import { begin, databases, type Inputs, production, type Trial } from './trial.ts';

/** As if the deployment were over: what `cleanup` needs to take away what the record names. */
const OVER = {
  'zdd-window-opened-at': '2026-09-01T08:04:21.216Z',
  'zdd-window-closed-at': '2026-09-01T08:04:41.216Z',
  'zdd-completed-at': '2026-09-01T08:05:00.000Z',
};

test.each(['..', 'production', 'PRODUCTION', '%2e%2e', 'x/../..', 'x?', 'x#'])(
  'a tag that names slot "%s" can have nothing stopped, emptied or written',
  async (name) => {
    const trial = begin();
    await trial.through('clone');
    forge(trial, { ...OVER, 'zdd-readonly-slot': name });
    const before = structuredClone(trial.world.web);
    const { failure } = await trial.run('cleanup', { 'deployment-id': 'open' });
    expect(failure).toMatchObject({ kind: 'drifted', happened: expect.stringContaining('zdd-readonly-slot') });
    expect(trial.world.web.sites).toEqual(before.sites);
    expect(production(trial)).toMatchObject({ version: '1', reads: 200 });
  },
);

test('a tag that names a slot of somebody else has it left alone: what is ours is said by the slot', async () => {
  const trial = begin();
  const site = siteOf(trial.world, slotOf(trial.world, 'web', 'production'));
  addSlot(trial.world, site, 'blue', trial.clock.now());
  await trial.through('clone');
  forge(trial, { ...OVER, 'zdd-readonly-slot': 'blue' });
  const before = structuredClone(slotOf(trial.world, 'web', 'blue'));
  await trial.run('cleanup', { 'deployment-id': 'open' });
  const { state, occupant } = slotOf(trial.world, 'web', 'blue');
  expect({ state, occupant }).toEqual({ state: before.state, occupant: before.occupant });
});

/** Everything but the settings of the slot is known to whoever may read and write tags. */
const VERDICTS: readonly (readonly [string, (before: string) => string])[] = [
  ['a failed one that was turned', (before) => before.replace('|failed|', '|passed|')],
  ['a failed one that was turned into an override', (before) => before.replace('|failed|', '|overridden|')],
  ['one that was made up', () => `${Array(5).fill('0123456789').join('.')}|passed|ada in run 1`],
];

test.each(VERDICTS)('a verdict in a tag that "validate" did not write moves nobody: %s', async (_what, forged) => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy');
  await trial.run('validate', { 'expected-version': '99' });
  const tag = journalOf(trial)['zdd-verdict'] ?? '';
  expect(tag).toContain('|failed|');
  forge(trial, { 'zdd-verdict': forged(tag) });
  const { failure } = await trial.run('complete');
  expect(failure).toMatchObject({ kind: 'refused', next: expect.stringContaining('Run "validate" again.') });
  expect(production(trial)).toMatchObject({ version: '1', reads: 200 });
});

test.each(['blue', 'zdd-readonly'])('a tag that makes slot %s the candidate moves nobody', async (name) => {
  const trial = begin();
  const site = siteOf(trial.world, slotOf(trial.world, 'web', 'production'));
  addSlot(trial.world, site, 'blue', trial.clock.now());
  await trial.through('clone', 'read-only', 'switch', 'deploy', 'validate');
  forge(trial, { 'zdd-candidate': (journalOf(trial)['zdd-candidate'] ?? '').replace('zdd-staging', name) });
  const { failure } = await trial.run('complete');
  expect(failure?.happened).toBeDefined();
  expect(production(trial)).toMatchObject({ version: '1', reads: 200 });
});

/** The other app goes on, so it keeps its connection. */
const WITH_WRITERS = { 'allow-other-writers': 'true' };

test('a tag cannot have another app stopped: who names none in other-apps stops none', async () => {
  const { trial, admin } = withNeighbour();
  await trial.through(['clone', WITH_WRITERS], 'read-only');
  forge(trial, { 'zdd-stopped-apps': 'rg/admin;' });
  await trial.through(['switch', WITH_WRITERS], ['deploy', WITH_WRITERS]);
  expect(admin().state).toBe('Running');
  await trial.run('rollback', { 'rollback-scope': 'code-and-database', ...WITH_WRITERS });
  expect(admin().state).toBe('Running');
});

test.each(['read-only', 'build'])('a tag cannot make another app move along (%s)', async (does) => {
  const { trial, admin } = withNeighbour();
  await trial.through(['clone', WITH_WRITERS]);
  forge(trial, { 'zdd-companions': `rg/admin=${does};` });
  const before = structuredClone(siteOf(trial.world, admin()));
  const { failure } = await trial.run('read-only');
  expect(failure?.happened).toContain('rg/admin');
  await trial.run('switch');
  expect(siteOf(trial.world, admin())).toEqual(before);
});

const RESTORE = ['rollback', { 'rollback-scope': 'code-and-database' }] as const;
const WAY = ['clone', 'read-only', 'switch', 'deploy'];

test.each(['payroll', 'zebra'])(
  'a tag cannot draw database %s of the server in, whenever it is written',
  async (name) => {
    for (const [index, last] of WAY.entries()) {
      const trial = begin();
      const other = withAnother(trial, name);
      await trial.through(...WAY.slice(0, index + 1));
      const before = other();
      // Without "cloned" the first copies are being made.
      const cloning = last === 'clone' ? { 'zdd-cloned': '-' } : {};
      const forgedFor = async (phase: string, inputs: Inputs = {}) => {
        // What the run before was still writing is written then.
        await trial.clock.sleep(60_000);
        await trial.run('status');
        forge(trial, { 'zdd-databases': ['shop', name].sort().join(':'), ...cloning });
        return trial.run(phase, inputs);
      };
      const next = last === 'clone' ? undefined : WAY[index + 1];
      for (const [phase, inputs] of [
        ...(next ? [[next] as const] : []),
        ['clone'] as const,
        ...(index > 1 ? [RESTORE] : []),
      ])
        expect([last, phase, (await forgedFor(phase, inputs)).failure]).toMatchObject([
          last,
          phase,
          { kind: 'drifted', happened: expect.stringContaining(`names ${name}`) },
        ]);
      for (const phase of ['status', 'rollback', 'cleanup']) await forgedFor(phase);
      expect(other()).toEqual(before);
    }
  },
);

test('a tag cannot have visitors lose what they wrote before the copy was made', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy');
  const before = databases(trial).map(({ name, databaseId }) => [name, databaseId]);
  forge(trial, { 'zdd-rollback-point': '2026-08-30T08:00:00.0000000Z' });
  for (const scope of ['code-and-database', 'auto']) {
    const { failure } = await trial.run('rollback', { 'rollback-scope': scope });
    expect(failure).toMatchObject({ kind: 'drifted', happened: expect.stringContaining('zdd-rollback-point') });
  }
  expect(databases(trial).map(({ name, databaseId }) => [name, databaseId])).toEqual(before);
});

test('a tag cannot have the content of another database brought to visitors', async () => {
  const trial = begin();
  const other = withAnother(trial, 'payroll');
  await trial.through('clone', 'read-only', 'switch', 'deploy');
  const before = databases(trial).map(({ name, contentId }) => [name, contentId]);
  const { databaseId } = other();
  forge(trial, { 'zdd-source-id': databaseId, 'zdd-rollback-under-way': 'code-and-database|2|moving' });
  const { failure } = await trial.run(...RESTORE);
  expect(failure).toMatchObject({ kind: 'drifted', happened: expect.stringContaining('zdd-source-id') });
  expect(databases(trial).map(({ name, contentId }) => [name, contentId])).toEqual(before);
});

/** A database of somebody else, beside the app's: all of it but the looks at it, and its tags, where the record's mirror may come to lie. */
function withAnother(trial: Trial, name: string) {
  const [server] = Object.values(trial.world.sql.servers);
  if (server === undefined) throw new Error('The world has a server.');
  const { databaseId } = addDatabase(trial.world, server, { name }, trial.clock.now());
  return () => {
    const found = databases(trial).find((each) => each.databaseId === databaseId);
    if (found === undefined) throw new Error(`${name} is gone.`);
    const { lastActiveAt: _, reads: __, tags: ___, ...lasting } = structuredClone(found);
    return lasting;
  };
}

/** Another app of the group, which has nothing to do with the deployment. */
function withNeighbour() {
  const trial = begin();
  addNeighbour(trial.world, { name: 'admin', build: { name: 'admin', version: '7' } }, trial.clock.now());
  return { trial, admin: () => slotOf(trial.world, 'admin', 'production') };
}

/** Writes tags as who may write tags does: on everything that carries the record. */
function forge(trial: Trial, tags: Readonly<Record<string, string>>): void {
  for (const database of databases(trial)) if (database.tags['zdd-lock']) Object.assign(database.tags, tags);
  const journal = journalOf(trial);
  if (journal['zdd-deployment']) Object.assign(journal, tags);
}

/** What was recorded in the window stands in tags of the readonly slot first. */
function journalOf({ world }: Trial): Record<string, string> {
  return siteOf(world, slotOf(world, 'web', 'production')).slots['zdd-readonly']?.tags ?? {};
}
