import type { Profile } from './profile.ts';

/**
 * Optimizely CMS 12 and 13 (ASP.NET Core).
 * Database mode: https://docs.developers.optimizely.com/content-management-system/docs/database-mode
 * Scheduler: https://docs.developers.optimizely.com/content-management-system/docs/configuration
 * Schema version: https://www.gulla.net/en/blog/optimizely-content-cloud-cms-and-updates-to-the-database-schema/
 */
export const optimizelyCms12: Profile = {
  name: 'optimizely-cms12',
  title: 'Optimizely CMS 12 and 13',
  // ReadOnly also turns off the scheduler, model synchronization, indexing, and the automatic schema update (which throws).
  readOnly: [{ name: 'EpiServer__Cms__DataAccess__DatabaseMode', value: 'ReadOnly' }],
  readWrite: [{ name: 'EpiServer__Cms__Scheduler__Enabled', value: 'false' }],
  // Without it the new build refuses a database of an older schema.
  newBuild: [{ name: 'EpiServer__Cms__DataAccess__UpdateDatabaseSchema', value: 'true' }],
  liveBuild: [],
  connectionStringNames: ['EPiServerDB', 'EcfSqlConnection'],
  // The procedure hands its version over as its return value.
  schemaVersionQuery: 'DECLARE @version int; EXEC @version = dbo.sp_DatabaseVersion; SELECT @version AS version;',
  // Protected modules (the editing interface) answer 503 in read-only mode.
  readOnlyProbes: [{ method: 'GET', path: '/EPiServer/CMS', status: 503 }],
  needs: {
    blobVersioning: false,
    blobModule: undefined,
    readerIdentity: false,
    snapshotTimestamp: false,
    copyAnswers: [],
    disabledForms: false,
  },
  windowsOnly: false,
  turnsOffBackgroundWork: true,
  notes: [
    'Own code and add-ons that write through IDatabaseExecutor throw in read-only mode: try it with phase "clone,read-only" first.',
    'Where the editing interface has another path, or a login comes first, set read-only-probes.',
  ],
};
