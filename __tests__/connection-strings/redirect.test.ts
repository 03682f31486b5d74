import { expect, test } from '@jest/globals';
import { findDatabases, parseConnectionString, redirect } from '../../src/connection-strings/connection-strings.ts';
import { findUnsure, referencesPassed } from '../../src/connection-strings/unsure.ts';

const host = 'shop.database.windows.net';
const server = [{ name: 'shop', names: ['shop', host] }];
const clones = { Shop: 'Shop-zdd-1' };

function redirected(value: string): string | undefined {
  return redirect({ appSettings: { A: value }, connectionStrings: {} }, server, clones).settings.appSettings.A;
}

test.each([
  [
    'Server=tcp:shop.database.windows.net,1433;Database=Shop;',
    'Server=tcp:shop.database.windows.net,1433;Database=Shop-zdd-1;',
  ],
  [
    ' data source = SHOP.database.windows.net ; Initial Catalog = shop ;x=1 ',
    ' data source = SHOP.database.windows.net ; Initial Catalog = Shop-zdd-1 ;x=1 ',
  ],
  [
    'Addr=shop.database.windows.net;initial catalog="Shop";Password="a;b""c"',
    'Addr=shop.database.windows.net;initial catalog="Shop-zdd-1";Password="a;b""c"',
  ],
  [
    'Driver={ODBC Driver 18 for SQL Server};Server=shop.database.windows.net;Database={Shop};PWD={a}}b;c}',
    'Driver={ODBC Driver 18 for SQL Server};Server=shop.database.windows.net;Database={Shop-zdd-1};PWD={a}}b;c}',
  ],
  [
    'metadata=res://*/M.csdl;provider=System.Data.SqlClient;provider connection string="data source=shop.database.windows.net;initial catalog=Shop;password=\'x\'"',
    'metadata=res://*/M.csdl;provider=System.Data.SqlClient;provider connection string="data source=shop.database.windows.net;initial catalog=Shop-zdd-1;password=\'x\'"',
  ],
  [
    'jdbc:sqlserver://shop.database.windows.net:1433;databaseName=Shop;user=a;password={x;y};encrypt=true',
    'jdbc:sqlserver://shop.database.windows.net:1433;databaseName=Shop-zdd-1;user=a;password={x;y};encrypt=true',
  ],
  [
    'sqlserver://shop.database.windows.net:1433;database=Shop;user=a',
    'sqlserver://shop.database.windows.net:1433;database=Shop-zdd-1;user=a',
  ],
  [
    'mssql://u:p%40w@shop.database.windows.net/Shop?encrypt=true',
    'mssql://u:p%40w@shop.database.windows.net/Shop-zdd-1?encrypt=true',
  ],
  [
    'sqlserver://u:p@shop.database.windows.net:1433?x=1&database=Shop&y=2',
    'sqlserver://u:p@shop.database.windows.net:1433?x=1&database=Shop-zdd-1&y=2',
  ],
  [
    'Server=shop.privatelink.database.windows.net;Database=shop',
    'Server=shop.privatelink.database.windows.net;Database=Shop-zdd-1',
  ],
  ['Server=other.database.windows.net;Database=Shop', undefined],
  ['Server=shop.database.windows.net;Database=Other', undefined],
  ['Server=shop.database.windows.net;Database=Shop;Initial Catalog=Other', undefined],
  ['Shop on shop.database.windows.net', undefined],
])('%s', (before, after) => {
  expect(redirected(before)).toBe(after ?? before);
});

test('type and other settings stay, and what changed is told', () => {
  const settings = {
    appSettings: { Plain: 'x' },
    connectionStrings: {
      Main: { value: 'Server=shop.database.windows.net;Database=Shop', type: 'SQLAzure' },
      Log: { value: 'Server=shop.database.windows.net;Database=Log', type: 'Custom' },
    },
  };
  const result = redirect(settings, server, clones);
  expect(result.settings.connectionStrings.Main).toEqual({
    value: 'Server=shop.database.windows.net;Database=Shop-zdd-1',
    type: 'SQLAzure',
  });
  expect(result.settings.connectionStrings.Log).toEqual(settings.connectionStrings.Log);
  expect(result.changed).toEqual([{ kind: 'connection-string', name: 'Main', from: 'Shop', to: 'Shop-zdd-1' }]);
  expect(findDatabases(settings).map(({ name, address }) => [name, address.database])).toEqual([
    ['Main', 'Shop'],
    ['Log', 'Log'],
  ]);
});

test('what cannot be understood is reported, not passed over', () => {
  const unsure = findUnsure(
    {
      appSettings: {
        DB_HOST: 'shop.database.windows.net',
        ConnectionStrings__Main: '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/x)',
        ApiKey: '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/y)',
        Json: '{"Db":"Server=shop.database.windows.net;Database=Shop"}',
        Twice: 'Server=shop.database.windows.net;Database=Shop;Initial Catalog=Other',
        Home: 'https://shop.database.windows.net.example',
        Fine: 'Server=shop.database.windows.net;Database=Shop',
      },
      connectionStrings: { Main: { value: '@Microsoft.KeyVault(VaultName=v;SecretName=x)', type: 'SQLAzure' } },
    },
    server,
    ['Shop'],
  );
  expect(unsure.map(({ name, why }) => `${name} ${why}`).sort()).toEqual([
    'ConnectionStrings__Main reference',
    'DB_HOST not-understood',
    'Json not-understood',
    'Main reference',
    'Twice not-understood',
  ]);
});

const REFERENCE = '@Microsoft.KeyVault(VaultName=v;SecretName=x)';

/** Of a server that also has an alias, with an original Shop: why one app setting is doubted. */
function doubt(name: string, value: string): string | undefined {
  const named = [{ names: ['shop', host, 'alias.database.windows.net'] }];
  return findUnsure({ appSettings: { [name]: value }, connectionStrings: {} }, named, ['Shop'])[0]?.why;
}

test.each([
  'SPRING_DATASOURCE_URL',
  'SHOP_DB',
  'JDBC_URL',
  'Hangfire__Storage',
  'Anything',
  'ConnectionStrings__Key',
  'SqlSecret',
])('a reference called %s is doubted', (name) => {
  expect(doubt(name, REFERENCE)).toBe('reference');
  expect(doubt(name, ' @Microsoft.AppConfiguration(Endpoint=https://c.azconfig.io; Key=x)')).toBe('configuration');
});

test.each([
  'ApiKey',
  'STRIPE_SECRET',
  'Graph__ClientSecret',
  'DB_PASSWORD',
  'SqlUser',
  'AzureWebJobsStorage',
  'APPLICATIONINSIGHTS_CONNECTION_STRING',
])('a reference called %s passes by its name, and is told', (name) => {
  expect(doubt(name, REFERENCE)).toBeUndefined();
  expect(referencesPassed({ appSettings: { [name]: REFERENCE }, connectionStrings: {} })).toEqual([
    { kind: 'app-setting', name },
  ]);
});

test.each([
  ['JSON', '{"Db":"Server=alias.database.windows.net;Database=Shop"}', 'not-understood'],
  ['Private', '{"Db":"Server=shop.privatelink.database.windows.net"}', 'not-understood'],
  ['Encoded', 'https://x.example/?c=Server%3Dshop.database.windows.net%3B', 'not-understood'],
  ['Packed', Buffer.from('Server=shop.database.windows.net;Database=Shop').toString('base64'), 'not-understood'],
  ['DB_HOST', 'tcp:alias.database.windows.net,1433', 'not-understood'],
  ['DB_HOST', 'shop', 'not-understood'],
  ['THEME', 'shop', undefined],
  ['Other', 'Server=tcp:elsewhere.example;Database=shop', 'unknown-server'],
  ['Other', 'Server=tcp:elsewhere.example;Database=books', undefined],
  ['OtherJson', '{"Db":"Server=other.database.windows.net;Database=shop"}', 'unknown-server'],
  ['OtherJson', '{"Db":"Server=other.database.windows.net;Database=shop-reports"}', undefined],
  ['Own', 'Server=alias.database.windows.net;Database=shop', undefined],
  ['Audience', 'https://database.windows.net/', undefined],
])('%s=%s is %s', (name, value, why) => {
  expect(doubt(name, value)).toBe(why);
});

test('user and password are read, decoded', () => {
  expect(parseConnectionString('Server=h;UID=a;PWD="x""y"')).toMatchObject({ user: 'a', password: 'x"y' });
  expect(parseConnectionString('mssql://a:p%40w@h/db')).toMatchObject({ user: 'a', password: 'p@w', database: 'db' });
});
