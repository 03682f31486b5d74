import { expect, test } from '@jest/globals';
import { advance } from '../../simulator/model/model.ts';
import { setSchema } from '../../simulator/model/sql/rows.ts';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import { SqlError } from '../../src/ports.ts';
import { stranger } from './stranger.ts';
import { azure, begin, databases, PASSWORD, production, type Trial } from './trial.ts';

const LIVE = { version: '1', reads: 200, writes: 201 };

test('another run does not take up an open deployment: it is refused, naming the owner, and changes nothing', async () => {
  const first = begin();
  await first.through('clone');
  const second = begin({}, { world: first.world, runId: '2' });
  const before = azure(first);
  const { failure } = await second.run('clone');
  expect(failure?.kind).toBe('refused');
  expect(failure?.happened).toMatch(/is open on shop; ada began it in run org\/shop\/1\/1/);
  expect(azure(first)).toEqual(before);
  await first.through('read-only', 'cleanup');
});

test('"deployment-id: open" takes it up', async () => {
  const first = begin();
  await first.through('clone', 'read-only', 'switch');
  const second = begin({}, { world: first.world, runId: '2' });
  const open = { 'deployment-id': 'open' };
  await second.through(['rollback', open], ['cleanup', open]);
  expect(production(second)).toEqual(LIVE);
});

test.each(['switch', 'deploy', 'validate', 'complete', 'rollback'])(
  '%s without a deployment is refused',
  async (phase) => {
    const trial = begin();
    const before = azure(trial);
    const { failure } = await trial.run(phase);
    expect(failure?.kind).toBe('refused');
    expect(failure?.next).toContain('"clone"');
    expect(azure(trial)).toEqual(before);
  },
);

test('an app that does not exist stops the run before anything is changed', async () => {
  const trial = begin();
  const before = azure(trial);
  const { failure } = await trial.run('clone', { 'app-name': 'wbe' });
  expect(failure).toMatchObject({ kind: 'bad-input', happened: 'There is no app wbe in resource group rg.' });
  expect(azure(trial)).toEqual(before);
});

test('a stranger in the original ends the switch after the drain; visitors go back to the live build, and it ends well when he is gone', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only');
  const before = production(trial);
  const ada = stranger(trial, 'shop');
  const { failure } = await trial.run('switch');
  expect(failure?.happened).toMatch(
    /^Database shop is not quiet after .*Azure Data Studio on ADAS-LAPTOP as zddadmin.* So visitors were sent back to the live build\.$/,
  );
  expect(failure?.next).toMatch(/End these connections.* Then run "switch" again, or "cleanup"\./);
  expect(production(trial)).toEqual(before);
  expect(pointOf(trial)).toBeUndefined();
  ada.leave();
  await trial.through('switch');
  expect(pointOf(trial)).toMatch(/^2026-09-01T/);
});

test('an original that cannot be closed for another reason is not said to have somebody in it, and nobody waits for him to go: visitors are sent back', async () => {
  const before = begin();
  await before.through('clone', 'read-only');
  const said = 'Setting database option READ_ONLY is not allowed here. ALTER DATABASE statement failed.';
  const trial = begin(
    {},
    {
      world: before.world,
      clock: before.clock,
      around: (ports) => ({
        ...ports,
        sql: {
          async connect(target) {
            const connection = await ports.sql.connect(target);
            return {
              ...connection,
              query: (statement, parameters) =>
                /SET READ_ONLY/.test(statement)
                  ? Promise.reject(new SqlError([5084, 5069], said))
                  : connection.query(statement, parameters),
            };
          },
        },
      }),
    },
  );
  const { failure } = await trial.run('switch');
  expect(failure?.happened).toBe(
    `SQL Server refused to set an original READ_ONLY (error 5084): ${said} So visitors were sent back to the live build.`,
  );
  expect(production(trial)).toEqual(LIVE);
  await before.through('switch');
});

test.each([
  [{ 'switch-timeout': '0' }, {}],
  [{}, { mode: 'read-write', 'accept-data-loss': 'true', 'readonly-settings': 'SHOP_BACKGROUND=off' }],
])('a stranger in the original stops the switch where nobody is sent back: %j %j', async (inputs, always) => {
  const trial = begin();
  await trial.through(['clone', always], ['read-only', always]);
  const ada = stranger(trial, 'shop');
  const { failure } = await trial.run('switch', { ...always, ...inputs });
  expect(failure?.next).toMatch(/End these connections.* Then run the phase again, or "rollback"\.$/);
  expect(production(trial).writes).toBe('mode' in always ? 201 : 503);
  ada.leave();
  await trial.through(['switch', always]);
  expect(pointOf(trial)).toMatch(/^2026-09-01T/);
});

test('a swap that takes longer than it may is awaited all the same, and visitors are brought back from where it took them', async () => {
  const trial = begin({ durations: { swapRestartSource: 900_000 } });
  await trial.through('clone', 'read-only');
  const before = production(trial);
  const inputs = { 'swap-timeout': '60' };
  const around = trial.run('switch', inputs);
  await trial.clock.sleep(600_000);
  trial.world.durations.swapRestartSource = 20_000;
  const { failure } = await around;
  expect(failure?.happened).toBe(
    'The swap has taken longer than 1 min 0 s (swap-timeout). So visitors were sent back to the live build.',
  );
  expect(production(trial)).toEqual(before);
});

test('allow-other-writers goes on, leaves the database to them, and says so from then on', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only');
  stranger(trial, 'shop');
  const { failure, warnings } = await trial.run('switch', { 'allow-other-writers': 'true' });
  expect(failure).toBeUndefined();
  expect(warnings.join()).toContain('Others went on writing to the originals (Azure Data Studio on ADAS-LAPTOP');
  expect(databases(trial).find(({ name }) => name === 'shop')?.isReadOnly).toBe(false);
});

test('somebody who uses the clone keeps it from being deleted', async () => {
  const trial = begin();
  await trial.through('clone');
  const clone = databases(trial).find(({ name }) => name !== 'shop');
  const reader = stranger(trial, clone?.name ?? '');
  const { failure } = await trial.run('cleanup');
  expect(failure?.happened).toContain('is in use');
  expect(databases(trial)).toContain(clone);
  reader.leave();
  await trial.through('cleanup');
  expect(databases(trial).map(({ name }) => name)).toEqual(['shop']);
});

test('no secret is in what is logged, reported or kept in tags', async () => {
  const trial = begin();
  const reports: unknown[] = [];
  for (const phase of ['preflight', 'clone', 'read-only', 'switch', 'deploy', 'validate', 'complete', 'status']) {
    reports.push(await trial.run(phase, { 'probe-headers': 'X-Key: Secret-Header-4711' }));
  }
  const said = JSON.stringify([trial.lines, reports, databases(trial).map(({ tags }) => tags)]);
  expect(said).toContain('shop-zdd-');
  expect(said).not.toContain(PASSWORD);
  expect(said).not.toContain('Secret-Header-4711');
});

test('an id that was used before is refused at once, and what to give instead is said', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy', 'validate', 'complete', 'cleanup');
  const { failure, result } = await trial.run('clone', { 'deployment-id': servedId(trial) });
  expect(failure?.happened).toMatch(/^Deployment \S+ has been before: production still carries its marker/);
  expect(failure?.next).toBe(
    'Ids are never used again: leave input deployment-id out, or give one that was never used.',
  );
  expect(result?.changed).toBe(false);
});

test('clone copies nothing while production serves a read-only copy whose record is gone', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch');
  await trial.clock.sleep(60_000);
  advance(trial.world, trial.clock.now());
  for (const database of databases(trial)) database.tags = {};
  const before = azure(trial);
  for (const run of [trial, begin({}, { world: trial.world, clock: trial.clock, runId: '2' })]) {
    const { failure } = await run.run('clone');
    expect(failure?.kind).toBe('drifted');
    expect(failure?.happened).toMatch(/serves the read-only copy of deployment \S+, and no database .* has its record/);
    expect(failure?.next).toContain('az webapp deployment slot swap --resource-group rg --name web --slot <slot>');
  }
  expect(azure(trial)).toEqual(before);
});

test.each([
  ['"validate" was given one, "complete" none', {}, { 'schema-version-query': '' }],
  ['"validate" was given none, "complete" one', { 'schema-version-query': '' }, {}],
  ['"validate" was given another one', {}, { 'schema-version-query': 'SELECT 1' }],
])('a schema-version-query that complete does not share with validate is named: %s', async (words, before, now) => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy', ['validate', before]);
  const { failure } = await trial.run('complete', now);
  expect(failure?.kind).toBe('refused');
  expect(failure?.happened).toContain(`because input schema-version-query differs: ${words}.`);
  await trial.through(['complete', before]);
});

test('a schema that changed after validation is named as what changed', async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy', 'validate');
  const shop = databases(trial).find(({ name }) => name === 'shop');
  setSchema(trial.world, shop?.contentId ?? '', '3', trial.clock.now());
  const { failure } = await trial.run('complete');
  expect(failure?.happened).toMatch(/new\/1 was validated there has been a change of the schema version\.$/);
  expect(failure?.next).toBe('Run "validate" again.');
});

function servedId({ world }: Trial): string {
  return slotOf(world, 'web', 'production').occupant.settings.ZDD_INSTANCE?.split('/')[0] ?? '';
}

function pointOf(trial: Trial): string | undefined {
  const journal = slotOf(trial.world, 'web', 'zdd-readonly').tags;
  const [latest] = [journal, ...databases(trial).map(({ tags }) => tags)].toSorted(
    (one, other) => Number(other['zdd-entry'] ?? 0) - Number(one['zdd-entry'] ?? 0),
  );
  const point = latest?.['zdd-rollback-point'];
  return point === '-' ? undefined : point;
}
