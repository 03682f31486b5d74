import { expect, test } from '@jest/globals';
import { buildFiles } from '../../../../simulator/model/app/build.ts';
import { pack } from '../../../../simulator/model/web/content.ts';
import { bodyOf, type Caller, callerOn, messageOf, SITE, STAGING, STAGING_SCM, settings } from './caller.ts';

function withStaging(): Caller {
  const caller = callerOn();
  caller.send('PUT', STAGING, { location: 'West Europe', properties: {} });
  caller.wait(60_000);
  return caller;
}

const WRITES: readonly [string, string, unknown][] = [
  ['PUT', `${SITE}/config/appsettings`, { properties: {} }],
  ['PUT', `${STAGING}/config/connectionstrings`, { properties: {} }],
  ['PATCH', `${STAGING}/config/web`, { properties: { alwaysOn: false } }],
  ['PUT', `${SITE}/config/slotConfigNames`, { properties: { appSettingNames: [] } }],
  ['POST', `${STAGING}/stop`, undefined],
  ['POST', `${SITE}/restart`, undefined],
  ['POST', `${STAGING}/slotsswap`, { targetSlot: 'production', preserveVnet: true }],
  ['POST', `${SITE}/resetSlotConfig`, undefined],
  ['PUT', `${SITE}/slots/another`, { location: 'West Europe', properties: {} }],
  ['PATCH', SITE, { tags: { a: 'b' } }],
  [
    'PATCH',
    `${SITE}/providers/Microsoft.Resources/tags/default`,
    { operation: 'Merge', properties: { tags: { a: 'b' } } },
  ],
  ['DELETE', STAGING, undefined],
];

test.each(WRITES)('while a swap is in flight, %s %s is refused and changes nothing', (method, target, body) => {
  const caller = withStaging();
  caller.send('POST', `${STAGING}/slotsswap`, { targetSlot: 'production', preserveVnet: true });
  caller.wait(5_000);
  const before = settings(caller, SITE);
  const answered = caller.send(method, target, body);
  expect(answered.status).toBe(409);
  expect(messageOf(answered)).toMatch(
    /^Cannot modify this site because another operation is in progress\. Details: Id: [0-9a-f-]{36}, OperationName: SwapSiteSlots, CreatedTime: \d+\/\d+\/\d{4} \d+:\d\d:\d\d [AP]M, .*SlotName: staging/,
  );
  expect(JSON.parse(answered.text)).toMatchObject({
    Code: 'Conflict',
    Details: [{}, { Code: 'Conflict' }, { ErrorEntity: { ExtendedCode: '59203' } }],
  });
  expect(settings(caller, SITE)).toEqual(before);
  caller.wait(300_000);
  expect(caller.send(method, target, body).status).toBeLessThan(300);
});

test('writes are refused for exactly as long as the poll says 202', () => {
  const caller = withStaging();
  const write = () => caller.send('PATCH', `${STAGING}/config/web`, { properties: { alwaysOn: false } }).status;
  let answered = caller.send('POST', `${STAGING}/slotsswap`, { targetSlot: 'production', preserveVnet: true });
  while (answered.status === 202) {
    expect(write()).toBe(409);
    caller.wait(1_000);
    answered = caller.send('GET', answered.headers.location ?? '');
  }
  expect([answered.status, write()]).toEqual([200, 200]);
});

test('reads go on during a swap', () => {
  const caller = withStaging();
  caller.send('POST', `${STAGING}/slotsswap`, { targetSlot: 'production', preserveVnet: true });
  caller.wait(5_000);
  expect(caller.send('GET', SITE).status).toBe(200);
  expect(caller.send('POST', `${SITE}/config/appsettings/list`).status).toBe(200);
});

test('a pending preview shows, refuses configuration, and ends by reset with everything as before', () => {
  const caller = withStaging();
  caller.send('PUT', `${SITE}/config/slotConfigNames`, { properties: { appSettingNames: ['place'] } });
  caller.send('PUT', `${SITE}/config/appsettings`, { properties: { place: 'production' } });
  caller.send('PUT', `${STAGING}/config/appsettings`, { properties: { place: 'staging' } });
  const preview = { targetSlot: 'production', preserveVnet: true };
  expect(caller.send('POST', `${STAGING}/applySlotConfig`, preview).status).toBe(200);
  expect(bodyOf(caller.send('GET', SITE)).properties.targetSwapSlot).toBe('staging');
  expect(settings(caller, STAGING)).toEqual({ place: 'production' });
  const refused = caller.send('PUT', `${STAGING}/config/appsettings`, { properties: {} });
  expect([refused.status, messageOf(refused)]).toEqual([
    409,
    'The slot cannot be changed because its configuration settings have been prepared for swap.',
  ]);
  expect(caller.send('POST', `${SITE}/resetSlotConfig`).status).toBe(200);
  expect(settings(caller, STAGING)).toEqual({ place: 'staging' });
  expect(bodyOf(caller.send('GET', SITE)).properties.targetSwapSlot).toBeNull();
});

test('a second deployment is refused while one is running', () => {
  const caller = withStaging();
  const zip = pack(buildFiles({ name: 'shop', version: '2.0.0' }));
  const url = `${STAGING_SCM}/api/publish?type=zip&async=true`;
  expect(caller.send('POST', url, zip).status).toBe(202);
  expect(caller.send('POST', url, zip)).toMatchObject({
    status: 409,
    text: expect.stringContaining('There is a deployment currently in progress'),
  });
  caller.wait(60_000);
  expect(caller.send('POST', url, zip).status).toBe(202);
});
