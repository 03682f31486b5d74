import { expect, test } from '@jest/globals';
import { cloneConnections, onlyDeclared } from '../../src/deployment/clone-connections.ts';
import type { PlaceholderValues } from '../../src/deployment/placeholders.ts';
import { settingsOf } from '../inputs/environment.ts';
import { observed, slot } from '../phases/observed.ts';

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
      `ConnectionStrings__ORDERS=Server=${host};Database={{clone-database:orders}};Authentication=Active Directory Default`,
      'SHOP=Server=elsewhere;Database={{clone-database:Shop}}',
    ].join('\n'),
  });
  const { notFound, unsure, settings } = cloneConnections(live, server, own, values);
  expect(notFound).toEqual([]);
  expect(unsure).toEqual([]);
  expect(settings).toEqual({
    appSettings: {
      Theme: 'dark',
      ConnectionStrings__ORDERS: `Server=${host};Database=orders-zdd-1;Authentication=Active Directory Default`,
    },
    connectionStrings: { Shop: { value: 'Server=elsewhere;Database=shop-zdd-1', type: 'SQLAzure' } },
  });
});

const VAULT = '@Microsoft.KeyVault(SecretUri=https://v/s)';
const own = (lines: string) => settingsOf({ 'clone-connection-settings': lines });

test('a setting that is said to lead to no original keeps its value, and is no doubt', () => {
  const { unsure, settings } = cloneConnections(live, server, own('ConnectionStrings__Orders={{unchanged}}'), values);
  expect(unsure).toEqual([]);
  expect(settings.appSettings).toEqual(live.appSettings);
});

test('the input itself must not lead to an original, neither in words nor by what a reference stands for', () => {
  const original = `Server=${host};Database=Orders`;
  const doubts = (lines: string, secrets = {}) => cloneConnections({ ...live, secrets }, server, own(lines), values);
  const unsure = [{ name: 'ConnectionStrings__Orders', why: 'original' }];
  expect(doubts(`ConnectionStrings__Orders=${original}`)).toMatchObject({ unsure });
  const secrets = { [VAULT.replace('/s)', '/t)')]: { value: original } };
  expect(doubts(`ConnectionStrings__Orders=${VAULT.replace('/s)', '/t)')}`, secrets)).toMatchObject({ unsure });
  expect(doubts(`ConnectionStrings__Orders=Server=${host};Database=reports`)).toMatchObject({ unsure: [] });
});

test('a database is found in whichever case its name is written, in a string and in the deployment', () => {
  const shout = { Shop: { value: `Server=${host};Database=SHOP`, type: 'SQLAzure' } };
  const found = (clones: Readonly<Record<string, string>>) =>
    cloneConnections({ appSettings: {}, connectionStrings: shout }, server, settingsOf(), { ...values, clones });
  expect(found({ shop: 'shop-zdd-1' }).notFound).toEqual([]);
  expect(found({ Shop: 'Shop-zdd-1' }).notFound).toEqual([]);
});

test('what is understood counts by its address, whatever else stands in it, and the rest by the name in it', () => {
  const notFound = (line: string) =>
    cloneConnections(live, server, own(`ConnectionStrings__Orders=${line}`), values).notFound;
  expect(notFound(`Server=${host};Database=reports;Application Name=orders-zdd-1`)).toEqual(['orders']);
  expect(notFound(`Server=${host};Database=ORDERS-zdd-1`)).toEqual([]);
  expect(notFound('Server=alias.example;Database=orders-zdd-1')).toEqual([]);
  expect(notFound('Server=alias.example;Database=reports')).toEqual(['orders']);
});

test('what a command tells the copy nobody here sees: nothing is missed, and everything is only declared', () => {
  const told = settingsOf({ 'copy-command': './tell-copy' });
  expect(cloneConnections(live, server, told, values).notFound).toEqual([]);
  const [pair] = observed().databases;
  if (!pair) throw new Error('There is a database.');
  const look = observed({
    databases: [pair, { ...pair, name: 'Orders' }, { ...pair, name: 'crm' }],
    production: slot('production', {
      appSettings: { Orders: 'Server=shop-sql.database.windows.net;Database=ORDERS' },
    }),
  });
  expect(onlyDeclared(told, look)).toEqual(['shop', 'Orders', 'crm']);
  expect(onlyDeclared(settingsOf(), look)).toEqual(['crm']);
});
