import { expect, test } from '@jest/globals';
import {
  instanceSettings,
  readOnlyProbesOf,
  schemaVersionQueryOf,
  withSettings,
} from '../../src/deployment/instance-settings.ts';
import type { PlaceholderValues } from '../../src/deployment/placeholders.ts';
import { settingsOf } from '../inputs/environment.ts';

const values: PlaceholderValues = {
  clones: { shop: 'shop-zdd-20260131-k7m2x' },
  snapshotTimestamp: '2026-01-31T14:05:09.1234567Z',
  deploymentId: '20260131-k7m2x',
  role: 'read-only',
};

function asRecord(inputs: Record<string, string>, role: PlaceholderValues['role']): Record<string, string> {
  const settings = settingsOf({ 'accept-data-loss': 'true', ...inputs });
  return Object.fromEntries(instanceSettings(settings, { ...values, role }).map(({ name, value }) => [name, value]));
}

test.each([
  ['optimizely-cms12', { EpiServer__Cms__DataAccess__DatabaseMode: 'ReadOnly' }],
  ['optimizely-cms11', { 'episerver:DatabaseMode': 'ReadOnly' }],
  [
    'xperience-kentico',
    {
      ReadOnlyModeOptions__ReadOnly: 'true',
      ReadOnlyModeOptions__VersioningTimestamp: '2026-01-31T14:05:09.1234567Z',
    },
  ],
  [
    'umbraco',
    {
      ZDD__ReadOnly: 'true',
      Umbraco__CMS__Global__DisableElectionForSingleServer: 'true',
      ZDD__ServerRole: 'Subscriber',
      Umbraco__CMS__Unattended__UpgradeUnattended: 'false',
      Umbraco__CMS__Global__MainDomLock: 'FileSystemMainDomLock',
      Umbraco__CMS__Global__MainDomKeyDiscriminator: '20260131-k7m2x-read-only',
    },
  ],
  ['custom', {}],
])('%s has exactly its read-only switches, and no WebJobs', (profile, switches) => {
  expect(asRecord({ profile }, 'read-only')).toEqual({ WEBJOBS_STOPPED: '1', ...switches });
});

test.each([
  ['optimizely-cms12', { EpiServer__Cms__Scheduler__Enabled: 'false' }],
  ['optimizely-cms11', {}],
  ['xperience-kentico', {}],
  ['custom', {}],
])('%s in mode read-write stays writable, background work off', (profile, switches) => {
  expect(asRecord({ profile, mode: 'read-write' }, 'read-only')).toEqual({ WEBJOBS_STOPPED: '1', ...switches });
});

test('Umbraco in mode read-write is a subscriber and may write', () => {
  const settings = asRecord({ profile: 'umbraco', mode: 'read-write' }, 'read-only');
  expect(settings.ZDD__ServerRole).toBe('Subscriber');
  expect(settings).not.toHaveProperty('ZDD__ReadOnly');
});

test('only the new build may upgrade the database, and each instance has a discriminator of its own', () => {
  const roles = (['read-only', 'new', 'live'] as const).map((role) => asRecord({ profile: 'umbraco' }, role));
  expect(roles.map((role) => role.Umbraco__CMS__Unattended__UpgradeUnattended)).toEqual(['false', 'true', 'false']);
  const discriminators = roles.map((role) => role.Umbraco__CMS__Global__MainDomKeyDiscriminator);
  expect(new Set(discriminators).size).toBe(3);
});

test('no read-only switch reaches the new build or the live build', () => {
  for (const profile of ['optimizely-cms12', 'optimizely-cms11', 'xperience-kentico', 'umbraco', 'custom']) {
    for (const role of ['new', 'live'] as const) {
      const text = JSON.stringify(asRecord({ profile, 'readonly-settings': 'Own__ReadOnly=true' }, role));
      expect(text).not.toMatch(/ReadOnly|WEBJOBS|Subscriber|clone/);
    }
  }
});

test("the user's settings win over the profile's, however the name is written", () => {
  const settings = asRecord(
    { profile: 'xperience-kentico', 'readonly-settings': 'readonlymodeoptions:readonly=yes\nDb={{ clone-database }}' },
    'read-only',
  );
  expect(settings).toEqual({
    WEBJOBS_STOPPED: '1',
    ReadOnlyModeOptions__VersioningTimestamp: '2026-01-31T14:05:09.1234567Z',
    'readonlymodeoptions:readonly': 'yes',
    Db: 'shop-zdd-20260131-k7m2x',
  });
});

test('a setting that differs in case only is replaced, not added', () => {
  const after = withSettings({ EPISERVER__CMS__A: 'old', 'EpiServer:Cms:B': 'old', Other: 'x' }, [
    { name: 'EpiServer__Cms__A', value: 'new' },
    { name: 'EpiServer__Cms__B', value: 'new' },
  ]);
  expect(after).toEqual({ Other: 'x', EpiServer__Cms__A: 'new', EpiServer__Cms__B: 'new' });
});

test('probes and query come from the user, else from the profile', () => {
  expect(readOnlyProbesOf(settingsOf({ profile: 'optimizely-cms12' }))).toEqual([
    { method: 'GET', path: '/EPiServer/CMS', status: 503 },
  ]);
  const own = settingsOf({
    profile: 'optimizely-cms12',
    'read-only-probes': 'POST /x -> 403',
    'schema-version-query': 'SELECT 1',
  });
  expect(readOnlyProbesOf(own)).toEqual([{ method: 'POST', path: '/x', status: 403 }]);
  expect(schemaVersionQueryOf(own)).toBe('SELECT 1');
  expect(schemaVersionQueryOf(settingsOf({ profile: 'umbraco' }))).toContain('umbracoKeyValue');
  expect(schemaVersionQueryOf(settingsOf())).toBeUndefined();
  expect(
    readOnlyProbesOf(
      settingsOf({ mode: 'read-write', 'accept-data-loss': 'true', 'read-only-probes': 'POST /x -> 503' }),
    ),
  ).toEqual([]);
});
