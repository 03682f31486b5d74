import { expect, test } from '@jest/globals';
import { buildId } from '../../src/deployment/build.ts';
import { COPIED_FROM, copiedFrom } from '../../src/deployment/copied-from.ts';
import {
  disarmedSettings,
  isEmptied,
  liveBuildSettings,
  newBuildSettings,
  readOnlyCopySettings,
  snapshotTimestamp,
  valuesFor,
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

test('one doubt is enough to refuse the copy: that a setting is not understood, or that none was found', () => {
  const { observed, settings: known } = seen(rows.cloned, 'read-only');
  const copy = (production: Parameters<typeof slot>[1]) => () =>
    readOnlyCopySettings(known, { ...observed, production: slot('production', production) }, 'zdd-readonly');
  expect(copy({ connectionStrings: {} })).toThrow(/no setting was found that leads to database shop\./);
  const reference = { SEARCH_DATABASE: '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/db)' };
  expect(copy({ appSettings: reference })).toThrow(/: SEARCH_DATABASE is a reference/);
});

test('the copy bears the build that is in its slot, unless that is another one than production has', () => {
  const { observed, settings: known } = seen(rows.ready, 'read-only');
  const production = { ...observed.production, release: 'r1' };
  const build = (appSettings: Readonly<Record<string, string>>, release = 'r1') => {
    const from = copiedFrom({ ...observed, production, readonlySlot: null });
    const readonlySlot = slot('zdd-readonly', { appSettings: { ZDD_BUILD: 'x', [COPIED_FROM]: from, ...appSettings } });
    const look = { ...observed, production: { ...production, release }, readonlySlot };
    return readOnlyCopySettings(known, look, 'zdd-readonly').appSettings.ZDD_BUILD;
  };
  expect(build({ ZDD_INSTANCE: `${ID}/read-only/1` })).toBe('x');
  expect(build({ ZDD_INSTANCE: `${ID}/read-only/1` }, 'r2')).not.toBe('x');
  expect(build({ ZDD_INSTANCE: `${ID}/new/1` })).not.toBe('x');
  expect(build({})).not.toBe('x');
});

test('the copy of what is not uploaded bears the image or the URL that production runs', () => {
  const { observed, settings: known } = seen(rows.cloned, 'read-only');
  const build = (production: Parameters<typeof slot>[1], liveImage: string | null = null) =>
    readOnlyCopySettings(known, { ...observed, production: slot('production', production), liveImage }, 'zdd-readonly')
      .appSettings.ZDD_BUILD;
  const runs = { travelling: { linuxFxVersion: 'DOCKER|shop:1' } };
  expect([build(runs, 'shop:1@sha256:a'), build(runs)]).toEqual(['shop:1@sha256:a', 'DOCKER|shop:1']);
  const url = 'https://store.example/live.zip';
  expect(build({ appSettings: { WEBSITE_RUN_FROM_PACKAGE: url } })).toBe(
    buildId({ kind: 'package-url', url, etag: undefined }),
  );
});

test('a connection string of the new build has the type that was given, and takes the place of one of that name', () => {
  const { observed, settings: known } = seen(rows.switched, 'deploy', {
    'app-settings': 'connection-string:DB_SHOP:Custom=Server=x\nconnection-string:Role=for {{role}}',
  });
  expect(newBuildSettings(known, observed, 1).connectionStrings).toEqual({
    DB_SHOP: { value: 'Server=x', type: 'Custom' },
    Role: { value: 'for new', type: 'SQLAzure' },
  });
});

test('an emptied slot is one in which nothing is left but what keeps it quiet and what uploads need', () => {
  const emptied = (more: Readonly<Record<string, string>>, connectionStrings = {}) =>
    isEmptied(slot('zdd-readonly', { appSettings: { WEBJOBS_STOPPED: '1', ...more }, connectionStrings }));
  expect([emptied({}), emptied({ SCM_MAX: '1' })]).toEqual([true, true]);
  expect([
    emptied({ SHOP_NAME: 'Shop' }),
    emptied({ ZDD_INSTANCE: `${ID}/new/0` }),
    emptied({}, connectionTo('shop')),
    isEmptied(slot('zdd-readonly', { appSettings: {}, connectionStrings: {} })),
  ]).toEqual([false, false, false, false]);
});

test('placeholders stand for this deployment, and for clones on the copy alone', () => {
  const { observed } = seen(rows.cloned, 'read-only');
  const [pair] = observed.databases;
  const shared = {
    firstServer: 'shop-sql',
    snapshotTimestamp: pair?.cloneTags?.completedAt,
    deploymentId: ID,
  };
  expect(shared.snapshotTimestamp).toBeDefined();
  expect(valuesFor(observed, 'read-only')).toEqual({ ...shared, clones: { shop: CLONE }, role: 'read-only' });
  expect(valuesFor(observed, 'new')).toEqual({ ...shared, clones: {}, role: 'new' });
  expect(snapshotTimestamp({ ...observed, databases: [] })).toBeUndefined();
});
