import { expect, test } from '@jest/globals';
import { buildFiles } from '../../../simulator/model/app/build.ts';
import { cloneWorld, nextEventAt } from '../../../simulator/model/model.ts';
import { contentOfSlot, servingOf } from '../../../simulator/model/observers.ts';
import { rowsOf, schemaOf } from '../../../simulator/model/sql/rows.ts';
import { pack } from '../../../simulator/model/web/content.ts';
import { type Caller, callerOn, SITE, STAGING, STAGING_SCM, swap } from './web/caller.ts';

const BUILD = { name: 'shop', version: '1.0.0', schema: '1', readOnlySwitch: { setting: 'Mode', value: 'ReadOnly' } };
const SHOP = 'https://web.azurewebsites.net';

function everything(caller: Caller): void {
  caller.send('PUT', STAGING, { location: 'West Europe', properties: {} });
  caller.send('PUT', `${STAGING}/config/appsettings`, { properties: { a: '1' } });
  caller.send('POST', `${STAGING_SCM}/api/publish?type=zip&async=true`, pack(buildFiles({ name: 's', version: '2' })));
  caller.wait(60_000);
  swap(caller);
}

const contentOf = (caller: Caller) => Object.values(Object.values(caller.world.sql.servers)[0]?.databases ?? {})[0];

test('equal worlds behave equally, to the byte', () => {
  const [one, two] = [callerOn({ build: BUILD }), callerOn({ build: BUILD })];
  everything(one);
  everything(two);
  expect(one.world).toEqual(two.world);
});

test('a copy of a world goes its own way', () => {
  const caller = callerOn({ build: BUILD });
  const copy = cloneWorld(caller.world);
  expect(copy).toEqual(caller.world);
  const before = structuredClone(copy);
  everything(caller);
  expect(copy).toEqual(before);
  expect(caller.world).not.toEqual(before);
});

test('a world at rest has nothing pending', () => {
  const caller = callerOn({ build: BUILD });
  everything(caller);
  caller.wait(60_000);
  expect(nextEventAt(caller.world)).toBeUndefined();
});

test('the abstract application writes to its database, under the id of the visitor', () => {
  const caller = callerOn({ build: BUILD });
  expect(caller.send('POST', `${SHOP}/orders?id=order-1`).status).toBe(201);
  expect(rowsOf(caller.world, contentOf(caller)?.contentId ?? '')).toMatchObject([{ id: 'order-1', at: caller.now() }]);
});

test('its read-only switch refuses writes with 503, a READ_ONLY database with an error of its own', () => {
  const caller = callerOn({ build: BUILD, appSettings: { Mode: 'ReadOnly' } });
  expect(caller.send('POST', `${SHOP}/orders`).status).toBe(503);
  const other = callerOn({ build: BUILD });
  const database = contentOf(other);
  if (database !== undefined) database.isReadOnly = true;
  expect(other.send('POST', `${SHOP}/orders`)).toMatchObject({ status: 500, text: expect.stringContaining('3906') });
  expect(other.send('GET', SHOP).status).toBe(200);
});

test('it is unhealthy on another schema than its own, and may bring its own', () => {
  const caller = callerOn({ build: BUILD });
  caller.send('PUT', STAGING, { location: 'West Europe', properties: {} });
  const strings = JSON.parse(caller.send('POST', `${SITE}/config/connectionstrings/list`).text).properties;
  caller.send('PUT', `${STAGING}/config/connectionstrings`, { properties: strings });
  const zip = pack(buildFiles({ ...BUILD, version: '2.0.0', schema: '2', migratesOnStart: true }));
  caller.send('POST', `${STAGING_SCM}/api/publish?type=zip&async=true`, zip);
  caller.wait(60_000);
  expect(schemaOf(caller.world, contentOf(caller)?.contentId ?? '')).toBe('2');
  expect(caller.send('GET', 'https://web-staging.azurewebsites.net/health').status).toBe(200);
  expect(caller.send('GET', `${SHOP}/health`).status).toBe(500);
});

test('its sessions end with its instance', () => {
  const caller = callerOn({ build: BUILD });
  const open = () => Object.values(caller.world.sql.sessions).map((session) => session.hostProcessId);
  const before = open();
  expect(before).toHaveLength(1);
  caller.send('POST', `${SITE}/restart`);
  expect(open()).toHaveLength(0);
  caller.wait(60_000);
  expect(open()).not.toEqual(before);
  caller.send('POST', `${SITE}/stop`);
  expect(open()).toHaveLength(0);
});

test('observers tell what is served without asking the model', () => {
  const caller = callerOn({ build: BUILD, appSettings: { place: 'here' } });
  const before = structuredClone(caller.world);
  expect(servingOf(caller.world, 'web')).toMatchObject({
    isListening: true,
    state: 'Running',
    contentId: contentOfSlot(caller.world, 'web'),
    environment: { place: 'here' },
  });
  expect(caller.world).toEqual(before);
});

test('a read costs well under 0.2 ms', () => {
  const caller = callerOn({ build: BUILD });
  const lists = `${SITE}/config/appsettings/list`;
  for (let i = 0; i < 500; i++) caller.send('POST', lists);
  const began = process.cpuUsage().user;
  for (let i = 0; i < 2_000; i++) caller.send(i % 2 ? 'GET' : 'POST', i % 2 ? SITE : lists);
  expect((process.cpuUsage().user - began) / 2_000).toBeLessThan(200);
});
