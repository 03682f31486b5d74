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
