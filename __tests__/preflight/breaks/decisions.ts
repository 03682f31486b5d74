import { expect } from '@jest/globals';
import { EPOCH } from '../../../simulator/model/create-world.ts';
import { addDatabase } from '../../../simulator/model/sql/create.ts';
import { identityFrom } from '../../../simulator/model/web/identity.ts';
import { cloneTags } from '../../../src/deployment/clone-tags.ts';
import { recordTags } from '../../../src/deployment/record-tags.ts';
import { type FineWorld, SITE } from '../fine-world.ts';
import { APP, type Break } from './break.ts';

const KENTICO = { profile: 'xperience-kentico', 'storage-account': 'media' };

/** What the slots that are still to be made, and production's build, lack beside it. */
const BESIDE = {
  'failed permissions on the identity reader': expect.stringContaining("--role 'Managed Identity Operator'"),
  'warning blob module': expect.any(String),
};

/** Production has an identity for blobs, with a role on the account. */
/** @param given where the role is given; undefined: for the account itself */
function readsBlobs({ world, production }: FineWorld, role?: string, given?: string): void {
  const scope = `${SITE.split('/providers/')[0]}/providers/Microsoft.Storage/storageAccounts/media`;
  world.storageAccounts.media = { id: scope, name: 'media', isVersioningEnabled: true };
  const { connectionStrings } = production.occupant;
  production.occupant.connectionStrings = {
    CMSConnectionString: connectionStrings.DefaultConnection ?? { value: '', type: 'SQLAzure' },
  };
  const id = `${SITE.split('/providers/')[0]}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader`;
  production.identity = identityFrom(world, production, { type: 'UserAssigned', userAssignedIdentities: { [id]: {} } });
  const reader = Object.values(world.principals).find(({ name }) => name === 'reader');
  if (role !== undefined) reader?.roles.push({ scope: given ?? scope, actions: [], notActions: [], name: role });
}

export const decisionBreaks: readonly Break[] = [
  {
    what: 'the profile is for Windows and needs more than there is',
    inputs: { profile: 'xperience-kentico', 'storage-account': 'media' },
    breaks: ({ world, production }) => {
      const id = `${SITE.split('/providers/')[0]}/providers/Microsoft.Storage/storageAccounts/media`;
      world.storageAccounts.media = { id, name: 'media', isVersioningEnabled: false };
      production.occupant.connectionStrings = {
        CMSConnectionString: production.occupant.connectionStrings.DefaultConnection ?? { value: '', type: 'SQLAzure' },
      };
    },
    shows: {
      'failed blob versioning':
        'az storage account blob-service-properties update --account-name media --enable-versioning true',
      'failed reader identity': `az webapp identity assign ${APP} --identities '<resource id of the identity>'`,
      'warning blob module':
        'dotnet add package Kentico.Xperience.AzureStorage, and deploy it before the first deployment with a window.',
    },
  },
  {
    what: 'the identity that is to read blobs may write them',
    inputs: KENTICO,
    breaks: (fine) => readsBlobs(fine, 'Storage Blob Data Contributor'),
    shows: {
      'failed reader identity': expect.stringMatching(
        /^az role assignment delete --assignee \S+ --role 'Storage Blob Data Contributor' --scope \S+\/media$/,
      ),
      ...BESIDE,
    },
  },
  {
    what: 'the identity that is to read blobs may write them by a role on the whole group',
    inputs: KENTICO,
    breaks: (fine) => readsBlobs(fine, 'Storage Blob Data Contributor', SITE.split('/providers/')[0]),
    shows: {
      'failed reader identity': expect.stringMatching(
        /^az role assignment delete --assignee \S+ --role 'Storage Blob Data Contributor' --scope \S+\/resourceGroups\/[^/]+$/,
      ),
      ...BESIDE,
    },
  },
  {
    what: 'the identity that is to read blobs may not read them',
    inputs: KENTICO,
    breaks: (fine) => readsBlobs(fine),
    shows: {
      'failed reader identity': expect.stringMatching(
        /^az role assignment create --assignee \S+ --role 'Storage Blob Data Reader' --scope \S+\/media$/,
      ),
      ...BESIDE,
    },
  },
  {
    what: 'the identity that is to read blobs may read them, and no more',
    inputs: KENTICO,
    breaks: (fine) => readsBlobs(fine, 'Storage Blob Data Reader'),
    shows: BESIDE,
  },
  {
    what: 'mode read-write leaves background work on',
    inputs: { mode: 'read-write', 'accept-data-loss': 'true', 'read-only-probes': '', 'readonly-settings': '' },
    shows: { 'warning background work': 'readonly-settings: <NAME>=<value that turns it off>' },
    fills: { NAME: 'SHOP_JOBS', 'value that turns it off': 'off' },
  },
  {
    what: 'nothing keeps the copy from working in the background beside the live build',
    inputs: { 'readonly-settings': '' },
    shows: { 'warning background work': 'readonly-settings: <NAME>=<value that turns it off>' },
    fills: { NAME: 'SHOP_JOBS', 'value that turns it off': 'off' },
  },
  {
    what: 'nothing proves that the application refuses writes',
    inputs: { 'read-only-probes': '' },
    shows: { 'warning read-only probes': 'read-only-probes: POST /<path of a form> -> 503' },
    fills: { 'path of a form': 'order' },
  },
  {
    what: 'production answers a probe today as the copy must',
    inputs: { 'read-only-probes': 'GET / -> 200\nPOST /order -> 503' },
    shows: { 'warning read-only probes': 'Name a request with read-only-probes that production answers otherwise.' },
  },
  {
    what: 'production answers a probe today otherwise than the copy must',
    inputs: { 'read-only-probes': 'GET / -> 503' },
    shows: {},
  },
  {
    what: 'the profile needs Windows, and the app runs on Linux',
    inputs: { profile: 'optimizely-cms11' },
    breaks: ({ world }) => {
      for (const plan of Object.values(world.web.plans)) Object.assign(plan, { reserved: true });
    },
    shows: {
      'failed profile': 'profile: <one that fits the app>',
      'warning connection strings': 'Check input profile.',
    },
  },
  {
    what: 'another deployment is open',
    breaks: ({ world, server, shop }) => {
      const requestedAt = '2026-08-31T10:00:00.0000000Z';
      const record = recordTags({
        deploymentId: '20260831-other',
        app: 'rg/blog',
        run: 'org/blog/7/1',
        actor: 'bob',
        lock: 'held',
        databases: ['shop'],
        mode: 'read-only',
        readonlySlot: 'zdd-readonly',
        stagingSlot: 'zdd-staging',
        profile: 'custom',
        requestedAt,
      });
      const own = { deploymentId: '20260831-other', source: 'shop', sourceId: shop.databaseId, requestedAt };
      addDatabase(world, server, { name: 'shop-zdd-20260831-other', tags: { ...record, ...cloneTags(own) } }, EPOCH);
    },
    shows: {
      'failed other deployments':
        'Ask whoever began it to finish it, or to end it by phase cleanup of rg/blog with deployment-id: 20260831-other',
    },
  },
];
