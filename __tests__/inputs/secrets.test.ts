import { expect, test } from '@jest/globals';
import { secretsOf } from '../../src/inputs/inputs.ts';
import { environmentOf } from './environment.ts';

test('secrets and the passwords inside them are found', () => {
  const secrets = secretsOf({
    ...environmentOf({
      'github-token': 'ghs_token',
      'sql-access': 'User ID=sa;Password="p;w0rd!"',
      'probe-headers': 'Authorization: Basic dXNlcjpwdw==',
      'app-settings': 'Api__Key=key-value-1\nDb=Server=x;Password=inner-pw\nMail=https://u:hidden-pw@mail.example',
      'setup-env': 'NPM_TOKEN=of-the-registry',
      'migrate-env': 'ADMIN=Server=sql;User ID=admin;Password=Of-The-Admin-1',
      'copy-env': 'KEY=brief',
      'after-start-env': 'KEY=short',
    }),
    AZURE_CLIENT_SECRET: 'client-secret',
  });
  for (const secret of [
    'ghs_token',
    'User ID=sa;Password="p;w0rd!"',
    'p;w0rd!',
    'Basic dXNlcjpwdw==',
    'key-value-1',
    'inner-pw',
    'https://u:hidden-pw@mail.example',
    'client-secret',
    'of-the-registry',
    'Of-The-Admin-1',
    'short',
  ]) {
    expect(secrets).toContain(secret);
  }
});

test.each(['app-settings', 'readonly-settings', 'clone-connection-settings'])(
  'a password in %s is masked, with the connection string that it stands in',
  (input) => {
    const string = 'Server=sql.example;Database=shop;User ID=app;Password=Of-The-Clone-1';
    const secrets = secretsOf(environmentOf({ [input]: `Db=${string}` }));
    expect(secrets).toEqual(expect.arrayContaining([string, 'Of-The-Clone-1']));
  },
);

test('the signature of a package is masked alone as well, because a URL is also said in parts', () => {
  const url = 'https://store.blob.core.windows.net/b/2.zip?se=2030-01-01&sig=abc%2Bdef';
  expect(secretsOf(environmentOf({ package: url }))).toEqual([url, 'se=2030-01-01&sig=abc%2Bdef', 'abc+def']);
  expect(secretsOf(environmentOf({ package: 'https://files.example.com/2.zip' }))).toEqual([]);
});

test('the password in the address of a package is masked, as it stands there and as it is meant', () => {
  const address = 'https://ci:Hidden%2F4711@files.example.com/shop.zip';
  for (const inputs of [{ package: address }, { 'other-apps': `shop-admin = ${address}` }])
    expect(secretsOf(environmentOf(inputs))).toEqual(expect.arrayContaining([address, 'Hidden%2F4711', 'Hidden/4711']));
  expect(secretsOf(environmentOf({ package: 'https://files.example.com/shop.zip' }))).toEqual([]);
});

test('ordinary words are not masked: they would blot out the log and drop outputs', () => {
  const settings = 'Shop__Mode=ReadOnly\nFeature__Search=enabled\nDb__Name={{clone-database}}';
  expect(secretsOf(environmentOf({ 'readonly-settings': settings, 'sql-access': 'token' }))).toEqual([]);
  expect(secretsOf(environmentOf({ 'clone-connection-settings': 'Api__Key={{unchanged}}' }))).toEqual([]);
});

test('lines that are wrong do not stop the masking of the others', () => {
  expect(secretsOf(environmentOf({ 'app-settings': 'no equals sign', 'github-token': 'ghs_token' }))).toEqual([
    'ghs_token',
  ]);
});

test('headers that every request carries are not masked: they hold the address of the app, which is an output', () => {
  const headers = 'Host: shop.azurewebsites.net\nX-Forwarded-Host: shop.azurewebsites.net\nX-Probe: letmein';
  expect(secretsOf(environmentOf({ 'probe-headers': headers }))).toEqual(['letmein']);
});
