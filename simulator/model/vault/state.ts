/** A Key Vault: its secrets, and who is let in. */
export interface Vault {
  readonly name: string;
  /** Versions by lower-case name of the secret, the current one last. */
  readonly secrets: Record<string, SecretVersion[]>;
  /** Client ids that may read (role Key Vault Secrets User); absent: everybody who signs in. */
  readers?: string[];
  /** Only who comes from the network of the endpoint (`private`), or from nowhere outside (`firewall`); absent: everybody. */
  network?: 'private' | 'firewall';
  /** It belongs to another tenant than the world. */
  isForeign?: true;
}

export interface SecretVersion {
  readonly id: string;
  readonly value: string;
  isDisabled?: true;
}
