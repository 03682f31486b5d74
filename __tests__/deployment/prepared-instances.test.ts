import { expect, test } from '@jest/globals';
import { disarmedSettings, isEmptied, newBuildSettings, readOnlyCopySettings } from '../../src/deployment/instances.ts';
import type { Observed, Slot } from '../../src/deployment/observed.ts';
import { connectionTo, ID, slot } from '../phases/observed.ts';
import { rows } from '../phases/rows.ts';
import { type Differences, seen } from '../phases/seen.ts';

const URL = 'https://store.example/new.zip';
const NEW_URL: Observed['newBuild'] = { kind: 'package-url', url: URL, etag: 'x' };

/** What the new build gets in the window, where the live build waits in the readonly slot. */
function newBuild(differences: Differences = {}, live: Partial<Slot> = {}, staging: Partial<Slot> | null = {}) {
  const { known, observed } = seen(rows.switched, 'deploy', differences);
  const readonlySlot = observed.readonlySlot && slot('zdd-readonly', { ...observed.readonlySlot, ...live });
  const stagingSlot = staging && observed.stagingSlot && slot('zdd-staging', { ...observed.stagingSlot, ...staging });
  return newBuildSettings(known, { ...observed, readonlySlot, stagingSlot }, 1);
}

function before(differences: Differences, production: Partial<Slot> = {}) {
  const { known, observed } = seen(rows.cloned, 'read-only', differences);
  return {
    known,
    observed: { ...observed, production: slot('production', { ...observed.production, ...production }) },
  };
}

const MARKED = { ZDD_INSTANCE: `${ID}/new/0`, WEBSITE_RUN_FROM_PACKAGE: URL };

test('a package at a URL is fetched from there: that of the new build, or of the one that waits when none is given', () => {
  const from = (...given: Parameters<typeof newBuild>) => newBuild(...given).appSettings.WEBSITE_RUN_FROM_PACKAGE;
  expect(from({ look: { newBuild: NEW_URL } })).toBe(URL);
  expect(from({ look: { newBuild: null } }, {}, { appSettings: MARKED })).toBe(URL);
  expect(from({}, {}, { appSettings: MARKED })).toBeUndefined();
  expect(from({ look: { newBuild: null } }, {}, null)).toBeUndefined();
  expect(
    from({ look: { newBuild: null } }, {}, { appSettings: { ...MARKED, ZDD_INSTANCE: '20260101-aaaaa/new/0' } }),
  ).toBeUndefined();
  expect(
    from({ look: { newBuild: null } }, {}, { appSettings: { ...MARKED, ZDD_INSTANCE: `${ID}/live/1` } }),
  ).toBeUndefined();
});

test('the build is the one that is given, that was uploaded, or that this deployment has brought to the slot', () => {
  const build = (...given: Parameters<typeof newBuild>) => newBuild(...given).appSettings.ZDD_BUILD;
  const held = { appSettings: { ZDD_INSTANCE: `${ID}/new/0`, ZDD_BUILD: 'held' } };
  expect(build()).toBe('e'.repeat(64));
  expect(build({ look: { newBuild: null } }, {}, held)).toBe('held');
  expect(build({ look: { newBuild: null }, run: { uploaded: { 'zdd-staging': 'uploaded' } } }, {}, held)).toBe(
    'uploaded',
  );
  const old = { appSettings: { ZDD_INSTANCE: '20260101-aaaaa/new/0', ZDD_BUILD: 'held' } };
  expect(build({ look: { newBuild: null } }, {}, old)).not.toBe('held');
});

test('a push to the registry restarts nothing that is prepared, and nothing is said where the live build says nothing', () => {
  const live = { appSettings: { DOCKER_ENABLE_CI: 'true' } };
  expect(newBuild({}, live).appSettings.DOCKER_ENABLE_CI).toBe('false');
  expect(newBuild().appSettings).not.toHaveProperty('DOCKER_ENABLE_CI');
  const { known, observed } = before({}, live);
  expect(readOnlyCopySettings(known, observed, 'zdd-readonly').appSettings.DOCKER_ENABLE_CI).toBe('false');
});

test('a connection string of the new build takes the place of the one of its name, whatever its letters', () => {
  const inputs = {
    'app-settings': 'connection-string:DB_SHOP=Server=new.example\nconnection-string:Search=Server=search.example',
  };
  const { connectionStrings } = newBuild({ inputs }, { connectionStrings: connectionTo('shop', 'stock') });
  expect(Object.keys(connectionStrings).toSorted()).toEqual(['DB_SHOP', 'Db_stock', 'Search']);
  expect(connectionStrings.DB_SHOP?.value).toBe('Server=new.example');
});

test('what stays with a slot comes from production alone, the rest from the live build alone', () => {
  const { observed } = seen(rows.switched, 'deploy');
  const production = slot('production', {
    ...observed.production,
    appSettings: { ...observed.production.appSettings, REGION: 'north', ONLY_COPY: '1' },
  });
  const app = { ...observed.app, sticky: { appSettings: ['Region', 'Gone'], connectionStrings: [], mounts: [] } };
  const { appSettings } = newBuild(
    { look: { production, app } },
    { appSettings: { SHOP_NAME: 'Shop', region: 'south', GONE: '1' } },
  );
  expect(appSettings).toMatchObject({ SHOP_NAME: 'Shop', REGION: 'north' });
  for (const name of ['region', 'GONE', 'ONLY_COPY']) expect(appSettings).not.toHaveProperty(name);
});

test('disarmed, an instance keeps what an upload needs, and Azure builds nothing of it once more unless it is told to', () => {
  const live = {
    appSettings: {
      SCM_DO_BUILD_DURING_DEPLOYMENT: 'true',
      Enable_Oryx_Build: 'true',
      SCM_MAX: '1',
      SHOP_NAME: 'Shop',
      WEBSITE_RUN_FROM_PACKAGE: '1',
    },
  };
  const of = (role: 'new' | 'read-only' | 'emptied', inputs = {}) => {
    const { known, observed } = before({ inputs, look: { newBuild: null } }, live);
    return disarmedSettings(known, observed, role, undefined).appSettings;
  };
  for (const role of ['new', 'read-only', 'emptied'] as const)
    expect(of(role)).toMatchObject({
      SCM_DO_BUILD_DURING_DEPLOYMENT: 'false',
      Enable_Oryx_Build: 'false',
      SCM_MAX: '1',
      WEBSITE_RUN_FROM_PACKAGE: '1',
      WEBJOBS_STOPPED: '1',
    });
  const told = { 'app-settings': 'SCM_DO_BUILD_DURING_DEPLOYMENT=true' };
  expect(of('new', told).SCM_DO_BUILD_DURING_DEPLOYMENT).toBe('true');
  expect(of('read-only', told).SCM_DO_BUILD_DURING_DEPLOYMENT).toBe('false');
  expect(of('new')).not.toHaveProperty('SHOP_NAME');
  const { known, observed } = before({ look: { newBuild: NEW_URL } });
  expect(disarmedSettings(known, observed, 'new', undefined).appSettings.WEBSITE_RUN_FROM_PACKAGE).toBe(URL);
  expect(disarmedSettings(known, observed, 'read-only', undefined).appSettings).not.toHaveProperty(
    'WEBSITE_RUN_FROM_PACKAGE',
  );
  expect(disarmedSettings(known, observed, 'new', 'b').appSettings.ZDD_BUILD).toBe('b');
  expect(disarmedSettings(known, observed, 'new', undefined).appSettings).not.toHaveProperty('ZDD_BUILD');
});

test('what cleanup leaves is known as empty, and nothing else', () => {
  const empty = { appSettings: { WEBJOBS_STOPPED: '1' }, connectionStrings: {} };
  const is = (differences: Partial<Slot>) => isEmptied(slot('zdd-readonly', { ...empty, ...differences }));
  expect(is({})).toBe(true);
  expect(is({ appSettings: { WEBJOBS_STOPPED: '1', SCM_MAX: '1' } })).toBe(true);
  expect(is({ appSettings: {} })).toBe(false);
  expect(is({ appSettings: { WEBJOBS_STOPPED: '1', SHOP_NAME: 'Shop' } })).toBe(false);
  expect(is({ connectionStrings: connectionTo('shop') })).toBe(false);
  expect(is({ appSettings: { WEBJOBS_STOPPED: '1', ZDD_INSTANCE: `${ID}/new/0` } })).toBe(false);
});

test('a copy that is made anew while visitors are on the first has another number', () => {
  const first = seen(rows.cloned, 'read-only');
  const marker = (of: typeof first) =>
    readOnlyCopySettings(of.known, of.observed, 'zdd-staging').appSettings.ZDD_INSTANCE;
  expect(marker(first)).toBe(`${ID}/read-only/1`);
  const second = seen(rows.switched, 'switch');
  const clone = second.observed.databases[0]?.clone?.name ?? '';
  const production = slot('production', { ...second.observed.production, connectionStrings: connectionTo(clone) });
  expect(marker({ ...second, observed: { ...second.observed, production } })).toBe(`${ID}/read-only/2`);
});

test('another copy-command is told by the copy, and none where there is none', () => {
  const told = (inputs: Readonly<Record<string, string>>) => {
    const { known, observed } = before({ inputs });
    return readOnlyCopySettings(known, observed, 'zdd-readonly').appSettings.ZDD_COPY_COMMAND;
  };
  const command = told({ 'copy-command': './tell' });
  expect(command).toMatch(/^[0-9a-f]{12}$/);
  expect(told({ 'copy-command': './tell again' })).not.toBe(command);
  expect(told({})).toBeUndefined();
});
