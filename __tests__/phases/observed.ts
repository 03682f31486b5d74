import { type Database, databaseOf } from '../../src/azure/database-shapes.ts';
import { siteOf } from '../../src/azure/site-shapes.ts';
import { appOfKey } from '../../src/deployment/app-key.ts';
import type { PackageFile } from '../../src/deployment/build.ts';
import { BUILD_SETTING, MARKER_SETTING, parseMarker } from '../../src/deployment/marker.ts';
import { cloneName } from '../../src/deployment/names.ts';
import type { Companion, Observed, OtherAppLook, Slot } from '../../src/deployment/observed.ts';
import { freshRun } from '../../src/deployment/this-run.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { settingsOf } from '../inputs/environment.ts';

/** The deployment of every picture in these tests. */
export const ID = '20260131-k7m2x';
export const CLONE = cloneName('shop', ID);
const PLAN = '/subscriptions/s/plans/plan';
const HOST = 'shop-sql.database.windows.net';
export const NOW = '2026-01-31T14:00:00.000Z';
export const PACKAGE: PackageFile = { kind: 'package', path: '/release/new.zip', sha256: 'e'.repeat(64) };

/** Settings of a run: the action's defaults, a package, a read-only switch, and these inputs. */
export function settings(inputs: Readonly<Record<string, string>> = {}): Settings {
  return settingsOf({ package: PACKAGE.path, 'readonly-settings': 'SHOP_READ_ONLY=true', ...inputs });
}

/** A slot that runs on the database, with these differences. Marker and build are those in its settings. */
export function slot(name: string, differences: Partial<Slot> = {}): Slot {
  const appSettings = differences.appSettings ?? { SHOP_NAME: 'Shop' };
  const id = name === 'production' ? '/subscriptions/s/sites/shop' : `/subscriptions/s/sites/shop/slots/${name}`;
  return {
    name,
    id,
    site: siteOf({ id, name, location: 'West Europe', properties: { state: 'Running', serverFarmId: PLAN } }),
    state: 'Running',
    host: `shop-${name}.azurewebsites.net`,
    scmHost: `shop-${name}.scm.azurewebsites.net`,
    tags: name === 'production' ? {} : { 'zdd-slot': 'yes' },
    connectionStrings: connectionTo('shop'),
    travelling: { nodeVersion: '20' },
    swapStatus: null,
    previewWith: null,
    autoSwapWith: null,
    routed: false,
    ...differences,
    appSettings,
    marker: parseMarker(appSettings[MARKER_SETTING]),
    markerText: appSettings[MARKER_SETTING] ?? '',
    build: appSettings[BUILD_SETTING],
  };
}

export function connectionTo(...databases: readonly string[]): Slot['connectionStrings'] {
  return Object.fromEntries(
    databases.map((name) => [
      `Db_${name.split('-zdd-')[0]}`,
      { value: `Server=tcp:${HOST},1433;Database=${name};User ID=app;Password=Hidden-1`, type: 'SQLAzure' },
    ]),
  );
}

export function database(name: string, differences: Partial<Database> = {}): Database {
  const wire = databaseOf({
    id: `/subscriptions/s/servers/shop-sql/databases/${name}`,
    name,
    location: 'West Europe',
    sku: { name: 'S3' },
    properties: { databaseId: `id-of-${name}`, status: 'Online', creationDate: NOW },
  });
  return { ...wire, ...differences };
}

/** Another app on the databases. */
export function otherApp(key: string, state: string): OtherAppLook {
  const id = `/subscriptions/s/sites/${key}`;
  return {
    key,
    id,
    named: true,
    site: siteOf({ id, name: key, location: 'West Europe', properties: { state, serverFarmId: PLAN } }),
  };
}

/** Another app that moves together with the first one: nothing is in its slots but what is said here. */
export function companion(key: string, does: Companion['does'], look: Partial<Companion['look']> = {}): Companion {
  const { app, production } = observed();
  const nothing = { readonlySlot: null, stagingSlot: null, newBuild: null, liveImage: null };
  return { key, does, look: { app: { ...app, ...appOfKey(key) }, production, ...nothing, ...look } };
}

/** One look at an app in its calm state, before anything has begun, with these differences. */
export function observed(differences: Partial<Observed> = {}): Observed {
  const original = database('shop');
  return {
    now: NOW,
    app: {
      name: 'shop',
      resourceGroup: 'shop-rg',
      id: '/subscriptions/s/sites/shop',
      location: 'West Europe',
      windows: true,
      sticky: { appSettings: [], connectionStrings: [], mounts: [] },
    },
    production: slot('production'),
    readonlySlot: null,
    stagingSlot: null,
    servers: [
      {
        id: '/subscriptions/s/servers/shop-sql',
        name: 'shop-sql',
        host: HOST,
        port: 1433,
        names: ['shop-sql', HOST],
        minimalTlsVersion: '1.2',
      },
    ],
    databases: [
      {
        name: 'shop',
        sourceId: original.databaseId,
        successorId: undefined,
        successorOf: undefined,
        original,
        source: original,
        underName: original,
        clone: null,
        cloneTags: undefined,
        restored: null,
        prepared: null,
        setAside: [],
      },
    ],
    ours: [],
    record: null,
    recordIn: null,
    recordDatabase: CLONE,
    madeByCopy: {},
    strayRules: [],
    leftovers: [],
    leftoverRules: [],
    strays: [],
    others: [],
    sql: {},
    otherApps: [],
    teamSlots: [],
    companions: [],
    deploymentId: ID,
    run: 'contoso/shop/7001/1',
    newBuild: PACKAGE,
    liveImage: null,
    thisRun: freshRun,
    ...differences,
  };
}
