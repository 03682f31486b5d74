import { expect, test } from '@jest/globals';
import { type Build, buildFiles } from '../../../../simulator/model/app/build.ts';
import { pack } from '../../../../simulator/model/web/content.ts';
import { addImage } from '../../../../simulator/model/web/image.ts';
import { slotOf } from '../../../../simulator/model/web/lookup.ts';
import { bodyOf, type Caller, callerOn, SITE, STAGING, STAGING_SCM, swap } from './caller.ts';

const IDENTITY = 'Server=tcp:sql,1433;Database=shop;Authentication=Active Directory Managed Identity';

function prepared(options: Parameters<typeof callerOn>[0] = {}, build: Partial<Build> = {}): Caller {
  const caller = callerOn(options);
  caller.send('PUT', STAGING, { location: 'West Europe', properties: {} });
  const zip = pack(buildFiles({ name: 'shop', version: '2', ...build }));
  caller.send('POST', `${STAGING_SCM}/api/publish?type=zip&async=true`, zip);
  caller.wait(60_000);
  return caller;
}

/** Writes config of production, swaps, and reads what production has then. */
function after(caller: Caller, properties: Record<string, unknown>): Record<string, unknown> {
  caller.send('PATCH', `${SITE}/config/web`, { properties });
  caller.wait(60_000);
  expect(swap(caller).status).toBe(200);
  const now = bodyOf(caller.send('GET', `${SITE}/config/web`)).properties;
  return Object.fromEntries(Object.keys(properties).map((name) => [name, now[name]]));
}

const CONFIG = {
  healthCheckPath: '/health',
  autoHealEnabled: true,
  appCommandLine: 'npm run serve',
  minTlsVersion: '1.3',
  acrUseManagedIdentityCreds: true,
};

test('Health check travels, and so leaves production with the build; registry identity and TLS stay', () => {
  expect(after(prepared(), CONFIG)).toMatchObject({
    healthCheckPath: null,
    autoHealEnabled: false,
    appCommandLine: '',
    minTlsVersion: '1.3',
    acrUseManagedIdentityCreds: true,
  });
});

test('what no page speaks of stays in the variant, and Health check travels all the same', () => {
  expect(after(prepared({ variants: { 'open-settings-stay': true } }), CONFIG)).toMatchObject({
    healthCheckPath: null,
    autoHealEnabled: true,
    appCommandLine: 'npm run serve',
    minTlsVersion: '1.3',
  });
});

test('what stays by default travels where both slots say so', () => {
  const caller = prepared();
  for (const slot of [SITE, STAGING]) {
    const properties = { WEBSITE_OVERRIDE_PRESERVE_DEFAULT_STICKY_SLOT_SETTINGS: '0' };
    caller.send('PUT', `${slot}/config/appsettings`, { properties });
  }
  caller.send('PATCH', SITE, { properties: { httpsOnly: true } });
  expect(after(caller, { minTlsVersion: '1.3', vnetRouteAllEnabled: true })).toEqual({
    minTlsVersion: '1.2',
    vnetRouteAllEnabled: true,
  });
  expect(bodyOf(caller.send('GET', STAGING)).properties.httpsOnly).toBe(true);
});

test.each([
  [{}, 'web'],
  [{ 'process-keeps-identity': true }, 'web/slots/staging'],
])('after a swap a process signs in as the slot where it is, or where it was started: %j', (variants, name) => {
  const caller = prepared({ variants }, { sessions: 'for-an-instant' });
  for (const slot of [SITE, STAGING]) caller.send('PATCH', slot, { identity: { type: 'SystemAssigned' } });
  const properties = { Shop: { value: IDENTITY, type: 'SQLAzure' } };
  caller.send('PUT', `${STAGING}/config/connectionstrings`, { properties });
  const database = caller.world.sql.servers.sql?.databases.shop;
  const known = Object.values(caller.world.principals).find((principal) => principal.name === name);
  expect(known).toBeDefined();
  database?.users.push({ name, clientId: known?.clientId ?? '', roles: ['db_owner'], permissions: [] });
  caller.wait(60_000);
  expect(swap(caller).status).toBe(200);
  const answered = caller.send('GET', 'https://web.azurewebsites.net/');
  expect([answered.status, bodyOf(answered).version]).toEqual([200, '2']);
});

test('for some seconds after a swap both builds answer in the variant', () => {
  const caller = prepared({ variants: { 'both-builds-answer': true } });
  const versions: unknown[] = [];
  const visit = () => {
    for (let second = 0; second < 5; second++) {
      caller.wait(1_000);
      versions.push(bodyOf(caller.send('GET', 'https://web.azurewebsites.net/')).version);
    }
  };
  expect(swap(caller, visit).status).toBe(200);
  const first = versions.indexOf('2');
  expect(versions.slice(first)).toContain('1.0.0');
  caller.wait(20_000);
  visit();
  expect(versions.slice(-5)).toEqual(['2', '2', '2', '2', '2']);
});

test('an image whose registry asks for an identity cannot be pulled by a slot that was not told to use one', () => {
  const caller = prepared({ linux: true });
  const reference = 'DOCKER|shop.azurecr.io/shop:2';
  const files = buildFiles({ name: 'shop', version: 'in an image' });
  addImage(caller.world, { reference, files, asksForIdentity: true }, caller.now());
  const run = (properties: Record<string, unknown>) => {
    caller.send('PATCH', `${STAGING}/config/web`, { properties });
    caller.wait(60_000);
    return caller.send('GET', 'https://web-staging.azurewebsites.net/');
  };
  caller.send('PATCH', STAGING, { identity: { type: 'SystemAssigned' } });
  expect(run({ linuxFxVersion: reference }).status).toBe(503);
  expect(bodyOf(run({ acrUseManagedIdentityCreds: true })).version).toBe('in an image');
  expect(slotOf(caller.world, 'web', 'staging').fixedConfig.acrUseManagedIdentityCreds).toBe(true);
});
