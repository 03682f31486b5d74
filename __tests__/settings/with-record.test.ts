import { expect, test } from '@jest/globals';
import type { RecordedInputs } from '../../src/settings/recorded.ts';
import { withRecord } from '../../src/settings/with-record.ts';
import { settingsOf } from '../inputs/environment.ts';

const recorded: RecordedInputs = {
  mode: 'read-only',
  profile: 'umbraco',
  readonlySlot: 'blue',
  stagingSlot: 'green',
  databases: ['orders', 'shop'],
};

test('later phases may leave out what clone recorded', () => {
  expect(withRecord(settingsOf(), recorded)).toMatchObject(recorded);
});

test('repeating the record is fine, in any case of letters', () => {
  const settings = settingsOf({ 'readonly-slot': 'Blue', databases: 'shop,orders', profile: 'umbraco' });
  expect(withRecord(settings, recorded)).toMatchObject(recorded);
});

test.each([
  ['profile', 'custom'],
  ['staging-slot', 'red'],
  ['databases', 'shop'],
])('contradicting the record with %s stops the run, naming both', (input, value) => {
  expect(() => withRecord(settingsOf({ [input]: value }), recorded)).toThrow(
    new RegExp(`Input ${input} is "${value}", but the deployment was opened with `),
  );
});

test('a read-write deployment asks again for agreement where it opens the window, and not where it ends it', () => {
  const readWrite: RecordedInputs = { ...recorded, mode: 'read-write' };
  expect(() => withRecord(settingsOf({ phase: 'switch' }), readWrite)).toThrow(/accept-data-loss is "false"/);
  expect(withRecord(settingsOf({ phase: 'cleanup' }), readWrite).mode).toBe('read-write');
});
