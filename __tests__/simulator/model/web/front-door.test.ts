import { expect, test } from '@jest/globals';
import type { Kind } from '../../../../simulator/model/app/build.ts';
import { buildFiles } from '../../../../simulator/model/app/build.ts';
import { pack } from '../../../../simulator/model/web/content.ts';
import { slotOf } from '../../../../simulator/model/web/lookup.ts';
import { bodyOf, type Caller, callerOn, messageOf, SCM, SITE, STAGING, STAGING_SCM, swap } from './caller.ts';

const PRODUCTION = 'https://web.azurewebsites.net/';

test('access restrictions answer 403 with the address that they keep out; SCM has rules of its own, or the same', () => {
  const caller = callerOn();
  const rules = [{ ipAddress: '203.0.113.0/24', action: 'Allow', priority: 100, name: 'office' }];
  caller.send('PATCH', `${SITE}/config/web`, { properties: { ipSecurityRestrictions: rules } });
  caller.wait(60_000);
  const kept = caller.send('GET', PRODUCTION);
  expect([kept.status, kept.headers['x-ms-forbidden-ip']]).toEqual([403, '198.51.100.7']);
  expect(kept.text).toContain('has blocked your access');
  expect(caller.send('GET', `${SCM}/api/settings`).status).toBe(200);
  caller.send('PATCH', `${SITE}/config/web`, { properties: { scmIpSecurityRestrictionsUseMain: true } });
  expect(caller.send('GET', `${SCM}/api/settings`).status).toBe(403);
  const open = [...rules, { ipAddress: '198.51.100.7/32', action: 'Allow', priority: 200, name: 'runner' }];
  caller.send('PATCH', `${SITE}/config/web`, { properties: { ipSecurityRestrictions: open } });
  caller.wait(60_000);
  expect(caller.send('GET', PRODUCTION).status).toBe(200);
});

test('HTTPS Only moves visitors to https before the app sees them', () => {
  const caller = callerOn();
  caller.send('PATCH', SITE, { properties: { httpsOnly: true } });
  const answered = caller.send('GET', 'http://web.azurewebsites.net/');
  expect([answered.status, answered.headers.location]).toEqual([301, PRODUCTION]);
});

test('site authentication sends visitors to sign in, or refuses them, but on its open paths', () => {
  const caller = callerOn();
  const asks = (validation: object) => {
    signIn(caller, SITE, validation);
    caller.wait(60_000);
    return ['', 'health'].map((path) => caller.send('GET', PRODUCTION + path).status);
  };
  expect(asks({})).toEqual([302, 302]);
  expect(asks({ unauthenticatedClientAction: 'Return401', excludedPaths: ['/health'] })).toEqual([401, 200]);
  expect(asks({ unauthenticatedClientAction: 'AllowAnonymous' })).toEqual([200, 200]);
});

test('an app answers under several names, which stay with their slot', () => {
  const caller = prepared({});
  slotOf(caller.world, 'web', 'production').customHosts = ['www.shop.example', 'shop.example'];
  expect(caller.send('GET', 'https://www.shop.example/').status).toBe(200);
  expect(swap(caller).status).toBe(200);
  expect(bodyOf(caller.send('GET', 'https://shop.example/')).version).toBe('2');
  const { hostNames } = bodyOf(caller.send('GET', SITE)).properties;
  expect(hostNames).toEqual(['www.shop.example', 'shop.example', 'web.azurewebsites.net']);
  const bindings = bodyOf(caller.send('GET', `${SITE}/hostNameBindings`)).value as { name: string }[];
  expect(bindings.map(({ name }) => name)).toContain('web/www.shop.example');
});

test.each<[string, Kind, Record<string, string>, number]>([
  ['200 only', { redirectsToHttps: true }, { WEBSITE_SWAP_WARMUP_PING_STATUSES: '200' }, 400],
  ['200 and 307', { redirectsToHttps: true }, { WEBSITE_SWAP_WARMUP_PING_STATUSES: '200,307' }, 200],
  ['any', { redirectsToHttps: true }, {}, 200],
  ['a query, which is encoded', {}, { WEBSITE_SWAP_WARMUP_PING_PATH: '/ready?x=1' }, 400],
  ['a path', {}, { WEBSITE_SWAP_WARMUP_PING_PATH: '/ready' }, 200],
  ['an app that asks to sign in', { asksToSignIn: { except: [] } }, {}, 400],
  ['an app that lets only its office in', { letsInOnly: ['203.'] }, {}, 400],
])('the warm-up of a swap is plain http, straight to the app: %s', (_, kind, settings, status) => {
  const caller = prepared(kind);
  const statuses = _ === 'any' ? {} : { WEBSITE_SWAP_WARMUP_PING_STATUSES: '200' };
  caller.send('PUT', `${STAGING}/config/appsettings`, { properties: { ...statuses, ...settings } });
  caller.wait(60_000);
  const ended = swap(caller);
  expect(ended.status).toBe(status);
  if (status === 400) expect(messageOf(ended)).toContain('the application initialization in');
});

test('site authentication lets pings through with HTTPS Only on, and sends them to sign in with it off', () => {
  for (const [httpsOnly, variants, status] of [
    [true, {}, 200],
    [false, {}, 400],
    [true, { 'pings-must-sign-in': true }, 400],
  ] as const) {
    const caller = prepared({}, { variants });
    caller.send('PATCH', STAGING, { properties: { httpsOnly } });
    signIn(caller, STAGING, {});
    caller.send('PUT', `${STAGING}/config/appsettings`, { properties: { WEBSITE_SWAP_WARMUP_PING_STATUSES: '200' } });
    caller.wait(60_000);
    expect(swap(caller).status).toBe(status);
  }
});

function signIn(caller: Caller, slot: string, globalValidation: object): void {
  caller.send('PUT', `${slot}/config/authsettingsV2`, {
    properties: { platform: { enabled: true }, globalValidation },
  });
}

function prepared(kind: Kind, options: Parameters<typeof callerOn>[0] = {}): Caller {
  const caller = callerOn(options);
  caller.send('PUT', STAGING, { location: 'West Europe', properties: {} });
  const zip = pack(buildFiles({ name: 'shop', version: '2', ...kind }));
  caller.send('POST', `${STAGING_SCM}/api/publish?type=zip&async=true`, zip);
  caller.wait(60_000);
  return caller;
}
