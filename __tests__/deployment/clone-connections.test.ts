import { expect, test } from '@jest/globals';
import { cloneConnections } from '../../src/deployment/clone-connections.ts';
import type { PlaceholderValues } from '../../src/deployment/placeholders.ts';
import { settingsOf } from '../inputs/environment.ts';

const host = 'shop.database.windows.net';
const server = [{ name: 'shop', names: ['shop', host] }];
const values: PlaceholderValues = {
  clones: { shop: 'shop-zdd-1', orders: 'orders-zdd-1' },
  snapshotTimestamp: undefined,
  deploymentId: '20260131-k7m2x',
  role: 'read-only',
};
const live = {
  appSettings: { ConnectionStrings__Orders: '@Microsoft.KeyVault(SecretUri=https://v/s)', Theme: 'dark' },
  connectionStrings: { Shop: { value: `Server=${host};Database=shop`, type: 'SQLAzure' } },
};

test('what cannot be found is named, so that nobody goes on with it', () => {
  const { notFound, unsure, settings } = cloneConnections(live, server, settingsOf(), values);
  expect(notFound).toEqual(['orders']);
  expect(unsure).toEqual([{ kind: 'app-setting', name: 'ConnectionStrings__Orders', why: 'reference' }]);
  expect(settings.connectionStrings.Shop?.value).toBe(`Server=${host};Database=shop-zdd-1`);
});

test('clone-connection-settings closes the gap, in the place where the name stands', () => {
  const own = settingsOf({
    'clone-connection-settings': [
      `connectionstrings__orders=Server=${host};Database={{clone-database:orders}};Authentication=Active Directory Default`,
      'shop=Server=elsewhere;Database={{clone-database:Shop}}',
    ].join('\n'),
  });
  const { notFound, unsure, settings } = cloneConnections(live, server, own, values);
  expect(notFound).toEqual([]);
  expect(unsure).toEqual([]);
  expect(settings).toEqual({
    appSettings: {
      Theme: 'dark',
      connectionstrings__orders: `Server=${host};Database=orders-zdd-1;Authentication=Active Directory Default`,
    },
    connectionStrings: { Shop: { value: 'Server=elsewhere;Database=shop-zdd-1', type: 'SQLAzure' } },
  });
});
