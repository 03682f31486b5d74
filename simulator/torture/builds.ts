import { zipSync } from 'fflate';
import { type Build, buildFiles } from '../model/app/build.ts';
import { keepPackage } from './determinism.ts';

/** The live build: it writes when it starts and has a WebJob, which goes on when the app is stopped. */
export const LIVE: Build = {
  name: 'shop',
  version: '1',
  schema: '1',
  readOnlySwitch: { setting: 'SHOP_READ_ONLY', value: 'true' },
  writesOnStart: true,
};

/** An app as people have it: it sends to https by itself, connects for an instant, without naming itself, and keeps files. */
export const PEOPLES: Build = {
  ...LIVE,
  redirectsToHttps: true,
  sessions: 'for-an-instant',
  driver: 'tiberius',
  keepsUploadsIn: 'media',
};

const ORIGINAL = 'Server=tcp:sql.database.windows.net,1433;Database=shop;User ID=zddadmin;Password=Simulated-1';

/** An app of .NET Framework, with its string in web.config, that connects for an instant. */
export const FRAMEWORKS: Build = {
  ...LIVE,
  sessions: 'for-an-instant',
  brings: { from: 'web.config', strings: { Shop: ORIGINAL } },
};

/** An app that reads a configuration store last: no setting reaches it. */
export const STORED: Build = { ...LIVE, brings: { from: 'store', strings: { DefaultConnection: ORIGINAL } } };

/** An app that reads its string from the row of a table that a setting names. */
export const ROWS: Build = { ...LIVE, brings: { from: 'store', strings: {}, rowIn: 'SHOP_ROW' } };
export const rows = { LIVE: { DefaultConnection: ORIGINAL } };

/** It brings the database to its schema when it starts. */
export const NEW: Build = { ...LIVE, version: '2', schema: '2', migratesOnStart: true };

/** An app that moves together with the shop, with a build of its own. */
export const EDITORS: Build = { ...LIVE, name: 'editor' };

export const packages = {
  '/packages/editor.zip': { ...EDITORS, version: '2', schema: '2' },
  '/packages/new.zip': NEW,
  // Runs on the live build's schema: only the code changes.
  '/packages/same-schema.zip': { ...LIVE, version: '2' },
  // Needs schema 2 and leaves the migration to migrate-command.
  '/packages/command.zip': { ...LIVE, version: '2', schema: '2' },
  // Passes every validation and becomes unhealthy when visitors come.
  '/packages/unhealthy.zip': { ...NEW, unhealthyForVisitors: true },
  '/packages/dead.zip': { ...NEW, starts: false },
  '/packages/peoples.zip': { ...PEOPLES, version: '2', schema: '2', migratesOnStart: true },
  '/packages/frameworks.zip': { ...FRAMEWORKS, version: '2', schema: '2', migratesOnStart: true },
  '/packages/rows.zip': { ...ROWS, version: '2', schema: '2', migratesOnStart: true },
  '/packages/fixed.zip': { ...NEW, version: '3' },
} satisfies Readonly<Record<string, Build>>;

/** The files of a build, its WebJob included. */
export function filesOf(build: Build): Record<string, Uint8Array> {
  return { ...buildFiles(build), 'App_Data/jobs/continuous/stock/run.js': new TextEncoder().encode('// counts stock') };
}

for (const [path, build] of Object.entries(packages)) {
  keepPackage(path, zipSync(filesOf(build), { mtime: '2020-01-01' }));
}
