import { expect, test } from '@jest/globals';
import { begin, databaseLines, databases, PASSWORD, packageOf, production, type Stage, type Trial } from './trial.ts';

const WINDOW = ['clone', 'read-only', 'switch'];
const END = ['validate', 'complete', 'cleanup'];
const DATABASE = ['rollback', { 'rollback-scope': 'code-and-database' }] as const;
const LOSSY = ['rollback', { 'rollback-scope': 'code-and-database', 'accept-data-loss': 'true' }] as const;

const NEW = { version: '2', reads: 200, writes: 201 };
const LIVE = { version: '1', reads: 200, writes: 201 };
const UPDATED = ['shop READ_WRITE schema 2'];
const UNTOUCHED = ['shop READ_WRITE schema 1'];
const RESTORED = ['shop READ_WRITE schema 1', 'shop-zdd-<id>-failed READ_WRITE schema 2'];

test.each<[string, readonly Stage[], object, string[]]>([
  ['all phases', ['preflight', ...WINDOW, 'deploy', ...END], NEW, UPDATED],
  ['a rehearsal', ['clone', 'read-only', 'cleanup'], LIVE, UNTOUCHED],
  ['an abort right after clone', ['clone', 'cleanup'], LIVE, UNTOUCHED],
  ['a rollback before the switch', ['clone', 'read-only', 'rollback', 'cleanup'], LIVE, UNTOUCHED],
  ['a rollback before deploy', [...WINDOW, 'rollback', 'cleanup'], LIVE, UNTOUCHED],
  ['a rollback of code and database', [...WINDOW, 'deploy', DATABASE, ...END], LIVE, RESTORED],
  ['a rollback after complete', [...WINDOW, 'deploy', 'validate', 'complete', LOSSY, LOSSY, ...END], LIVE, RESTORED],
  [
    'a deploy after a rollback',
    [...WINDOW, 'deploy', DATABASE, 'deploy', ...END],
    NEW,
    ['shop READ_WRITE schema 2', 'shop-zdd-<id>-failed READ_WRITE schema 2'],
  ],
  [
    'two rollbacks',
    [...WINDOW, 'deploy', DATABASE, 'deploy', DATABASE, ...END],
    LIVE,
    [...RESTORED, 'shop-zdd-<id>-failed2 READ_WRITE schema 2'],
  ],
  ['phases in one run', ['preflight,clone,read-only,switch,deploy,validate,complete,cleanup'], NEW, UPDATED],
])('%s', async (_name, phases, served, left) => {
  const trial = begin();
  await trial.through(...phases);
  expect(production(trial)).toEqual(served);
  expect(databaseLines(trial)).toEqual(left);
  expect(rules(trial)).toEqual([]);
});

test('a roll-forward: the sick build is mended while visitors stay on the read-only copy', async () => {
  const trial = begin();
  await trial.through(...WINDOW);
  const { failure, result } = await trial.run('deploy', { package: packageOf('sick'), 'health-timeout': '60' });
  expect(failure?.happened).toMatch(/^Waited .* for slot zdd-staging to be healthy/);
  expect(result?.state).toBe('read-only');
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 503 });
  await trial.through('deploy', ...END);
  expect(production(trial)).toEqual(NEW);
});

test('a rollback of the code: the live build comes back on the database as the new build left it', async () => {
  const trial = begin();
  const sameSchema = { package: packageOf('same-schema') };
  await trial.through('clone', ['read-only', sameSchema], 'switch', ['deploy', sameSchema]);
  const [before] = databases(trial);
  await trial.through('rollback', ...END);
  expect(production(trial)).toEqual(LIVE);
  expect(databases(trial).map(({ databaseId }) => databaseId)).toEqual([before?.databaseId]);
});

test('two databases: both are copied, updated and brought back together', async () => {
  const trial = begin({ databases: ['shop', 'catalog'] });
  const ids = databases(trial).map(({ databaseId }) => databaseId);
  const { notes } = await trial.run('clone');
  expect(notes.join()).toMatch(
    /^The clones of catalog and shop are .* not with each other: .* at most 1 min 2\d s apart\.$/,
  );
  expect(trial.lines).toEqual(expect.arrayContaining([...notes]));
  await trial.through(...WINDOW);
  expect(databaseLines(trial).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'catalog READ_ONLY',
    'catalog-zdd-<id> READ_ONLY',
    'shop READ_ONLY',
    'shop-zdd-<id> READ_ONLY',
  ]);
  await trial.through('deploy', DATABASE, ...END);
  expect(
    databases(trial)
      .map(({ name }) => name.replace(/\d{8}-[a-z0-9]{5}/, '<id>'))
      .sort(),
  ).toEqual(['catalog', 'catalog-zdd-<id>-failed', 'shop', 'shop-zdd-<id>-failed']);
  const kept = databases(trial).map(({ databaseId }) => databaseId);
  expect(kept).toEqual(expect.arrayContaining(ids));
});

test('a clone whose tags Azure lost is known to date from after the start of the copy, not of the database', async () => {
  const trial = begin({ variants: { 'tags-lost-on-copy': true } });
  const startedAt = trial.clock.now();
  const { result } = await trial.run('clone');
  const clone = databases(trial).find(({ name }) => name !== 'shop');
  const requestedAt = Date.parse(result?.snapshotRequestedAt ?? '');
  expect(requestedAt).toBeGreaterThanOrEqual(startedAt);
  expect(requestedAt).toBeLessThan(startedAt + 5_000);
  expect(clone?.creationDate).toBeGreaterThan(startedAt + 30_000);
});

test('mode read-write: visitors write to the clone, and every summary says what will be lost', async () => {
  const trial = begin();
  const mode = { mode: 'read-write', 'accept-data-loss': 'true', 'readonly-settings': 'SHOP_BACKGROUND=off' };
  await trial.through(['clone', mode]);
  const { notes } = await trial.run('read-only', mode);
  expect(notes.join()).toMatch(/^Not checked, because of mode read-write: that nothing can be written on the copy/);
  const { failure, warnings } = await trial.run('switch', mode);
  expect(failure).toBeUndefined();
  expect(warnings).toEqual([
    'Mode read-write: everything that visitors write now goes to the clone and will be lost when it is deleted.',
  ]);
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
  await trial.through(['deploy', mode], ['validate', mode], ['complete', mode], ['cleanup', mode]);
  expect(production(trial)).toEqual(NEW);
});

test.each<[string, readonly Stage[], string[]]>([
  ['ended well', ['read-only', 'switch', 'deploy', ...END], ['shop READ_WRITE schema 2']],
  ['went back', ['read-only', 'switch', 'deploy', DATABASE, ...END], RESTORED],
  ['was given up', ['read-only', 'cleanup'], UNTOUCHED],
])('a run may open another deployment after one that %s', async (_how, phases, left) => {
  const trial = begin();
  await trial.through('clone', ...phases);
  expect(databaseLines(trial)).toEqual(left);
  const again = { 'same-build': 'true' };
  await trial.through(['preflight', again], ...WINDOW);
  const { result } = await trial.run('status');
  expect(result?.state).toBe('read-only');
  await trial.through('deploy', ...END.map((phase) => [phase, again] as const));
  expect(production(trial)).toEqual(NEW);
});

test('the log says what was checked, not only the summary', async () => {
  const trial = begin();
  await trial.through(...WINDOW, 'deploy', 'validate');
  expect(trial.lines).toContain('passed: GET /health: answered as it should');
});

test('a firewall rule that a killed run left open goes with cleanup, also when nothing else is left', async () => {
  const trial = begin();
  const { result } = await trial.run('clone');
  await trial.through('cleanup');
  const [server] = Object.values(trial.world.sql.servers);
  if (!server) throw new Error('The world has a server.');
  for (const name of [`zdd-${result?.deploymentId}-1-1-ab12`, 'zdd-20260101-other-9-1-ab12']) {
    server.firewallRules[name] = { name, startIpAddress: '192.0.2.7', endIpAddress: '192.0.2.7', effectiveAt: 0 };
  }
  expect((await trial.run('cleanup')).result?.changed).toBe(true);
  expect(rules(trial)).toEqual(['zdd-20260101-other-9-1-ab12']);
  expect((await trial.run('cleanup')).result?.changed).toBe(false);
});

test('migrate-command runs once for an attempt, with a way to the database', async () => {
  const told: Readonly<Record<string, string>>[] = [];
  const masked: string[] = [];
  const trial = begin(
    {},
    {
      around: (ports) => ({ ...ports, log: { ...ports.log, secret: (text) => void masked.push(text) } }),
      async run(_command, environment) {
        told.push(environment);
        return { exitCode: 0 };
      },
    },
  );
  const deploy = ['deploy', { 'migrate-command': './migrate' }] as const;
  await trial.through(...WINDOW, deploy, deploy);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ ZDD_DATABASE: 'shop', ZDD_SQL_SERVER: 'sql.database.windows.net' });
  expect(masked).toEqual(expect.arrayContaining([told[0]?.ZDD_CONNECTION_STRING_DEFAULTCONNECTION, PASSWORD]));
});

function rules({ world }: Trial): string[] {
  return Object.values(world.sql.servers)
    .flatMap((server) => Object.keys(server.firewallRules))
    .filter((name) => name.startsWith('zdd-'));
}
