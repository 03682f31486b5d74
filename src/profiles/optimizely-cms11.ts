import { type Profile, UNEXPLAINED } from './profile.ts';

/**
 * Episerver and Optimizely CMS 9.7 to 11 (.NET Framework).
 * https://world.optimizely.com/documentation/Items/Developers-Guide/Episerver-CMS/9/Deployment/database-mode
 */
export const optimizelyCms11: Profile = {
  name: 'optimizely-cms11',
  title: 'Optimizely CMS 9.7 to 11',
  // .NET Framework reads appSettings by their literal name: `__` is not turned into a colon.
  readOnly: [{ name: 'episerver:DatabaseMode', value: 'ReadOnly' }],
  readWrite: [],
  newBuild: [],
  liveBuild: [],
  connectionStringNames: ['EPiServerDB', 'EcfSqlConnection'],
  schemaVersionQuery: 'DECLARE @version int; EXEC @version = dbo.sp_DatabaseVersion; SELECT @version AS version;',
  readOnlyProbes: [{ method: 'GET', path: '/EPiServer/CMS', status: 503 }],
  // Its address can be changed with the app setting episerver:ReadOnlyInfoUrl.
  needs: {
    blobVersioning: false,
    blobModule: undefined,
    readerIdentity: false,
    snapshotTimestamp: false,
    copyAnswers: [{ path: '/Util/ReadOnly.aspx', status: undefined, otherwise: UNEXPLAINED }],
    disabledForms: false,
  },
  windowsOnly: true,
  turnsOffBackgroundWork: false,
  notes: [
    'The scheduler and the automatic schema update are attributes in web.config, not app settings: for mode "read-write" read the former from an app setting of your own, and build the new version with updateDatabaseSchema="true" or update the database with migrate-command.',
  ],
};
