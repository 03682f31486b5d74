import { expect, test } from '@jest/globals';
import { Stop } from '../../src/errors.ts';
import { readSettings } from '../../src/inputs/inputs.ts';
import { complaintAbout, environmentOf, least, settingsOf } from './environment.ts';

test('the least inputs give the defaults of action.yml', () => {
  const settings = settingsOf();
  expect(settings).toMatchObject({
    phases: ['status'],
    resourceGroup: 'shop-rg',
    appName: 'shop',
    mode: 'read-only',
    profile: 'custom',
    readonlySlot: 'zdd-readonly',
    stagingSlot: 'zdd-staging',
    databases: undefined,
    dryRun: false,
    drainSeconds: 60,
    soakSeconds: 300,
    swapSettleSeconds: 180,
    swapTimeout: 2700,
    switchTimeout: 3600,
    maxErrors: 0,
    healthPath: '/',
    rollbackScope: 'code',
    sqlAccess: { kind: 'token' },
    azureEnvironment: { kind: 'public' },
    versionSource: { kind: 'body', path: '/version' },
    given: {},
  });
});

test('an input that a workflow passes on empty counts as left out', () => {
  const settings = settingsOf({ 'drain-seconds': '', 'dry-run': ' ', mode: '' });
  expect(settings.drainSeconds).toBe(60);
  expect(settings.dryRun).toBe(false);
  expect(settings.given).toEqual({});
});

test('everything that can be given is read', () => {
  const settings = settingsOf({
    phase: 'clone, read-only ,switch',
    databases: 'Shop\norders',
    'sql-server':
      '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/db/providers/Microsoft.Sql/servers/shopsql',
    'readonly-settings': '# comment\nShop__ReadOnly = true\nA=b=c',
    'read-only-probes': 'POST /orders -> 503\nPOST /subscribe -> 302 /closed',
    'write-probes': 'POST /ping-write -> 200',
    'probe-headers': 'Authorization: Basic abcdefgh',
    'smoke-paths': '/,/products?page=2',
    'warm-up-statuses': '200, 302',
    'version-source': 'json /version /build/number',
    'azure-environment': 'https://localhost:8443/',
    package: 'out/shop.zip',
  });
  expect(settings.phases).toEqual(['clone', 'read-only', 'switch']);
  expect(settings.databases).toEqual(['Shop', 'orders']);
  expect(settings.sqlServers).toMatchObject([{ kind: 'resource-id', resourceGroup: 'db', name: 'shopsql' }]);
  expect(settings.readonlySettings).toEqual([
    { name: 'Shop__ReadOnly', value: 'true' },
    { name: 'A', value: 'b=c' },
  ]);
  expect(settings.readOnlyProbes).toEqual([
    { method: 'POST', path: '/orders', status: 503 },
    { method: 'POST', path: '/subscribe', status: 302, location: '/closed' },
  ]);
  expect(settings.writeProbes).toEqual([{ method: 'POST', path: '/ping-write', status: 200 }]);
  expect(settings.probeHeaders).toEqual([{ name: 'Authorization', value: 'Basic abcdefgh' }]);
  expect(settings.smokePaths).toEqual(['/', '/products?page=2']);
  expect(settings.warmUpStatuses).toEqual([200, 302]);
  expect(settings.versionSource).toEqual({ kind: 'json', path: '/version', pointer: '/build/number' });
  expect(settings.azureEnvironment).toEqual({ kind: 'own', resourceManager: 'https://localhost:8443' });
  expect(settings.package).toMatch(/out\/shop\.zip$/);
});

test.each([
  ['phase', 'deploi'],
  ['phase', 'switch,clone'],
  ['phase', 'clone,clone'],
  ['phase', 'status,clone'],
  ['phase', 'deploy,rollback'],
  ['phase', 'clone,,switch'],
  ['phase', 'readonly'],
  ['phase', 'preflight,'],
  ['phase', 'preflight clone'],
  ['dry-run', 'yes'],
  ['dry-run', 'True'],
  ['deployment-id', '2026-k7m2x'],
  ['deployment-id', '20260131-K7M2X'],
  ['resource-group', 'a/b'],
  ['app-name', 'shop.azurewebsites.net'],
  ['databases', 'master'],
  ['databases', 'shop,Shop'],
  ['databases', 'shop-zdd-20260131-k7m2x'],
  ['databases', ','],
  ['databases', '["shop","orders"]'],
  ['sql-server', '/subscriptions/x/resourceGroups/y/providers/Microsoft.Sql/managedInstances/z'],
  ['sql-server', 'two words'],
  ['sql-server', 'tcp:shopsql.database.windows.net,1433'],
  ['readonly-slot', 'Production'],
  ['staging-slot', '-x'],
  ['mode', 'readonly'],
  ['accept-data-loss', '1'],
  ['max-read-only-minutes', '0'],
  ['profile', 'sitecore'],
  ['storage-account', 'My-Account'],
  ['clone-service-objective', 'S 3'],
  ['health-path', 'health'],
  ['health-path', '//evil.example'],
  ['health-path', '/health?full=1'],
  ['warm-up-statuses', '200,3xx'],
  ['health-timeout', '10m'],
  ['smoke-paths', '/ok,not-ok'],
  ['read-only-probes', 'POST /orders 503'],
  ['read-only-probes', 'FETCH /orders -> 503'],
  ['read-only-probes', 'HEAD /contact -> 200 forms disabled'],
  ['read-only-probes', 'HEAD / -> 200 lacks Order now'],
  ['write-probes', 'HEAD / -> 200 contains ok'],
  ['read-only-probes', 'POST /orders -> 503 /closed'],
  ['read-only-probes', 'POST orders -> 503'],
  ['version-source', 'page /version'],
  ['version-source', 'json /version number'],
  ['max-errors', '-1'],
  ['rollback-scope', 'database'],
  ['rollback-point', '2026-02-30T00:00:00Z'],
  ['rollback-point', '2026-01-31 14:05'],
  ['rollback-point', '2026-01-31T14:05:09+01:00'],
  ['drain-seconds', '4'],
  ['soak-seconds', '7201'],
  ['swap-settle-seconds', '29'],
  ['swap-timeout', '1.5'],
  ['client-id', 'my-app'],
  ['subscription-id', '1111'],
  ['azure-environment', 'http://localhost:8443'],
  ['azure-environment', 'germany'],
])('%s "%s" is refused by name, with its value and what is allowed', (name, value) => {
  const complaint = complaintAbout({ [name]: value });
  expect(complaint).toContain(`Input ${name} is "${value}"`);
  expect(complaint).toContain('Allowed:');
});

test('everything wrong is named at once', () => {
  const complaint = complaintAbout({ phase: 'nope', mode: 'x', 'drain-seconds': '1', 'app-name': '' });
  for (const name of ['phase', 'mode', 'drain-seconds', 'app-name']) expect(complaint).toContain(`Input ${name} `);
});

test('a required input that is left out is missing, not wrong', () => {
  expect(complaintAbout({ 'resource-group': ' ' })).toContain('Input resource-group is missing.');
});

test('an unknown input is refused with the nearest name', () => {
  expect(complaintAbout({ 'accept-dataloss': 'true' })).toContain(
    'Input accept-dataloss is unknown. Did you mean accept-data-loss?',
  );
  expect(complaintAbout({ dry_run: 'true' })).toContain('Did you mean dry-run?');
  expect(complaintAbout({ webhook: 'x' })).toContain('See action.yml');
});

test.each(['"ReadOnly"', "'ReadOnly'", '“ReadOnly”', '„ReadOnly“', '’ReadOnly’'])(
  'the setting A=%s is refused: its quotes would become a part of the value',
  (value) => {
    expect(complaintAbout({ 'readonly-settings': `B=1\nA=${value}` })).toContain('without quotes around them');
    expect(complaintAbout({ 'readonly-settings': `B=1\nA=${value}` })).toContain('line 2');
  },
);

test('quotes inside a value, windows line ends and comments are nothing wrong', () => {
  const text = '# what the copy gets\r\nA="x" or "y"\r\n\r\nB=Server=s;Password="a;b"\r\n';
  expect(settingsOf({ 'readonly-settings': text }).readonlySettings).toEqual([
    { name: 'A', value: '"x" or "y"' },
    { name: 'B', value: 'Server=s;Password="a;b"' },
  ]);
});

test('a wrong value that may be a secret is never repeated', () => {
  const inputs = {
    'sql-access': 'Server=x;User ID=hunter',
    'readonly-settings': 'hunter2',
    'probe-headers': 'hunter3',
    'app-settings': 'A=1\na=hunter4',
  };
  const complaint = complaintAbout(inputs);
  for (const name of Object.keys(inputs)) expect(complaint).toContain(`Input ${name} is not usable`);
  expect(complaint).not.toContain('hunter');
});

test('a package has to be there for the phases that read it, and only for them', () => {
  expect(complaintAbout({ phase: 'deploy', package: 'out/shop.zip' }, false)).toMatch(
    /Input package is "out\/shop\.zip", and there is no file \S*out\/shop\.zip\. Allowed: the path of a \.zip file/,
  );
  expect(complaintAbout({ phase: 'deploy', package: 'shop.tar.gz' })).toContain('Allowed: the path of a .zip file');
  const environment = environmentOf({ ...least, package: 'shop.zip' });
  expect(readSettings(environment, () => false).package).toBe('shop.zip');
});

test('a wrong input is a Stop that says that nothing was done', () => {
  const read = () => readSettings({}, () => true);
  expect(read).toThrow(Stop);
  expect(read).toThrow(/Nothing was done/);
});

test('identity and GitHub are read from the environment, inputs first', () => {
  const settings = readSettings(
    {
      ...environmentOf({ ...least, 'client-id': '11111111-1111-1111-1111-111111111111', 'github-token': 'ghs_abc' }),
      AZURE_CLIENT_ID: '22222222-2222-2222-2222-222222222222',
      AZURE_TENANT_ID: 'contoso.onmicrosoft.com',
      AZURE_CLIENT_SECRET: 's3cret-value',
      ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_RUN_ID: '42',
      GITHUB_RUN_ATTEMPT: '2',
      GITHUB_ACTOR: 'ann',
      GITHUB_TRIGGERING_ACTOR: 'bob',
      GITHUB_WORKSPACE: '/home/work',
    },
    () => true,
  );
  expect(settings.identity).toMatchObject({
    clientId: '11111111-1111-1111-1111-111111111111',
    tenantId: 'contoso.onmicrosoft.com',
    clientSecret: 's3cret-value',
    oidc: { requestUrl: 'https://token.example', requestToken: 'request-token' },
    managedIdentity: undefined,
  });
  expect(settings.github).toMatchObject({
    repository: 'o/r',
    runId: '42',
    runAttempt: 2,
    actor: 'bob',
    token: 'ghs_abc',
  });
});

test.each([
  ['AZURE_CLIENT_ID', 'client-id', 'zdd-shop'],
  ['AZURE_TENANT_ID', 'tenant-id', 'Contoso Ltd'],
  ['AZURE_SUBSCRIPTION_ID', 'subscription-id', 'My Subscription'],
])('variable %s is refused as input %s is, and not looked at when that is given', (variable, input, wrong) => {
  const read = (inputs: Record<string, string>) =>
    readSettings({ ...environmentOf({ ...least, ...inputs }), [variable]: wrong }, () => true);
  expect(() => read({})).toThrow(`Variable ${variable} is "${wrong}". Allowed: a GUID`);
  expect(() => read({ [input]: '11111111-1111-1111-1111-111111111111' })).not.toThrow();
});

test('the clock runs faster only against a simulator', () => {
  const rated = (inputs: Record<string, string>, rate: string) =>
    readSettings({ ...environmentOf({ ...least, ...inputs }), ZDD_CLOCK_RATE: rate }, () => true).clockRate;
  expect(rated({ 'azure-environment': 'https://localhost:8443' }, '60')).toBe(60);
  expect(() => rated({}, '60')).toThrow(/only together with a simulator/);
  for (const azure of ['https://management.azure.com', 'https://WestEurope.management.azure.com./']) {
    expect(() => rated({ 'azure-environment': azure }, '60')).toThrow(/only together with a simulator/);
  }
  for (const odd of ['https://localhost/#x', 'https://:p@localhost/', 'https://localhost/?x', 'http://localhost']) {
    expect(() => rated({ 'azure-environment': odd }, '1')).toThrow(/Input azure-environment/);
  }
  expect(() => rated({ 'azure-environment': 'https://localhost:8443' }, 'fast')).toThrow(/ZDD_CLOCK_RATE is "fast"/);
});

test.each([
  ['media', ['media/']],
  ['/media', ['media/']],
  ['App_Data\\tenants, /home/site/scripts', ['App_Data/tenants/', '/home/site/scripts/']],
  ['/home/certificates/', ['/home/certificates/']],
])('keep-files %s names folders below wwwroot, or beside it', (value, folders) => {
  expect(readSettings(environmentOf({ ...least, 'keep-files': value }), () => true).keepFiles).toEqual(folders);
});

test.each([
  '/home/',
  '/home/site',
  '/home/site/wwwroot/media',
  '/home/site/Deployments',
  '/home//data/SitePackages',
  '/home/LogFiles',
  '/home/.ssh',
  '/home/site/../data',
])('keep-files %s is refused: it is not the app’s own', (value) => {
  const read = () => readSettings(environmentOf({ ...least, 'keep-files': value }), () => true);
  expect(read).toThrow(/Input keep-files is ".*Allowed: /);
});
