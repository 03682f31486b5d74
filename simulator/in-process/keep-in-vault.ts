import { putSecret } from '../model/vault/references.ts';
import type { Vault } from '../model/vault/state.ts';
import { advanceWeb } from '../model/web/advance.ts';
import { identityFrom } from '../model/web/identity.ts';
import { restart } from '../model/web/instances.ts';
import { PRODUCTION, slotOf } from '../model/web/lookup.ts';
import type { World } from '../model/world.ts';

const READER = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shop';

/**
 * Puts a connection string of production into vault `shop-kv`, as secret `database`, and a reference to it in its place. The
 * vault lets in the identity of the run, and one that production has for its references.
 */
export function keepInVault(world: World, name: string, now: number): Vault {
  const [site] = Object.values(world.web.sites);
  const [deployer = ''] = Object.keys(world.principals);
  const production = slotOf(world, site?.name ?? '', PRODUCTION);
  const { connectionStrings } = production.occupant;
  const before = connectionStrings[name];
  if (before === undefined) throw new Error(`Production has no connection string ${name}.`);
  production.identity = identityFrom(world, production, {
    type: 'UserAssigned',
    userAssignedIdentities: { [READER]: {} },
  });
  production.properties = { ...production.properties, keyVaultReferenceIdentity: READER };
  const [identity] = Object.values(production.identity?.userAssignedIdentities ?? {});
  const vault = putSecret(world, 'shop-kv/database', before.value);
  vault.readers = [deployer, identity?.clientId ?? ''];
  connectionStrings[name] = { ...before, value: '@Microsoft.KeyVault(VaultName=shop-kv;SecretName=database)' };
  restart(world, production, now);
  advanceWeb(world, now + world.durations.appStart);
  return vault;
}
