import { getStorageMounts, getWebConfig } from '../azure/site-config.ts';
import { isClosedToPublic } from '../azure/site-shapes.ts';
import { createSlot, getSite } from '../azure/sites.ts';
import type { Change, Scene } from '../context/scene.ts';
import { SLOT_TAG } from '../deployment/our-tags.ts';

/** Safety rule 3: a slot's PUT onto an existing one would silently update it. What a swap does not carry is given here, once. */
export async function createLikeProduction(scene: Scene, id: string): Promise<Change> {
  const { arm } = scene.context;
  if (await getSite(arm, id)) return {};
  const { site } = scene.observed.production;
  const { id: production } = scene.observed.production;
  const [config, mounts] = await Promise.all([getWebConfig(arm, production), getStorageMounts(arm, production)]);
  const userAssigned = Object.fromEntries(site.identity.userAssigned.map((identity) => [identity, {}]));
  await createSlot(arm, id, {
    location: site.location,
    kind: site.kind,
    tags: { ...site.tags, [SLOT_TAG]: 'yes' },
    ...(site.identity.userAssigned.length > 0
      ? {
          identity: {
            type: site.identity.type.includes('System') ? 'SystemAssigned, UserAssigned' : 'UserAssigned',
            userAssignedIdentities: userAssigned,
          },
        }
      : site.identity.type.includes('System')
        ? { identity: { type: 'SystemAssigned' } }
        : {}),
    properties: {
      serverFarmId: site.serverFarmId,
      reserved: site.reserved,
      httpsOnly: site.httpsOnly,
      clientCertEnabled: site.clientCertEnabled,
      ...(site.clientCertMode ? { clientCertMode: site.clientCertMode } : {}),
      ...(site.virtualNetworkSubnetId ? { virtualNetworkSubnetId: site.virtualNetworkSubnetId } : {}),
      ...(isClosedToPublic(site)
        ? // The endpoint that shuts the public out leads to production only.
          { publicNetworkAccess: 'Disabled' }
        : site.publicNetworkAccess
          ? { publicNetworkAccess: site.publicNetworkAccess }
          : {}),
      ...(site.keyVaultReferenceIdentity ? { keyVaultReferenceIdentity: site.keyVaultReferenceIdentity } : {}),
      siteConfig: {
        ...Object.fromEntries(NOT_SWAPPED.map((name) => [name, config[name]])),
        // In the same request, so that no slot of ours is ever there without them.
        ...(Object.keys(mounts).length > 0 && { azureStorageAccounts: mounts }),
      },
    },
  });
  return {};
}

/** Parts of config/web that stay with a slot and that a build needs to run as in production. */
const NOT_SWAPPED = [
  'acrUseManagedIdentityCreds',
  'acrUserManagedIdentityID',
  'alwaysOn',
  'minTlsVersion',
  'scmMinTlsVersion',
  'ftpsState',
  'ipSecurityRestrictions',
  'ipSecurityRestrictionsDefaultAction',
  'scmIpSecurityRestrictions',
  'scmIpSecurityRestrictionsUseMain',
  'vnetRouteAllEnabled',
] as const;
