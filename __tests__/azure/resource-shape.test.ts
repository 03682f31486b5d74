import { expect, test } from '@jest/globals';
import { type DatabaseWire, databaseOf } from '../../src/azure/database-shapes.ts';
import { idOf, resource } from '../../src/azure/resource-shape.ts';
import { type SiteWire, siteOf } from '../../src/azure/site-shapes.ts';

const ID = '/subscriptions/s/resourceGroups/rg (1)/providers/Microsoft.Sql/servers/sql/databases/Шоп [x] #1';

test('a resource with an id, a name and properties is one, whatever else is odd about its name', () => {
  const wire = { id: ID, name: 'Шоп', properties: {} };
  expect(resource('a database', wire)).toBe(wire);
});

test.each([
  ['a page of a proxy', '<html>'],
  ['nothing', null],
  ['no id', { name: 'a', properties: {} }],
  ['an empty name', { id: ID, name: '', properties: {} }],
  ['no properties', { id: ID, name: 'a', properties: null }],
  ['an id that leads elsewhere', { id: `${ID}/../../other`, name: 'a', properties: {} }],
  ['an id that ends the path', { id: `${ID}?x`, name: 'a', properties: {} }],
  ['an id that is escaped', { id: `${ID}%2f..`, name: 'a', properties: {} }],
  ['an id of somewhere else', { id: 'https://evil.example/subscriptions/s', name: 'a', properties: {} }],
  ['an id of two lines', { id: `${ID}\nx`, name: 'a', properties: {} }],
])('%s is none', (_what, wire) => {
  expect(() => resource('a database', wire as never)).toThrow('Azure answered with something that is not a database.');
});

test('a database without its own id is none: two without would be one', () => {
  const wire = { id: ID, name: 'shop', location: 'x', properties: { status: 'Online' } };
  expect(() => databaseOf(wire as DatabaseWire)).toThrow('something that is not a database');
});

const ELSEWHERE = '/subscriptions/s/resourceGroups/rg/providers/x/../../other';

test('an answer that names no other resource, or one with an id, is taken', () => {
  for (const none of [undefined, null, '']) expect(idOf('a subnet', none)).toBeNull();
  expect(idOf('a subnet', ID)).toBe(ID);
});

test.each([
  ['the elastic pool of a database', () => databaseOf(database({ elasticPoolId: ELSEWHERE })), 'an elastic pool'],
  ['the plan of an app', () => siteOf(site({ serverFarmId: ELSEWHERE })), 'an App Service plan'],
  ['the subnet of an app', () => siteOf(site({ virtualNetworkSubnetId: `${ID}?x` })), 'a subnet'],
  ['an identity of an app', () => siteOf(site({}, [`${ID}%2f..`])), 'an identity'],
])('%s whose id leads elsewhere is refused', (_what, read, named) => {
  expect(read).toThrow(`Azure answered with something that is not the id of ${named}.`);
});

function database(properties: object): DatabaseWire {
  return { id: ID, name: 'shop', location: 'x', properties: { databaseId: 'd', status: 'Online', ...properties } };
}

function site(properties: object, identities: readonly string[] = []): SiteWire {
  const userAssignedIdentities = Object.fromEntries(identities.map((id) => [id, {}]));
  return {
    id: ID,
    name: 'shop',
    location: 'x',
    identity: { userAssignedIdentities },
    properties: { state: 'Running', ...properties },
  };
}
