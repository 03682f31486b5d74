import { clientIdOf } from '../web/identity.ts';
import type { Slot } from '../web/state.ts';
import { newGuid, type World } from '../world.ts';
import type { SecretVersion, Vault } from './state.ts';

/** A reference to a secret, in the two forms that App Service knows. */
interface SecretReference {
  readonly vault: string;
  readonly secret: string;
  readonly version?: string | undefined;
}

/** What App Service says of a reference, and the secret where it could read it. */
interface Looked {
  readonly status: 'Resolved' | 'VaultNotFound' | 'SecretNotFound' | 'SecretVersionNotFound' | 'AccessToKeyVaultDenied';
  readonly value?: string;
}

/** https://learn.microsoft.com/azure/app-service/app-service-key-vault-references */
export function parseReference(value: string): SecretReference | undefined {
  const inside = /^@Microsoft\.KeyVault\((.*)\)$/i.exec(value.trim())?.[1];
  if (inside === undefined) return undefined;
  const uri = /SecretUri=https:\/\/([^.]+)\.vault\.azure\.net\/secrets\/([^/;)]+)(?:\/(\w+))?/i.exec(inside);
  const vault = uri?.[1] ?? /VaultName=([^;]+)/i.exec(inside)?.[1];
  const secret = uri?.[2] ?? /SecretName=([^;]+)/i.exec(inside)?.[1];
  const version = uri?.[3] ?? /SecretVersion=([^;]+)/i.exec(inside)?.[1];
  return vault === undefined || secret === undefined ? undefined : { vault, secret, version };
}

/** What a process of the slot finds: the secret, or the reference as it is written where the slot's identity gets none. */
export function resolved(world: World, slot: Slot, value: string): string {
  const reference = parseReference(value);
  return (reference && lookUp(world, slot, reference).value) ?? value;
}

/** App Service reads as the identity of the slot: its own, or the user-assigned one that it names for references. */
export function lookUp(world: World, slot: Slot, { vault: name, secret, version }: SecretReference): Looked {
  const vault = world.vaults?.[name.toLowerCase()];
  if (vault === undefined) return { status: 'VaultNotFound' };
  const isInside = typeof slot.properties.virtualNetworkSubnetId === 'string';
  if (!mayRead(vault, readerOf(world, slot)) || (vault.network !== undefined && !isInside)) {
    return { status: 'AccessToKeyVaultDenied' };
  }
  const found = versionOf(vault, secret, version);
  if (found === undefined) {
    return { status: vault.secrets[secret.toLowerCase()] ? 'SecretVersionNotFound' : 'SecretNotFound' };
  }
  return found.isDisabled ? { status: 'AccessToKeyVaultDenied' } : { status: 'Resolved', value: found.value };
}

export function mayRead(vault: Vault, clientId: string | undefined): boolean {
  return vault.readers === undefined || (clientId !== undefined && vault.readers.includes(clientId));
}

/** The current version, or the one that is named. */
export function versionOf(vault: Vault, secret: string, version: string | undefined): SecretVersion | undefined {
  const versions = vault.secrets[secret.toLowerCase()] ?? [];
  return version === undefined ? versions.at(-1) : versions.find(({ id }) => id === version);
}

/** Puts a secret, or its next version, into a vault, which is made where there is none. */
export function putSecret(world: World, path: string, value: string): Vault {
  const [name = '', secret = ''] = path.split('/');
  world.vaults ??= {};
  world.vaults[name.toLowerCase()] ??= { name, secrets: {} };
  const vault = world.vaults[name.toLowerCase()] as Vault;
  const versions = vault.secrets[secret.toLowerCase()] ?? [];
  vault.secrets[secret.toLowerCase()] = [...versions, { id: newGuid(world).replaceAll('-', ''), value }];
  return vault;
}

function readerOf(world: World, slot: Slot): string | undefined {
  const named = slot.properties.keyVaultReferenceIdentity;
  const users = slot.identity?.userAssignedIdentities ?? {};
  const user = Object.entries(users).find(([id]) => id.toLowerCase() === String(named ?? '').toLowerCase());
  return user?.[1].clientId ?? clientIdOf(world, { id: slot.occupant.instance?.id ?? '', ...slot }, '');
}
