import { expect, test } from '@jest/globals';
import { complaintAbout, settingsOf } from './environment.ts';

test.each<[string, Record<string, string>, string]>([
  ['read-write without agreeing to the loss', { mode: 'read-write' }, 'accept-data-loss'],
  [
    'read-write with a profile that cannot stop background work',
    { phase: 'read-only', mode: 'read-write', 'accept-data-loss': 'true', profile: 'optimizely-cms11' },
    'turns off background work',
  ],
  ['a pool and a size', { 'clone-elastic-pool': 'pool', 'clone-service-objective': 'S3' }, 'one of the two'],
  ['two builds', { image: 'shop.azurecr.io/shop:2', package: '/new.zip' }, 'a build is one or the other'],
  [
    'a package twice',
    { package: 'https://files.example.com/2.zip', 'app-settings': 'WEBSITE_RUN_FROM_PACKAGE=1' },
    'which it becomes',
  ],
  [
    'a restore of what is never restored',
    { 'no-database-rollback': 'true', 'prepare-rollback': 'true' },
    'need no restore',
  ],
  [
    'a connection string as an app setting',
    { 'readonly-settings': 'connection-string:Shop:SQLAzure=Server=s' },
    'which makes a connection string of it',
  ],
  ['a slot of the action that is to be paused', { 'pause-auto-swap': 'ZDD-staging' }, 'a slot of the action'],
  [
    'slot settings and an identity that may not change production',
    { 'release-slot-settings': 'Shop', 'swap-client-id': '22222222-2222-4222-8222-222222222222' },
    'past every approval',
  ],
  ['one slot for two', { 'readonly-slot': 'blue', 'staging-slot': 'Blue' }, 'two different slots'],
  [
    'a rollback point without a rollback',
    { 'rollback-point': '2026-01-31T14:05:09Z', 'rollback-scope': 'code-and-database' },
    'only with phase rollback',
  ],
  [
    'a rollback point for the code',
    { phase: 'rollback', 'rollback-point': '2026-01-31T14:05:09Z' },
    'rollback-scope "code-and-database"',
  ],
  [
    'ignoring the schema that comes back',
    { phase: 'rollback', 'rollback-scope': 'code-and-database', 'ignore-schema': 'true' },
    'only with rollback-scope "code"',
  ],
  [
    'overriding without completing',
    { phase: 'validate', 'override-validation': 'trust me' },
    'only with phase complete',
  ],
  [
    'a database without its server among several',
    { 'sql-server': 'sql,identity', databases: 'sql/shop,orders' },
    'names "orders" without a server beside databases of sql, identity',
  ],
  ['one database with its server', { databases: 'sql/shop,orders' }, '<server>/<database> for each'],
  ['a database of another server', { 'sql-server': 'sql', databases: 'identity/shop' }, 'names server "identity"'],
  ['opening what is open', { phase: 'clone', 'deployment-id': 'open' }, 'which opens a deployment'],
  [
    'two servers',
    { 'sql-server': 'one', 'sql-access': 'Server=two.database.windows.net;User ID=a;Password=secret' },
    'the same server',
  ],
  ['an unknown placeholder', { 'readonly-settings': 'A={{clone}}' }, '{{clone}} is not one of'],
  ['a placeholder in one brace', { 'readonly-settings': 'A={clone-database}' }, 'write two braces on both sides'],
  [
    'a placeholder that does not end',
    { 'clone-connection-settings': 'A=Database={{clone-database}' },
    '{{clone-database}',
  ],
  ['the clone in the new build', { 'app-settings': 'A={{clone-database}}' }, 'is not one of'],
  [
    'one clone of two',
    { databases: 'a,b', 'clone-connection-settings': 'A={{clone-database}}' },
    '{{clone-database:NAME}}',
  ],
  [
    'a value of which a part is unchanged',
    { 'clone-connection-settings': 'A=Server=x;{{unchanged}}' },
    '{{unchanged}} is not one of',
  ],
  ['an unchanged setting elsewhere', { 'readonly-settings': 'A={{unchanged}}' }, '{{unchanged}} is not one of'],
  ['unchanged in one brace', { 'clone-connection-settings': 'A={unchanged}' }, 'write two braces on both sides'],
  ['the marker', { 'app-settings': 'zdd_instance=x' }, 'which the action itself sets'],
  [
    'a probe that shows nothing',
    { 'read-only-probes': 'POST /a -> 503', 'write-probes': 'POST /a -> 503' },
    'which then shows nothing',
  ],
  ['one setting twice', { 'readonly-settings': 'A=1', 'clone-connection-settings': 'a=2' }, 'both set a'],
])('%s is refused', (_what, inputs, part) => {
  expect(complaintAbout(inputs)).toContain(part);
});

test('what was not understood is not called a contradiction as well', () => {
  const complaint = complaintAbout({
    phase: 'roll',
    'rollback-point': '2026-01-31T14:05:09Z',
    'rollback-scope': 'code-and-database',
  });
  expect(complaint).not.toContain('only with phase rollback');
});

test('what belongs together passes', () => {
  const settings = settingsOf({
    phase: 'rollback,validate,complete',
    'rollback-scope': 'code-and-database',
    'rollback-point': '2026-01-31T14:05:09.1234567Z',
    'accept-data-loss': 'true',
    'override-validation': 'known flaky check, agreed with the owner',
    'sql-server': 'one',
    'sql-access': 'Server=tcp:one.database.windows.net,1433;User ID=a;Password=secret',
  });
  expect(settings.sqlAccess).toEqual({
    kind: 'connection-string',
    host: 'one.database.windows.net',
    port: 1433,
    user: 'a',
    password: 'secret',
  });
});
