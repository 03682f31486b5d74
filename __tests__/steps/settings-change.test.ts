import { expect, test } from '@jest/globals';
import { settingsChange } from '../../src/steps/settings-change.ts';

const string = (database: string, password: string) => ({
  value: `Server=tcp:sql.database.windows.net;Database=${database};User ID=u;Password=${password}`,
  type: 'SQLAzure' as const,
});

test('names are told, and values only of what cannot be a secret', () => {
  const before = {
    appSettings: { Same: 'x', Token: 'old-secret', Gone: 'gone-secret', Feature: 'false' },
    connectionStrings: { Shop: string('shop', 'hidden-1') },
  };
  const after = {
    appSettings: { Same: 'x', Token: 'new-secret', Added: 'added-secret', Feature: 'true', ZDD_INSTANCE: 'id/new/1' },
    connectionStrings: { Shop: string('shop-zdd-1', 'hidden-1') },
  };
  const told = settingsChange(before, after);
  expect(told).toBe(
    '+Added, Feature (false -> true), -Gone, Token (another value), +ZDD_INSTANCE (id/new/1), connection string Shop (another value), databases shop -> shop-zdd-1',
  );
  expect(told).not.toMatch(/secret|hidden/);
});

test('a slot that does not exist yet gets everything, one that has it nothing', () => {
  const settings = { appSettings: { A: '1' }, connectionStrings: {} };
  expect(settingsChange(undefined, settings)).toBe('+A (1)');
  expect(settingsChange(settings, settings)).toBe('nothing changes');
});

test('a value is told only where the one before and the new one may be seen', () => {
  const change = (before: string, after: string) =>
    settingsChange(
      { appSettings: { Mode: before }, connectionStrings: {} },
      { appSettings: { Mode: after }, connectionStrings: {} },
    );
  expect(change('on', 'OFF')).toBe('Mode (on -> OFF)');
  expect(change('secret', 'on')).toBe('Mode (another value)');
  expect(change('on', 'secret')).toBe('Mode (another value)');
  const ping = { appSettings: { WEBSITE_SWAP_WARMUP_PING_PATH: '/health' }, connectionStrings: {} };
  expect(settingsChange(undefined, ping)).toBe('+WEBSITE_SWAP_WARMUP_PING_PATH (/health)');
  expect(change('12345', '1')).toBe('Mode (another value)');
});

test('databases are told once, in order, and where there is none any more that is told', () => {
  const strings = (...names: readonly string[]) => ({
    appSettings: {},
    connectionStrings: Object.fromEntries(names.map((name, index) => [`S${index}`, string(name, 'x')])),
  });
  expect(settingsChange(strings(), strings('b', 'a', 'b'))).toMatch(/, databases none -> a, b$/);
  expect(settingsChange(strings('a'), strings())).toBe('connection string -S0, databases a -> none');
});
