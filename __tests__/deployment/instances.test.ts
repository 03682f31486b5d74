import { expect, test } from '@jest/globals';
import {
  disarmedSettings,
  liveBuildSettings,
  newBuildSettings,
  readOnlyCopySettings,
  snapshotTimestamp,
} from '../../src/deployment/instances.ts';
import { liveBuildSlot } from '../../src/deployment/slots.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import type { PhaseName } from '../../src/settings/phases.ts';
import { CLONE, connectionTo, ID, settings, slot } from '../phases/observed.ts';
import { look, type Picture } from '../phases/picture.ts';
import { rows } from '../phases/rows.ts';

const WARM_UP = { WEBSITE_SWAP_WARMUP_PING_PATH: '/', WEBSITE_SWAP_WARMUP_PING_STATUSES: '200,301,307,308' };

function seen(picture: Picture, phase: PhaseName, inputs: Readonly<Record<string, string>> = {}) {
  return look(picture, phaseNamed[phase], settings({ ...inputs, phase }));
}

test('the read-only copy has production’s settings on the clone, its switch on and its WebJobs off', () => {
  const { observed, settings: known } = seen(rows.cloned, 'read-only');
  expect(readOnlyCopySettings(known, observed, 'zdd-readonly')).toEqual({
    connectionStrings: connectionTo(CLONE),
    appSettings: {
      SHOP_NAME: 'Shop',
      SHOP_READ_ONLY: 'true',
      WEBJOBS_STOPPED: '1',
      ZDD_INSTANCE: `${ID}/read-only/1`,
      ZDD_BUILD: '<sha256 of the upload>',
      ZDD_COPIED_FROM: expect.stringMatching(/^[0-9a-f]{12}\.[0-9a-f]{12}\.unseen$/),
      ...WARM_UP,
    },
  });
});

test('the read-only copy is refused when a setting may lead to an original that is not understood', () => {
  const vault = '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/db)';
  const production = slot('production', { appSettings: { SHOP_DATABASE: vault }, connectionStrings: {} });
  const { observed, settings: known } = seen(rows.cloned, 'read-only');
  expect(() => readOnlyCopySettings(known, { ...observed, production }, 'zdd-readonly')).toThrow(
    'The read-only copy might write to an original: no setting was found that leads to database shop; SHOP_DATABASE is a reference, and what it stands for is not known here.',
  );
});

test('the new build has the live build’s settings, never those of the copy, plus app-settings', () => {
  const { observed, settings: known } = seen(rows.switched, 'deploy', { 'app-settings': 'SHOP_NAME=New' });
  expect(observed.production.markerText).toBe(`${ID}/read-only/1`);
  expect(newBuildSettings(known, observed, 2)).toEqual({
    connectionStrings: connectionTo('shop'),
    appSettings: { SHOP_NAME: 'New', ZDD_INSTANCE: `${ID}/new/2`, ZDD_BUILD: 'e'.repeat(64), ...WARM_UP },
  });
});

test('what stays with a slot is taken from production, which is where the new build will meet it', () => {
  const { observed, settings: known } = seen(rows.switched, 'deploy');
  const production = slot('production', {
    ...observed.production,
    appSettings: { ...observed.production.appSettings, REGION: 'north' },
  });
  const sticky = { appSettings: ['region'], connectionStrings: [], mounts: [] };
  const there = { ...observed, production, app: { ...observed.app, sticky } };
  expect(newBuildSettings(known, there, 1).appSettings.REGION).toBe('north');
});

test('the live build comes back with the set just read plus the marker', () => {
  const { observed, settings: known } = seen(rows.deployed, 'rollback');
  const live = liveBuildSlot(observed);
  expect(live.name).toBe('zdd-readonly');
  expect(liveBuildSettings(known, observed, live, 2)).toEqual({
    connectionStrings: live.connectionStrings,
    appSettings: { ...live.appSettings, ZDD_INSTANCE: `${ID}/live/2`, ZDD_BUILD: 'live', ...WARM_UP },
  });
});

test.each(['read-only', 'new', 'emptied'] as const)('disarmed as %s, nothing leads to a database', (role) => {
  const { observed, settings: known } = seen(rows.cloned, 'read-only', { 'app-settings': 'SCM_MAX=1' });
  const { appSettings, connectionStrings } = disarmedSettings(known, observed, role, undefined);
  expect(connectionStrings).toEqual({});
  expect(appSettings.WEBJOBS_STOPPED).toBe('1');
  expect(appSettings.ZDD_INSTANCE).toBe(role === 'emptied' ? undefined : `${ID}/${role}/0`);
  expect(Object.keys(appSettings)).not.toContain('SHOP_NAME');
});

test('an emptied slot forgets the URL of a package, one that is prepared keeps it', () => {
  const { observed, settings: known } = seen(rows.cloned, 'read-only');
  const url = 'https://store.example/live.zip';
  const production = slot('production', { appSettings: { WEBSITE_RUN_FROM_PACKAGE: url, SHOP_NAME: 'Shop' } });
  const there = { ...observed, production, newBuild: null };
  const of = (role: 'read-only' | 'new' | 'emptied') => disarmedSettings(known, there, role, undefined).appSettings;
  expect(of('emptied').WEBSITE_RUN_FROM_PACKAGE).toBeUndefined();
  expect(of('read-only').WEBSITE_RUN_FROM_PACKAGE).toBe(url);
});

test('an input of the new build counts for the new build alone', () => {
  const { observed, settings: known } = seen(rows.cloned, 'read-only', {
    'app-settings': 'SCM_COMMAND_IDLE_TIMEOUT=1',
  });
  const of = (role: 'read-only' | 'new' | 'emptied') => disarmedSettings(known, observed, role, undefined).appSettings;
  expect(of('new').SCM_COMMAND_IDLE_TIMEOUT).toBe('1');
  expect(of('read-only').SCM_COMMAND_IDLE_TIMEOUT).toBeUndefined();
  expect(of('emptied').SCM_COMMAND_IDLE_TIMEOUT).toBeUndefined();
});

test('the snapshot timestamp is the end of the latest copy, and unknown while one is under way', () => {
  const { observed } = seen(rows.cloned, 'read-only');
  const [pair] = observed.databases;
  if (!pair?.cloneTags) throw new Error('The row has a clone.');
  const later = { ...pair, cloneTags: { ...pair.cloneTags, completedAt: '2026-01-31T15:00:00.0000000Z' } };
  const open = { ...pair, cloneTags: { ...pair.cloneTags, completedAt: undefined } };
  expect(snapshotTimestamp({ ...observed, databases: [pair, later] })).toBe('2026-01-31T15:00:00.0000000Z');
  expect(snapshotTimestamp({ ...observed, databases: [later, pair] })).toBe('2026-01-31T15:00:00.0000000Z');
  expect(snapshotTimestamp({ ...observed, databases: [pair, open] })).toBeUndefined();
});
