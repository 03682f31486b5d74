import type { Profile } from './profile.ts';

/** Any other application: what makes it read-only is said by `readonly-settings`; the database is read-only in any case. */
export const custom: Profile = {
  name: 'custom',
  title: 'your own application',
  readOnly: [],
  readWrite: [],
  newBuild: [],
  liveBuild: [],
  connectionStringNames: [],
  schemaVersionQuery: undefined,
  readOnlyProbes: [],
  needs: {
    blobVersioning: false,
    blobModule: undefined,
    readerIdentity: false,
    snapshotTimestamp: false,
    copyAnswers: [],
    disabledForms: false,
  },
  windowsOnly: false,
  turnsOffBackgroundWork: false,
  notes: ['The application must start and serve pages on a database that refuses every write (error 3906).'],
};
