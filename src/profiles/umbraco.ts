import type { KeyValue } from '../settings/settings.ts';
import type { Profile } from './profile.ts';

/**
 * Umbraco CMS. It has no read-only switch: the application reads ZDD:ServerRole and takes the role Subscriber, in which
 * Umbraco runs no scheduled work and can do with a database that it may only read (docs/cms.md shows the composer).
 * Roles and MainDom: https://docs.umbraco.com/umbraco-cms/fundamentals/setup/server-setup/load-balancing/flexible-advanced
 * A start on a read-only database with another lock fails with error 3906: https://github.com/umbraco/Umbraco-CMS/issues/9643
 */
const notPrimary: readonly KeyValue[] = [
  { name: 'ZDD__ServerRole', value: 'Subscriber' },
  { name: 'Umbraco__CMS__Unattended__UpgradeUnattended', value: 'false' },
  { name: 'Umbraco__CMS__Global__MainDomLock', value: 'FileSystemMainDomLock' },
];

/**
 * For an application that does not look at ZDD:ServerRole: a single server is not elected, and so does not write itself into the
 * database. The role that an application takes itself wins. Umbraco-CMS, UmbracoBuilder.cs: SingleServerRoleAccessor
 */
const notElected: KeyValue = { name: 'Umbraco__CMS__Global__DisableElectionForSingleServer', value: 'true' };

/**
 * Umbraco asks for a discriminator that stays with the slot. A value of the instance's own does the same and may travel, as
 * everything must that is to arrive in production: https://github.com/umbraco/Umbraco-CMS/issues/14195
 */
const discriminator: KeyValue = {
  name: 'Umbraco__CMS__Global__MainDomKeyDiscriminator',
  value: '{{deployment-id}}-{{role}}',
};

export const umbraco: Profile = {
  name: 'umbraco',
  title: 'Umbraco CMS',
  readOnly: [{ name: 'ZDD__ReadOnly', value: 'true' }, notElected, ...notPrimary, discriminator],
  readWrite: [...notPrimary, discriminator],
  newBuild: [{ name: 'Umbraco__CMS__Unattended__UpgradeUnattended', value: 'true' }, discriminator],
  liveBuild: [{ name: 'Umbraco__CMS__Unattended__UpgradeUnattended', value: 'false' }, discriminator],
  connectionStringNames: ['umbracoDbDSN'],
  // A GUID: the migration that was carried out last. https://github.com/umbraco/Umbraco-CMS (Constants.Conventions.Migrations)
  schemaVersionQuery:
    "SELECT [value] AS version FROM umbracoKeyValue WHERE [key] = N'Umbraco.Core.Upgrader.State+Umbraco.Core'",
  readOnlyProbes: [],
  needs: {
    blobVersioning: false,
    blobModule: undefined,
    readerIdentity: false,
    snapshotTimestamp: false,
    copyAnswers: [
      { path: '/umbraco', status: 503, otherwise: 'editors get in, and what they write fails in the database' },
    ],
    disabledForms: false,
  },
  windowsOnly: false,
  turnsOffBackgroundWork: true,
  notes: [
    'Let the application take the server role from ZDD:ServerRole and refuse writes while ZDD:ReadOnly is true; otherwise each of them, and each background job, fails in the database and its log.',
    'From version 17.3 on, use health-path /umbraco/api/health/ready: it answers 503 during start and upgrade.',
  ],
};
