import { expect, test } from '@jest/globals';
import { blobModuleIn } from '../../src/preflight/blob-module.ts';

const MODULE = 'Kentico.Xperience.AzureStorage';
const WITH = ['web.config', 'Kentico.Xperience.AzureStorage.dll'];

test.each<[string, readonly string[] | undefined, readonly string[] | undefined, string]>([
  [
    'in both',
    WITH,
    ['app/kentico.xperience.azurestorage.dll'],
    'passed: Kentico.Xperience.AzureStorage is in production and package.',
  ],
  ['in the new build alone', ['Shop.dll'], WITH, 'warning: Kentico.Xperience.AzureStorage is not in production: '],
  ['in the live build alone', WITH, ['Shop.dll'], 'warning: Kentico.Xperience.AzureStorage is not in package: '],
  [
    'in neither',
    ['Shop.dll'],
    ['Shop.dll'],
    'warning: Kentico.Xperience.AzureStorage is not in production and package: ',
  ],
  ['in the one that could be listed', WITH, undefined, 'passed: Kentico.Xperience.AzureStorage is in production.'],
])('the module is %s', (_, production, given, expected) => {
  const [check] = blobModuleIn(MODULE, { production, package: given });
  expect(`${check?.verdict}: ${check?.found}`).toMatch(new RegExp(`^${expected.replaceAll('.', '\\.')}`));
});

test('builds that nobody could list are passed over', () => {
  expect(blobModuleIn(MODULE, { production: undefined, package: undefined })).toEqual([]);
});
