import { expect, test } from '@jest/globals';
import { settingDifferences } from '../../src/deployment/setting-differences.ts';
import { slot } from '../phases/observed.ts';

const string = (value: string) => ({ Search: { value, type: 'Custom' as const } });

test('what differs is told by name, whether it was added, changed or removed, and never with its value', () => {
  const live = slot('production', {
    appSettings: { SAME: '1', CHANGED: 'old-secret', REMOVED: 'x', ZDD_INSTANCE: 'a' },
    connectionStrings: string('old-secret'),
  });
  const candidate = slot('zdd-staging', {
    appSettings: { SAME: '1', CHANGED: 'new-secret', ADDED: 'y', ZDD_INSTANCE: 'b', ZDD_BUILD: 'c' },
    connectionStrings: string('new-secret'),
  });
  const found = settingDifferences(live, candidate);
  expect(found).toEqual([
    { name: 'ADDED', what: 'added' },
    { name: 'CHANGED', what: 'changed' },
    { name: 'REMOVED', what: 'removed' },
    { name: 'connection-string:Search', what: 'changed' },
  ]);
  expect(JSON.stringify(found)).not.toContain('secret');
});

test('a setting that became empty is changed, not removed; without a live build nothing is compared', () => {
  const [live, candidate] = ['x', ''].map((value) => slot('production', { appSettings: { A: value } }));
  if (!live || !candidate) throw new Error('There are two.');
  expect(settingDifferences(live, candidate)).toEqual([{ name: 'A', what: 'changed' }]);
  expect(settingDifferences(null, candidate)).toEqual([]);
});
