import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { settingDifferences } from '../../src/deployment/setting-differences.ts';
import { WARM_UP_SETTINGS } from '../../src/deployment/warm-up.ts';
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

const settings = fc.dictionary(fc.constantFrom('A', 'B', 'b', 'C'), fc.constantFrom('secret-1', 'secret-2', ''));
const of = (appSettings: Record<string, string>, strings: Record<string, string>) =>
  slot('x', {
    appSettings,
    connectionStrings: Object.fromEntries(
      Object.entries(strings).map(([name, value]) => [name, { value, type: 'Custom' as const }]),
    ),
  });

test('each setting and connection string that is not the same is named once with what became of it, and never its value', () => {
  fc.assert(
    fc.property(settings, settings, settings, settings, (live, liveStrings, next, nextStrings) => {
      const found = settingDifferences(of(live, liveStrings), of(next, nextStrings));
      const expected = [...changes(live, next, ''), ...changes(liveStrings, nextStrings, 'connection-string:')];
      expect([...found].sort(byName)).toEqual(expected.sort(byName));
      expect(JSON.stringify(found)).not.toContain('secret');
    }),
  );
});

test('settings of the action itself are no news, nor anything where there is no live build to compare with', () => {
  const own = Object.fromEntries(['ZDD_INSTANCE', 'ZDD_BUILD', ...WARM_UP_SETTINGS].map((name) => [name, 'x']));
  expect(settingDifferences(of({}, {}), of(own, {}))).toEqual([]);
  expect(settingDifferences(of(own, {}), of({}, {}))).toEqual([]);
  expect(settingDifferences(null, of({ A: '1' }, {}))).toEqual([]);
});

test('they stand in one order, whichever slot has them', () => {
  const names = settingDifferences(of({ D: '1', A: '1' }, {}), of({ C: '1', B: '1' }, {})).map(({ name }) => name);
  expect(names).toEqual(['A', 'B', 'C', 'D']);
});

/** Said once more, by the names of either side. */
function changes(before: Record<string, string>, after: Record<string, string>, prefix: string) {
  const added = Object.keys(after)
    .filter((name) => !(name in before))
    .map((name) => ({ name: prefix + name, what: 'added' }));
  const gone = Object.keys(before)
    .filter((name) => !(name in after))
    .map((name) => ({ name: prefix + name, what: 'removed' }));
  const other = Object.keys(before)
    .filter((name) => name in after && before[name] !== after[name])
    .map((name) => ({ name: prefix + name, what: 'changed' }));
  return [...added, ...gone, ...other];
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : 1;
}
