import { expect, test } from '@jest/globals';
import { certificateCovers } from '../../../../simulator/model/sql/names.ts';
import { arm, type Shop, START, shop, tryOpen } from './shop.ts';

/** How a login ends: `in`, or the server's number. */
function ends({ world }: Shop, who: Parameters<typeof tryOpen>[2]): string | number {
  const answer = tryOpen(world, START, who);
  return answer.kind === 'session' ? 'in' : answer.number;
}

test.each([
  'srv.database.windows.net',
  'SRV.DATABASE.WINDOWS.NET',
  'tcp:srv.database.windows.net,1433',
  'srv',
  'srv.privatelink.database.windows.net',
  'shops.database.windows.net',
  'everywhere.database.windows.net',
])('one server has many names: %s', (host) => {
  const all = shop();
  all.server.dnsAliases.push('shops');
  all.server.failoverGroups.everywhere = { name: 'everywhere', partnerServerId: '/other', databases: [] };
  expect(ends(all, { host })).toBe('in');
  expect(arm(all.world, START, 'GET', '/dnsAliases').body.value).toMatchObject([
    { name: 'shops', properties: { azureDnsRecord: 'shops.database.windows.net' } },
  ]);
});

test('nobody has an unknown name, nor that of a private link in its variant', () => {
  const { world, ...rest } = shop();
  expect(ends({ world, ...rest }, { host: 'shops.database.windows.net' })).toBe(40532);
  world.variants['private-link-name-refused'] = true;
  expect(ends({ world, ...rest }, { host: 'srv.privatelink.database.windows.net' })).toBe(40532);
});

test('a certificate covers the server’s own name, aliases and listeners, not the private link', () => {
  const { server } = shop();
  const covered = (host: string) => certificateCovers(server, host);
  expect(['srv', 'shops', 'everywhere'].map((name) => covered(`${name}.database.windows.net`))).not.toContain(false);
  expect(covered('srv.privatelink.database.windows.net')).toBe(false);
});

test('a server that asks for TLS 1.3 refuses who speaks less, and says what it asks for', () => {
  const all = shop();
  all.server.minimalTlsVersion = '1.3';
  expect([ends(all, { tls: '1.2' }), ends(all, { tls: '1.3' })]).toEqual([47072, 'in']);
  expect(arm(all.world, START, 'GET', '').body.properties.minimalTlsVersion).toBe('1.3');
});

test('who may sign in: no passwords with Entra only, no tokens without an Entra administrator', () => {
  const all = shop();
  const password = { clientId: undefined, user: 'app', password: 'a' };
  expect([ends(all, {}), ends(all, password)]).toEqual(['in', 'in']);
  all.server.entraOnly = true;
  expect([ends(all, {}), ends(all, password)]).toEqual(['in', 18456]);
  all.server.entraOnly = false;
  delete all.server.entraAdministrator;
  expect([ends(all, {}), ends(all, password)]).toEqual([18456, 'in']);
});

test('with public access denied one comes in through a private endpoint', () => {
  const all = shop();
  all.server.publicNetworkAccess = 'Disabled';
  const inside = { from: '10.1.0.4' };
  expect(ends(all, inside)).toBe(47073);
  all.server.privateEndpoints.push('shop-endpoint');
  expect([ends(all, inside), ends(all, {})]).toEqual(['in', 47073]);
});
