/** A secret in a Key Vault, as a reference of App Service names it. */
export interface SecretReference {
  /** The vault's name; with `host` its first label. */
  readonly vault: string;
  /** The whole host, where the reference names it. */
  readonly host?: string;
  readonly secret: string;
  /** Undefined: the current one. */
  readonly version?: string;
}

/**
 * Reads `@Microsoft.KeyVault(SecretUri=https://…/secrets/NAME[/VERSION])` and `@Microsoft.KeyVault(VaultName=…;SecretName=…
 * [;SecretVersion=…])`. Undefined for a reference to a vault that is written in another way, which App Service does not read either.
 * https://learn.microsoft.com/azure/app-service/app-service-key-vault-references#source-app-settings-from-key-vault
 */
export function secretReference(text: string): SecretReference | undefined {
  const inside = /^@Microsoft\.KeyVault\((.*)\)$/is.exec(text.trim())?.[1];
  if (inside === undefined) return undefined;
  const parts = new Map(
    inside.split(';').map((part) => {
      const at = part.indexOf('=');
      return [part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()];
    }),
  );
  const uri = parts.get('secreturi');
  return uri === undefined ? byName(parts) : byUri(uri);
}

/** Whether a value stands for a secret of a vault, however it is written. */
export function isSecretReference(text: string): boolean {
  return /^@Microsoft\.KeyVault\(/i.test(text.trim());
}

function byUri(uri: string): SecretReference | undefined {
  if (!URL.canParse(uri)) return undefined;
  const { protocol, hostname, pathname } = new URL(uri);
  const path = /^\/secrets\/([0-9A-Za-z-]+)(?:\/([0-9a-z]*))?\/?$/i.exec(pathname);
  if (protocol !== 'https:' || !path?.[1]) return undefined;
  const [vault = ''] = hostname.split('.');
  return { vault, host: hostname, secret: path[1], ...(path[2] && { version: path[2] }) };
}

function byName(parts: ReadonlyMap<string, string>): SecretReference | undefined {
  const [vault, secret, version] = ['vaultname', 'secretname', 'secretversion'].map((name) => parts.get(name) ?? '');
  if (!/^[0-9a-z-]{3,24}$/i.test(vault ?? '') || !/^[0-9a-z-]+$/i.test(secret ?? '')) return undefined;
  return { vault: vault ?? '', secret: secret ?? '', ...(version && { version }) };
}
