import { expect, test } from '@jest/globals';
import { servingOf } from '../../../../simulator/model/observers.ts';
import { putSecret } from '../../../../simulator/model/vault/references.ts';
import { bodyOf, callerOn, SITE, settings } from './caller.ts';

const BY_URI = '@Microsoft.KeyVault(SecretUri=https://shop.vault.azure.net/secrets/database/)';
const BY_NAME = '@Microsoft.KeyVault(VaultName=shop;SecretName=database)';

test('a process finds the secret where the settings show the reference', () => {
  const caller = callerOn();
  putSecret(caller.world, 'shop/database', 'Server=tcp:sql,1433;Database=shop');
  const properties = { A: BY_URI, B: BY_NAME, C: '@Microsoft.KeyVault(VaultName=shop;SecretName=gone)' };
  caller.send('PUT', `${SITE}/config/appsettings`, { properties });
  caller.wait(60_000);
  const { A, B, C } = servingOf(caller.world, 'web').environment;
  expect([A, B]).toEqual(['Server=tcp:sql,1433;Database=shop', 'Server=tcp:sql,1433;Database=shop']);
  expect(C).toBe(properties.C);
  expect(settings(caller, SITE)).toEqual(properties);
  const { value } = bodyOf(caller.send('GET', `${SITE}/config/configreferences/appsettings`));
  expect(value).toMatchObject([
    { name: 'A', properties: { status: 'Resolved', vaultName: 'shop', secretName: 'database' } },
    { name: 'B', properties: { status: 'Resolved' } },
    { name: 'C', properties: { status: 'SecretNotFound' } },
  ]);
});
