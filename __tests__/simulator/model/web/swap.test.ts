import { expect, test } from '@jest/globals';
import { buildFiles } from '../../../../simulator/model/app/build.ts';
import { DURATIONS } from '../../../../simulator/model/create-world.ts';
import { connectionStringsOf, contentOfSlot, servingOf, tagsOf } from '../../../../simulator/model/observers.ts';
import { pack } from '../../../../simulator/model/web/content.ts';
import { bodyOf, type Caller, callerOn, messageOf, SITE, STAGING, STAGING_SCM, settings, swap } from './caller.ts';

/** An app with a staging slot that runs version 2 on a database of its own. */
function prepared(options: Parameters<typeof callerOn>[0] = {}, build: object = {}): Caller {
  const caller = callerOn(options);
  caller.send('PUT', STAGING, { location: 'West Europe', tags: { place: 'staging' }, properties: {} });
  const zip = pack(buildFiles({ name: 'shop', version: '2.0.0', ...build }));
  caller.send('POST', `${STAGING_SCM}/api/publish?type=zip&async=true`, zip);
  caller.wait(60_000);
  return caller;
}

test('a swap carries content, settings, connection strings and the running instance; places stay', () => {
  const caller = prepared();
  const { world } = caller;
  caller.send('PUT', `${STAGING}/config/appsettings`, { properties: { who: 'two' } });
  caller.send('PUT', `${STAGING}/config/connectionstrings`, {
    properties: { Shop: { value: 'Server=x', type: 'SQLAzure' } },
  });
  caller.send('PATCH', `${STAGING}/config/web`, { properties: { alwaysOn: false, use32BitWorkerProcess: false } });
  caller.wait(60_000);
  const before = { production: contentOfSlot(world, 'web'), staging: contentOfSlot(world, 'web', 'staging') };
  expect(swap(caller).status).toBe(200);
  expect(contentOfSlot(world, 'web')).toBe(before.staging);
  expect(contentOfSlot(world, 'web', 'staging')).toBe(before.production);
  expect(settings(caller, SITE)).toEqual({ who: 'two' });
  expect(connectionStringsOf(world, 'web')).toHaveProperty('Shop');
  expect(connectionStringsOf(world, 'web', 'staging')).toHaveProperty('DefaultConnection');
  const config = bodyOf(caller.send('GET', `${SITE}/config/web`)).properties;
  expect(config).toMatchObject({ alwaysOn: true, use32BitWorkerProcess: false });
  expect(tagsOf(world, 'web')).toEqual({});
  expect(tagsOf(world, 'web', 'staging')).toEqual({ place: 'staging' });
  expect(caller.send('GET', 'https://web.azurewebsites.net/').text).toContain('2.0.0');
});

test('sticky settings stay, and the source has the target’s while it warms up', () => {
  const caller = prepared();
  caller.send('PUT', `${SITE}/config/slotConfigNames`, { properties: { appSettingNames: ['place', 'only'] } });
  caller.send('PUT', `${SITE}/config/appsettings`, { properties: { place: 'production', build: '1' } });
  caller.send('PUT', `${STAGING}/config/appsettings`, { properties: { place: 'staging', only: 'here', build: '2' } });
  caller.wait(60_000);
  const seen: unknown[] = [];
  swap(caller, () => seen.push(settings(caller, STAGING)));
  expect(seen[0]).toEqual({ place: 'production', build: '2' });
  expect(settings(caller, SITE)).toEqual({ place: 'production', build: '2' });
  expect(settings(caller, STAGING)).toEqual({ place: 'staging', only: 'here', build: '1' });
});

test('visitors are answered throughout, by the old build and then the new, never by a process that starts', () => {
  const caller = prepared();
  const versions: string[] = [];
  const visit = () => {
    for (let i = 0; i < 5; i++) {
      caller.wait(1_000);
      const answered = caller.send('GET', 'https://web.azurewebsites.net/');
      expect(answered.status).toBe(200);
      versions.push(String(bodyOf({ ...answered }).version));
    }
  };
  swap(caller, visit);
  expect([...new Set(versions)]).toEqual(['1.0.0', '2.0.0']);
});

test('the instance that was warmed serves after the swap; the old build restarts in the source slot', () => {
  const caller = prepared();
  const { world } = caller;
  const old = servingOf(world, 'web').instanceId;
  let warmed: string | undefined;
  swap(caller, () => {
    if (servingOf(world, 'web').instanceId === old) warmed = servingOf(world, 'web', 'staging').instanceId;
  });
  expect(servingOf(world, 'web').instanceId).toBe(warmed);
  expect(servingOf(world, 'web', 'staging').instanceId).not.toBe(old);
});

test('both slots tell the last swap', () => {
  const caller = prepared();
  const began = caller.now();
  swap(caller);
  const [production, staging] = [SITE, STAGING].map((id) => bodyOf(caller.send('GET', id)).properties.slotSwapStatus);
  expect(production).toEqual({
    timestampUtc: expect.any(String),
    sourceSlotName: 'staging',
    destinationSlotName: 'Production',
  });
  expect(staging).toEqual(production);
  expect(Date.parse((production as { timestampUtc: string }).timestampUtc)).toBeGreaterThan(began);
});

test('each poll has a Location of its own', () => {
  const caller = prepared();
  const first = caller.send('POST', `${STAGING}/slotsswap`, { targetSlot: 'production', preserveVnet: true });
  const second = caller.send('GET', first.headers.location ?? '');
  expect([first.status, second.status]).toEqual([202, 202]);
  expect(first.text + second.text).toBe('');
  expect(second.headers.location).not.toBe(first.headers.location);
});

test.each([
  ['a build that does not start', { starts: false }, {}, 'the worker process for', {}],
  [
    'a warm-up status outside the list',
    { healthy: false },
    { WEBSITE_SWAP_WARMUP_PING_STATUSES: '200' },
    'the application initialization in',
    {},
  ],
  ['a Linux build that does not start', { starts: false }, {}, 'did not respond to http ping', { linux: true }],
])('%s fails the swap, and the source gets its settings back', (_, build, extra, words, options) => {
  const caller = prepared(options, build);
  const { world } = caller;
  caller.send('PUT', `${SITE}/config/slotConfigNames`, { properties: { appSettingNames: ['place'] } });
  caller.send('PUT', `${SITE}/config/appsettings`, { properties: { place: 'production' } });
  caller.send('PUT', `${STAGING}/config/appsettings`, { properties: { place: 'staging', ...extra } });
  caller.wait(60_000);
  const served = contentOfSlot(world, 'web');
  const answered = swap(caller);
  expect(answered.status).toBe(400);
  expect(messageOf(answered)).toContain("'staging' slot");
  expect(messageOf(answered)).toContain(words);
  expect(contentOfSlot(world, 'web')).toBe(served);
  expect(settings(caller, STAGING)).toEqual({ place: 'staging', ...extra });
  expect(bodyOf(caller.send('GET', SITE)).properties.slotSwapStatus).toBeNull();
});

test('any answer counts as warm when no status is asked for', () => {
  const caller = prepared({}, { healthy: false });
  expect(swap(caller).status).toBe(200);
});

test.each([
  ['staging', STAGING],
  ['web', SITE],
])('a stopped slot (%s) cannot be swapped', (_, id) => {
  const caller = prepared();
  caller.send('POST', `${id}/stop`);
  const answered = swap(caller);
  expect(answered.status).toBe(400);
  expect(messageOf(answered)).toContain('could not be started');
});

test('auto-swap: a deployment that ends swaps by itself', () => {
  const caller = prepared();
  caller.send('PATCH', `${STAGING}/config/web`, { properties: { autoSwapSlotName: 'production' } });
  const zip = pack(buildFiles({ name: 'shop', version: '3.0.0' }));
  caller.send('POST', `${STAGING_SCM}/api/publish?type=zip&async=true`, zip);
  caller.wait(180_000);
  expect(caller.send('GET', 'https://web.azurewebsites.net/').text).toContain('3.0.0');
});

test('after a preview the source is not restarted once more, so the swap is shorter', () => {
  const took = (hasPreview: boolean) => {
    const caller = prepared();
    if (hasPreview) caller.send('POST', `${STAGING}/applySlotConfig`, { targetSlot: 'production', preserveVnet: true });
    caller.wait(60_000);
    const from = caller.now();
    expect(swap(caller).status).toBe(200);
    return (caller.world.web.sites.web?.slots.production?.slotSwapStatus?.timestampUtc ?? 0) - from;
  };
  expect(took(false) - took(true)).toBe(DURATIONS.swapRestartSource);
});
