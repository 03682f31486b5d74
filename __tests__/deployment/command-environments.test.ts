import { expect, test } from '@jest/globals';
import { copyEnvironment } from '../../src/deployment/copy-environment.ts';
import { migrateEnvironment, variableOf } from '../../src/deployment/migrate-environment.ts';
import type { Observed, Server } from '../../src/deployment/observed.ts';
import { CLONE, connectionTo, ID, observed, settings, slot } from '../phases/observed.ts';
import { rows } from '../phases/rows.ts';
import { seen } from '../phases/seen.ts';

const HOST = 'shop-sql.database.windows.net';
const VAULT = '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/db)';
const to = (database: string) => Object.values(connectionTo(database))[0]?.value ?? '';

test('a command that migrates is told the originals, as the new build reaches them', () => {
  const { observed: look, known } = seen(rows.switched, 'deploy', {
    inputs: { 'app-settings': `ConnectionStrings__Orders=${to('orders')}` },
  });
  expect(migrateEnvironment(known, look, 1)).toEqual({
    ZDD_DEPLOYMENT_ID: ID,
    ZDD_SQL_SERVER: HOST,
    ZDD_DATABASE: 'shop',
    ZDD_CONNECTION_STRING_DB_SHOP: to('shop'),
    ZDD_CONNECTION_STRING_ORDERS: to('orders'),
  });
});

test('what stands behind a reference is told, where somebody could read it', () => {
  const { observed: look, known } = seen(rows.switched, 'deploy');
  const connectionStrings = { Db: { value: VAULT, type: 'SQLAzure' } };
  const of = (secrets: Partial<NonNullable<Observed['readonlySlot']>>) =>
    migrateEnvironment(known, { ...look, readonlySlot: slot('zdd-readonly', { connectionStrings, ...secrets }) }, 1);
  expect(of({ secrets: { [VAULT]: { value: to('shop') } } }).ZDD_CONNECTION_STRING_DB).toBe(to('shop'));
  expect(of({})).not.toHaveProperty('ZDD_CONNECTION_STRING_DB');
});

test('a command that copies is told the clones beside the originals', () => {
  const { observed: look, known } = seen(rows.cloned, 'read-only');
  expect(copyEnvironment(known, look)).toEqual({
    ZDD_DEPLOYMENT_ID: ID,
    ZDD_SQL_SERVER: HOST,
    ZDD_DATABASE: 'shop',
    ZDD_CLONE_DATABASE: CLONE,
    ZDD_CLONE_CONNECTION_STRING_DB_SHOP: to(CLONE),
  });
});

test('with several servers each has variables of its own, and a port that is not the usual one is said', () => {
  const [first] = observed().servers;
  const second: Server = { ...first, id: 'x', name: 'crm-sql', host: 'crm.example', port: 3342, names: ['crm-sql'] };
  const [shop] = observed().databases;
  if (!shop) throw new Error('There is a database.');
  const named = (name: string) => ({ ...shop, name, original: shop.original && { ...shop.original, name } });
  const look = observed({
    servers: [first, second],
    databases: [named('shop'), named('orders'), named('crm-sql/customers')],
  });
  expect(migrateEnvironment(settings(), look, 1)).toMatchObject({
    ZDD_SQL_SERVER_SHOP_SQL: HOST,
    ZDD_DATABASE_SHOP_SQL: 'shop,orders',
    ZDD_SQL_SERVER_CRM_SQL: 'crm.example,3342',
    ZDD_DATABASE_CRM_SQL: 'customers',
  });
});

test.each([
  ['Shop', 'X_SHOP'],
  ['ConnectionStrings__Shop', 'X_SHOP'],
  ['connectionstring:Shop.Main', 'X_SHOP_MAIN'],
])('the setting %s becomes a variable that every shell takes', (name, variable) => {
  expect(variableOf('X', name)).toBe(variable);
});
