import { expect, test } from '@jest/globals';
import { inputDefaults } from '../../src/inputs/declared.ts';
import { asked } from '../../src/inputs/flags.ts';
import { readSettings } from '../../src/inputs/inputs.ts';

const ADA = { user: 'ada', host: 'ada’s laptop', started: '20260131140509', folder: '/home/ada/shop' };
const APP = ['--resource-group', 'rg', '--app-name', 'shop'];

function settingsFor(words: string, environment: Readonly<Record<string, string>> = {}) {
  const what = asked(words.split(' '), environment, ADA);
  if (!('environment' in what)) throw new Error(JSON.stringify(what));
  return readSettings({ ...environment, ...what.environment }, () => true);
}

test('one command rolls back the open deployment, without anything of GitHub', () => {
  const settings = settingsFor('rollback --resource-group rg --app-name shop --rollback-scope auto --accept-data-loss');
  expect(settings).toMatchObject({
    phases: ['rollback'],
    resourceGroup: 'rg',
    appName: 'shop',
    deploymentId: 'open',
    rollbackScope: 'auto',
    acceptDataLoss: true,
    github: { repository: 'by-hand/ada-s-laptop', runId: '20260131140509', actor: 'ada', workspace: '/home/ada/shop' },
  });
});

test.each(['clone,read-only', 'preflight', 'status'])('%s looks for the deployment as the action does', (phase) => {
  expect(settingsFor(`${phase} ${APP.join(' ')}`).deploymentId).toBeUndefined();
});

test('what GitHub has said already is not said anew', () => {
  const settings = settingsFor(`status ${APP.join(' ')}`, { GITHUB_REPOSITORY: 'contoso/shop', GITHUB_RUN_ID: '7' });
  expect(settings.github).toMatchObject({ repository: 'contoso/shop', runId: '7', actor: 'ada' });
});

test('secrets come from the environment and not from the command line', () => {
  const { sqlAccess, probeHeaders } = settingsFor(`status ${APP.join(' ')}`, {
    ZDD_SQL_ACCESS: 'User ID=ada;Password=Very-Hidden-4711',
    ZDD_PROBE_HEADERS: 'X-Test: 1',
  });
  expect(sqlAccess).toMatchObject({ kind: 'connection-string', user: 'ada' });
  expect(probeHeaders).toHaveLength(1);
});

test('settings that are secrets are further lines of those on the command line', () => {
  const { appSettings, cloneConnectionSettings } = settingsFor(`deploy ${APP.join(' ')} --app-settings A=1`, {
    ZDD_APP_SETTINGS: 'KEY=Very-Hidden-1',
    ZDD_CLONE_CONNECTION_SETTINGS: 'DB=Server=s;Database={{clone-database}}',
  });
  expect(appSettings.map(({ name }) => name)).toEqual(['A', 'KEY']);
  expect(cloneConnectionSettings.map(({ name }) => name)).toEqual(['DB']);
});

test.each([
  [['rollback', '--app', 'shop'], /^Unknown option '--app'\. Flags are the inputs of the action: --dry-run, /],
  [['rollback', 'complete'], /^"complete" is not a flag\. Several phases are written rollback,complete\.$/],
  [['rollback', '--app-name'], /--app-name.* argument missing/],
  [['rollback', '--app-name', 'a', '--app-name', 'b'], /^Flag --app-name is given 2 times\.$/],
  [[], /^Say which phase to run: preflight, /],
])('what is wrong with a command line is said, by its name: %j', (words, what) => {
  expect(asked(words, {}, ADA)).toEqual({ wrong: expect.stringMatching(what) });
});

test('--help names every input, and nothing else is a flag', () => {
  const what = asked(['--help'], {}, ADA);
  const usage = 'usage' in what ? what.usage : '';
  const flags = [...usage.matchAll(/^ {2}--(\S+)/gm)].map(([, name]) => name);
  expect([...flags, 'phase'].sort()).toEqual(Object.keys(inputDefaults).sort());
});

test('in a pipeline of Azure DevOps the deployment is that of the run, signed in with its service connection', () => {
  const settings = settingsFor(`deploy ${APP.join(' ')}`, {
    TF_BUILD: 'True',
    SYSTEM_TEAMPROJECT: 'Contoso Shop',
    BUILD_DEFINITIONNAME: 'deploy',
    BUILD_BUILDID: '4711',
    BUILD_REQUESTEDFOR: 'Ada Lovelace',
    SYSTEM_STAGEATTEMPT: '2',
    SYSTEM_OIDCREQUESTURI: 'https://dev.azure.com/oidctoken',
    SYSTEM_ACCESSTOKEN: 'token-of-the-job',
    AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: 'connection',
    AZURESUBSCRIPTION_CLIENT_ID: '11111111-1111-1111-1111-111111111111',
    AZURESUBSCRIPTION_TENANT_ID: '22222222-2222-2222-2222-222222222222',
  });
  expect(settings).toMatchObject({
    deploymentId: undefined,
    github: { repository: 'Contoso-Shop/deploy', runId: '4711', runAttempt: 2, actor: 'Ada-Lovelace' },
    identity: {
      clientId: '11111111-1111-1111-1111-111111111111',
      tenantId: '22222222-2222-2222-2222-222222222222',
      oidc: {
        requestUrl: 'https://dev.azure.com/oidctoken',
        requestToken: 'token-of-the-job',
        serviceConnectionId: 'connection',
      },
    },
  });
});
