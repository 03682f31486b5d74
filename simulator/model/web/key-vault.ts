import type { World } from '../world.ts';

/** A reference to a secret, in the two forms that App Service knows. */
export interface SecretReference {
  readonly vault: string;
  readonly secret: string;
}

/** https://learn.microsoft.com/azure/app-service/app-service-key-vault-references */
export function parseReference(value: string): SecretReference | undefined {
  const inside = /^@Microsoft\.KeyVault\((.*)\)$/i.exec(value.trim())?.[1];
  if (inside === undefined) return undefined;
  const uri = /SecretUri=https:\/\/([^.]+)\.vault\.azure\.net\/secrets\/([^/;)]+)/i.exec(inside);
  const vault = uri?.[1] ?? /VaultName=([^;]+)/i.exec(inside)?.[1];
  const secret = uri?.[2] ?? /SecretName=([^;]+)/i.exec(inside)?.[1];
  return vault === undefined || secret === undefined ? undefined : { vault, secret };
}

/** What a process finds: the secret, or the reference as it is written where there is no such secret. */
export function resolved(world: World, value: string): string {
  const reference = parseReference(value);
  return (reference && secretOf(world, reference)) ?? value;
}

/** The secret that a reference names; undefined when the vault has none. */
export function secretOf(world: World, { vault, secret }: SecretReference): string | undefined {
  return world.secrets?.[`${vault}/${secret}`.toLowerCase()];
}
