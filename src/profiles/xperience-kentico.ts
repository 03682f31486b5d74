import { type Profile, UNEXPLAINED } from './profile.ts';

/**
 * Xperience by Kentico.
 * https://docs.kentico.com/documentation/developers-and-admins/deployment/read-only-deployments
 * The application has to read the section: services.Configure<ReadOnlyModeOptions>(configuration.GetSection("ReadOnlyModeOptions")).
 */
export const xperienceKentico: Profile = {
  name: 'xperience-kentico',
  title: 'Xperience by Kentico',
  readOnly: [
    { name: 'ReadOnlyModeOptions__ReadOnly', value: 'true' },
    { name: 'ReadOnlyModeOptions__VersioningTimestamp', value: '{{snapshot-timestamp}}' },
  ],
  readWrite: [],
  newBuild: [],
  liveBuild: [],
  connectionStringNames: ['CMSConnectionString'],
  // An application starts on a database of exactly its own version only; these three make it up.
  schemaVersionQuery:
    "SELECT STRING_AGG(CONCAT(KeyName, '=', KeyValue), ';') WITHIN GROUP (ORDER BY KeyName) AS version FROM CMS_SettingsKey WHERE KeyName IN (N'CMSDBVersion', N'CMSHotfixVersion', N'CMSDataVersion')",
  readOnlyProbes: [],
  // The administration shows a page of its own in read-only mode.
  needs: {
    blobVersioning: true,
    blobModule: 'Kentico.Xperience.AzureStorage',
    readerIdentity: true,
    snapshotTimestamp: true,
    copyAnswers: [{ path: '/admin', status: undefined, otherwise: UNEXPLAINED }],
    disabledForms: true,
  },
  windowsOnly: false,
  turnsOffBackgroundWork: false,
  notes: [
    'Where the application reads the options from another section, set both in readonly-settings.',
    'Guard own writes with IReadOnlyModeProvider and name a few of their addresses in read-only-probes, answered with 503.',
    'Blobs in use must not be deleted or replaced while the read-only copy serves.',
  ],
};
