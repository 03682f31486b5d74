import { expect, test } from '@jest/globals';
import { type Answered, callerOn, messageOf, SITE, STAGING } from './web/caller.ts';

const code = (answered: Answered) => (JSON.parse(answered.text) as { error: { code: string } }).error.code;

test('without a token: 401 with a challenge', () => {
  const answered = callerOn().send('GET', SITE, undefined, { clientId: null });
  expect([answered.status, code(answered)]).toEqual([401, 'AuthenticationFailed']);
  expect(answered.headers['www-authenticate']).toMatch(/^Bearer authorization_uri=/);
});

test('with a token of somebody unknown: 401', () => {
  expect(callerOn().send('GET', SITE, undefined, { clientId: 'nobody' }).status).toBe(401);
});

test('without the role: 403 that names who, what and where', () => {
  const caller = callerOn();
  for (const principal of Object.values(caller.world.principals)) principal.roles = [];
  const answered = caller.send('POST', `${STAGING}/slotsswap`, { targetSlot: 'production', preserveVnet: true });
  const [principal] = Object.values(caller.world.principals);
  expect([answered.status, code(answered)]).toEqual([403, 'AuthorizationFailed']);
  expect(messageOf(answered)).toBe(
    `The client '${principal?.clientId}' with object id '${principal?.objectId}' does not have authorization to perform action 'Microsoft.Web/sites/slots/slotsswap/action' over scope '${STAGING}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
});

test.each([
  ['GET', `${SITE}/config/web`, 'Microsoft.Web/sites/config/read'],
  ['POST', `${STAGING}/config/appsettings/list`, 'Microsoft.Web/sites/slots/config/list/action'],
  ['PUT', STAGING, 'Microsoft.Web/sites/slots/write'],
  ['DELETE', STAGING, 'Microsoft.Web/sites/slots/delete'],
  ['PATCH', `${SITE}/providers/Microsoft.Resources/tags/default`, 'Microsoft.Resources/tags/write'],
  [
    'GET',
    '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg',
    'Microsoft.Resources/subscriptions/resourceGroups/read',
  ],
])('%s %s needs %s', (method, target, action) => {
  const caller = callerOn();
  for (const principal of Object.values(caller.world.principals)) {
    principal.roles = [
      { scope: '/subscriptions/00000000-0000-0000-0000-000000000000', actions: ['*'], notActions: [action] },
    ];
  }
  expect(messageOf(caller.send(method, target, {}))).toContain(`'${action}'`);
});

test('one reads one’s own permissions at a scope', () => {
  const answered = callerOn().send('GET', `${SITE}/providers/Microsoft.Authorization/permissions`);
  const { value } = JSON.parse(answered.text) as { value: { actions: string[]; notActions: string[] }[] };
  expect(value[0]?.actions).toContain('Microsoft.Web/sites/slotsswap/action');
  expect(value[0]).toMatchObject({ notActions: [], dataActions: [], notDataActions: [] });
});

test.each([
  [`/subscriptions/11111111-0000-0000-0000-000000000000/resourceGroups/rg`, 'SubscriptionNotFound'],
  [`${SITE}x`, 'ResourceNotFound'],
])('%s: 404 %s', (target, wanted) => {
  const answered = callerOn().send('GET', target);
  expect([answered.status, code(answered)]).toEqual([404, wanted]);
});

test('names are compared without regard to case', () => {
  expect(callerOn().send('GET', SITE.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions')).status).toBe(200);
});

test('no api-version: 400', () => {
  expect(code(callerOn().send('GET', `${SITE}?x=1`))).toBe('MissingApiVersionParameter');
});

test('storage accounts tell whether blobs are versioned', () => {
  const caller = callerOn();
  const id = `${SITE.split('/providers/')[0]}/providers/Microsoft.Storage/storageAccounts/media`;
  caller.world.storageAccounts.media = { id, name: 'media', isVersioningEnabled: true };
  const answered = caller.send('GET', `${id}/blobServices/default`);
  expect(JSON.parse(answered.text).properties.isVersioningEnabled).toBe(true);
  expect(caller.send('GET', `${id}2/blobServices/default`).status).toBe(404);
});

test('the plan tells its tier', () => {
  const plan = SITE.replace('sites/web', 'serverfarms/plan');
  expect(JSON.parse(callerOn().send('GET', plan).text).sku).toMatchObject({
    name: 'S1',
    tier: 'Standard',
    capacity: 1,
  });
});

test('answers carry Azure’s date, when they arrive, and what is left of the budget', () => {
  const caller = callerOn();
  const read = caller.send('GET', SITE);
  expect(Date.parse(read.headers.date ?? '')).toBe(caller.now());
  expect(read.headers['x-ms-ratelimit-remaining-subscription-global-reads']).toBe('16499');
  const created = caller.send('PUT', STAGING, { location: 'West Europe', properties: {} });
  expect(Date.parse(created.headers.date ?? '')).toBe(caller.now());
});

test('a body that is no JSON: 400', () => {
  const answered = callerOn().send('PATCH', SITE, new TextEncoder().encode('{'));
  expect([answered.status, code(answered)]).toEqual([400, 'InvalidRequestContent']);
});

const GROUP = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg';
const SERVER = `${GROUP}/providers/Microsoft.Sql/servers/sql`;

test.each([
  [
    GROUP,
    400,
    'InvalidApiVersionParameter',
    /^The api-version '1999-01-01' is invalid. The supported versions are '2025-/,
  ],
  [
    SITE,
    400,
    'NoRegisteredProviderFound',
    /^No registered resource provider found for location 'westeurope' and API version '1999-01-01' for type 'sites'\. The supported api-versions are '2014-04-01, .*2024-11-01.*'\. The supported locations are '.*westeurope.*'\.$/,
  ],
  [`${SERVER}/databases/shop`, 400, 'NoRegisteredProviderFound', /for type 'servers\/databases'/],
  [
    '/subscriptions/00000000-0000-0000-0000-000000000000/providers/Microsoft.Sql/servers',
    404,
    'InvalidResourceType',
    /^The resource type 'servers' could not be found in the namespace 'Microsoft.Sql' for api version '1999-01-01'\. The supported api-versions are '2024-/,
  ],
])('a version that Azure never had, at %s: %d %s with the list of those it has', (target, status, wanted, text) => {
  const answered = callerOn().send('GET', `${target}?api-version=1999-01-01`);
  expect([answered.status, code(answered)]).toEqual([status, wanted]);
  expect(messageOf(answered)).toMatch(text);
});

test.each([
  [SITE, '2016-08-01 2018-02-01 2022-03-01 2023-12-01 2024-11-01 2025-03-01'],
  [SERVER, '2014-04-01 2020-11-01-preview 2021-05-01-preview 2021-11-01 2023-08-01'],
  [GROUP, '2016-07-01 2021-04-01 2022-09-01 2024-11-01'],
])('the versions in which clients ask for %s are known', (target, list) => {
  const caller = callerOn();
  for (const version of list.split(' '))
    expect(caller.send('GET', `${target}?api-version=${version}`)).toMatchObject({ status: 200 });
});

test('Microsoft.Web names a location as people do, everything else as one word', () => {
  const caller = callerOn();
  const at = (target: string) => (JSON.parse(caller.send('GET', target).text) as { location: string }).location;
  expect(at(SITE)).toBe('West Europe');
  const others = [GROUP, `${SERVER}?api-version=2023-08-01`, `${SERVER}/databases/shop?api-version=2023-08-01`];
  expect(others.map(at)).toEqual(['westeurope', 'westeurope', 'westeurope']);
});
