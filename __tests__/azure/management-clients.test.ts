import { expect, test } from '@jest/globals';
import type { Arm } from '../../src/azure/arm.ts';
import { getDatabase, listDatabases } from '../../src/azure/databases.ts';
import { deleteFirewallRule, listFirewallRules, putFirewallRule } from '../../src/azure/firewall.ts';
import { managementClients } from '../../src/azure/management-clients.ts';
import { findServer } from '../../src/azure/servers.ts';
import { getAppSettings, getWebConfig, putAppSettings } from '../../src/azure/site-config.ts';
import { listSlots, slotId, startSite, stopSite } from '../../src/azure/sites.ts';
import { transportOver } from '../../src/azure/transport.ts';
import { answer, answersInTurn, bench, publicCloud } from './support.ts';

const app = { subscriptionId: 'sub', resourceGroup: 'rg', name: 'web' };
const staging = slotId(app, 'staging');
const serverId = '/subscriptions/sub/resourceGroups/rg/providers/Microsoft.Sql/servers/srv';
const APP = {
  state: 'Running',
  serverFarmId: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/serverfarms/p',
};
const slot = (name: string) => ({ id: `${serverId}/${name}`, name: `web/${name}`, location: 'x', properties: APP });
const rule = (name: string) => ({ name, properties: { startIpAddress: '192.0.2.1', endIpAddress: '192.0.2.1' } });

test('both clients must only sign and read: nothing in them may repeat, redirect, trace or log', async () => {
  const transport = await transportOver(answersInTurn());
  const clients = managementClients(publicCloud, { getToken: async () => null }, transport);
  const policies = async (client: ReturnType<typeof clients.web | typeof clients.sql>) =>
    (await client).pipeline.getOrderedPolicies().map(({ name }) => name);
  expect(await policies(clients.web('sub'))).toEqual(['guard', 'bearerTokenAuthenticationPolicy']);
  expect((await policies(clients.sql('sub'))).sort()).toEqual([
    'bearerTokenAuthenticationPolicy',
    'deserializationPolicy',
    'guard',
    'serializationPolicy',
    'stableVersion',
  ]);
  expect(await clients.web('sub')).toBe(await clients.web());
  expect(await clients.sql('sub')).not.toBe(await clients.sql('other'));
});

test.each([
  ['slots', slot, (arm: Arm) => listSlots(arm, staging), `${slotId(app, 'production')}/slots`],
  ['rules', rule, (arm: Arm) => listFirewallRules(arm, serverId), `${serverId}/firewallRules`],
  [
    'databases',
    (name: string) => ({ ...slot(name), properties: { databaseId: name, status: 'Online' } }),
    (arm: Arm) => listDatabases(arm, serverId),
    `${serverId}/databases`,
  ],
])('every page of a list must be read, and only the page that failed again: %s', async (_what, item, list, path) => {
  const nextLink = `https://management.azure.com${path}?$skiptoken=2&api-version=2024-11-01`;
  const send = answersInTurn(
    answer(200, { value: [item('a')], nextLink }),
    answer(503),
    answer(200, { value: [item('b')], nextLink: null }),
  );
  const { arm } = await bench(send);
  expect((await list(arm)).map(({ name }) => name.split('/').at(-1))).toEqual(['a', 'b']);
  expect(send.sent.map(({ url }) => new URL(url).pathname)).toEqual([path, path, path]);
  expect(send.sent.slice(1).map(({ url }) => url)).toEqual([nextLink, nextLink]);
  expect(send.sent[2]?.headers.authorization).toBe('Bearer the-token');
});

test.each([
  ['App Service', (arm: Arm) => listSlots(arm, staging)],
  ['SQL', (arm: Arm) => listFirewallRules(arm, serverId)],
])('a next page on another host must not get the token: %s', async (_what, list) => {
  const nextLink = 'https://elsewhere.example/next?api-version=2024-11-01';
  const send = answersInTurn(answer(200, { value: [], nextLink }));
  const { arm } = await bench(send);
  await expect(list(arm)).rejects.toThrow('another host, elsewhere.example');
  expect(send.sent).toHaveLength(1);
});

test('production and a slot must be told apart in every operation', async () => {
  const paths = async (id: string) => {
    const send = answersInTurn(...Array.from({ length: 5 }, () => answer(200, { properties: {} })));
    const { arm } = await bench(send);
    await getAppSettings(arm, id);
    await putAppSettings(arm, id, {});
    await getWebConfig(arm, id);
    await startSite(arm, id);
    await stopSite(arm, id);
    return send.sent.map(({ method, url }) => `${method} ${new URL(url).pathname.slice(id.length)}`);
  };
  const expected = [
    'POST /config/appsettings/list',
    'PUT /config/appsettings',
    'GET /config/web',
    'POST /start',
    'POST /stop',
  ];
  expect(await paths(staging)).toEqual(expected);
  expect(await paths(slotId(app, 'production'))).toEqual(expected);
});

test('only stable versions of the API must be asked for', async () => {
  const found = { id: serverId, name: 'srv', location: 'x', properties: { fullyQualifiedDomainName: 'srv.x' } };
  const send = answersInTurn(answer(200, found), answer(200, { value: [] }), answer(200, rule('x')), answer(200, {}));
  const { arm } = await bench(send);
  await findServer(arm, '', serverId);
  await listDatabases(arm, serverId);
  await putFirewallRule(arm, serverId, 'x', '192.0.2.1');
  await getAppSettings(arm, staging);
  expect(send.sent.map(({ url }) => new URL(url).searchParams.get('api-version'))).toEqual([
    '2023-08-01',
    '2023-08-01',
    '2023-08-01',
    '2024-11-01',
  ]);
});

test('an instant must stay the text that Azure sent', async () => {
  const properties = {
    databaseId: 'd',
    status: 'Online',
    creationDate: '2026-01-02T03:04:05.1234567Z',
    earliestRestoreDate: '2026-01-02T03:04:05.07Z',
  };
  const { arm } = await bench(
    answersInTurn(answer(200, { id: `${serverId}/databases/shop`, name: 'shop', location: 'x', properties })),
  );
  expect(await getDatabase(arm, serverId, 'shop')).toMatchObject({
    creationDate: '2026-01-02T03:04:05.1234567Z',
    earliestRestoreDate: '2026-01-02T03:04:05.07Z',
  });
});

test('a read through the clients must be repeated, a write only after 429, but a rule that is the same put twice', async () => {
  const reads = answersInTurn(answer(503), new Error('ECONNRESET'), answer(200, { value: [rule('x')] }));
  expect(await listFirewallRules((await bench(reads)).arm, serverId)).toHaveLength(1);

  const throttled = answersInTurn(answer(429), answer(200, rule('x')));
  await putFirewallRule((await bench(throttled)).arm, serverId, 'x', '192.0.2.1');
  expect(throttled.sent).toHaveLength(2);

  for (const outcome of [answer(503), answer(408), new Error('ECONNRESET')]) {
    for (const write of [
      (arm: Arm) => putAppSettings(arm, staging, { A: 'b' }),
      (arm: Arm) => stopSite(arm, staging),
    ]) {
      const send = answersInTurn(outcome);
      const { arm } = await bench(send);
      await expect(write(arm)).rejects.toThrow('Could not');
      expect(send.sent).toHaveLength(1);
    }
    for (const change of [
      (arm: Arm) => putFirewallRule(arm, serverId, 'x', '192.0.2.1'),
      (arm: Arm) => deleteFirewallRule(arm, serverId, 'x'),
    ]) {
      const send = answersInTurn(outcome, answer(200, rule('x')));
      await change((await bench(send)).arm);
      expect(send.sent).toHaveLength(2);
    }
  }
});

test('a challenge of the token must be answered through both clients', async () => {
  const challenge = { 'www-authenticate': 'Bearer error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="' };
  const send = answersInTurn(answer(401, '', challenge), answer(200, { properties: { A: 'b' } }));
  expect(await getAppSettings((await bench(send)).arm, staging)).toEqual({ A: 'b' });
  const sql = answersInTurn(answer(401, '', challenge), answer(204));
  await deleteFirewallRule((await bench(sql)).arm, serverId, 'x');
  expect(sql.sent).toHaveLength(2);
});

test.each([
  ['a page of HTML', answer(200, '<html></html>', { 'content-type': 'text/html' })],
  ['broken JSON', answer(200, '{', { 'content-type': 'application/json' })],
])('an answer that is not understood must be said so: %s', async (_what, odd) => {
  const understood = { kind: 'failed', happened: expect.stringContaining('the answer is not understood') };
  await expect(listFirewallRules((await bench(answersInTurn(odd))).arm, serverId)).rejects.toMatchObject(understood);
  await expect(getDatabase((await bench(answersInTurn(odd))).arm, serverId, 'x')).rejects.toMatchObject(understood);
  await expect(listSlots((await bench(answersInTurn(odd))).arm, staging)).rejects.toMatchObject(understood);
});
