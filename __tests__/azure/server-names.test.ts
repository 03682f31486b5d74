import { expect, test } from '@jest/globals';
import { canonicalHost, isServer, otherNames, plainNames } from '../../src/azure/server-names.ts';
import { findServer } from '../../src/azure/servers.ts';
import { answer, answersInTurn, bench } from './support.ts';

const id = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Sql/servers/sql';
const hostName = 'sql.database.windows.net';
const list = (...value: unknown[]) => answer(200, { value });
const group = (name: string, replicationRole: string) => ({ name, properties: { replicationRole } });
const alias = { name: 'shops', properties: { azureDnsRecord: 'Shops.database.windows.net' } };
const resource = (server: string, subscription = 's') => ({
  id: `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Sql/servers/${server}`,
  name: server,
  location: 'westeurope',
  properties: { fullyQualifiedDomainName: `${server}.database.windows.net`, minimalTlsVersion: '1.2' },
});

test.each([
  'sql',
  'SQL',
  'tcp:sql.database.windows.net,1433',
  'sql.database.windows.net.',
  'Sql.PrivateLink.database.windows.net',
  'tcp: sql.privatelink.database.windows.net , 1433',
])('%s is the server', (host) => {
  expect(isServer({ names: plainNames('sql', hostName) }, host)).toBe(true);
});

test.each(['sql2', 'sql.database.windows.net.example', 'my.sql.database.windows.net', 'database.windows.net', ''])(
  '%s is not the server',
  (host) => {
    expect(isServer({ names: plainNames('sql', hostName) }, host)).toBe(false);
  },
);

test('aliases, and the listeners that lead to it, are names of the server', async () => {
  const { arm } = await bench(answersInTurn(list(alias), list(group('main', 'Primary'), group('away', 'Secondary'))));
  expect(await otherNames(arm, { id, hostName })).toEqual([
    'shops.database.windows.net',
    'main.database.windows.net',
    'away.secondary.database.windows.net',
  ]);
});

test('names that may not be listed are none', async () => {
  const refused = answer(403, { error: { code: 'AuthorizationFailed', message: 'no' } });
  const { arm } = await bench(answersInTurn(refused, refused));
  expect(await otherNames(arm, { id, hostName })).toEqual([]);
});

test('a server in another subscription that the identity sees is found by its name', async () => {
  const send = answersInTurn(
    list(resource('near')),
    list(resource('near')),
    list(),
    list(),
    list({ subscriptionId: 's' }, { subscriptionId: 'other' }),
    list(resource('far', 'other')),
  );
  const { arm } = await bench(send);
  const found = await findServer(arm, 's', 'tcp:far.database.windows.net,1433', 'rg');
  expect(found).toMatchObject({ id: resource('far', 'other').id, minimalTlsVersion: '1.2' });
});

test('a private link has its public name in every cloud', () => {
  expect(canonicalHost('x.privatelink.database.usgovcloudapi.net')).toBe('x.database.usgovcloudapi.net');
});
