import { describe, expect, test } from '@jest/globals';
import { Stop } from '../../src/errors.ts';
import { settingsOf } from './environment.ts';

test('apps of the same group and of others, one a line', () => {
  const { otherApps } = settingsOf({
    'resource-group': 'shop-rg',
    'other-apps': '# the editors\nshop-admin = stop\n\nJobs-RG/shop-jobs=stop',
  });
  expect(otherApps).toEqual([
    { resourceGroup: 'shop-rg', name: 'shop-admin', does: 'stop' },
    { resourceGroup: 'Jobs-RG', name: 'shop-jobs', does: 'stop' },
  ]);
});

test('a package, a URL of one and an image are new builds', () => {
  const { otherApps } = settingsOf({
    'other-apps': 'a = dist/a.zip\nb = https://store.example/b.zip?sv=1&sig=x=\nc = shop.azurecr.io/c:2\nd = read-only',
  });
  expect(otherApps.map(({ resourceGroup: _, ...each }) => each)).toEqual([
    { name: 'a', does: 'build', package: 'dist/a.zip' },
    { name: 'b', does: 'build', package: 'https://store.example/b.zip?sv=1&sig=x=' },
    { name: 'c', does: 'build', image: 'shop.azurecr.io/c:2' },
    { name: 'd', does: 'read-only' },
  ]);
});

describe('refused', () => {
  test.each([
    ['shop-admin', 'line 1 is different'],
    ['shop-admin = stop\nshop-jobs = start', 'line 2 is different'],
    ['rg/slots/shop-admin = stop', 'line 1 is different'],
    ['../shop-admin = stop', 'line 1 is different'],
    ['shop-admin/staging?x = stop', 'line 1 is different'],
    ['admin = stop\nAdmin = stop', 'shop-rg/admin stands there twice'],
    ['shop-rg/Shop = stop', 'which is the app itself'],
  ])('%j', (given, said) => {
    const read = () => settingsOf({ 'resource-group': 'shop-rg', 'app-name': 'shop', 'other-apps': given });
    expect(read).toThrow(Stop);
    expect(read).toThrow(said);
  });
});
