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
