import type { SecretLook } from './key-vault.ts';

/** App settings and connection strings, whole: Azure replaces the full set at every write. */
export interface SlotSettings {
  readonly appSettings: Readonly<Record<string, string>>;
  readonly connectionStrings: Readonly<Record<string, ConnectionString>>;
  /** What references to Key Vault among them stand for, by the text of the reference, as far as somebody has asked. Never written. */
  readonly secrets?: Readonly<Record<string, SecretLook>> | undefined;
}

export interface ConnectionString {
  readonly value: string;
  /** `SQLAzure`, `SQLServer`, `Custom`, … decides the prefix of the environment variable. */
  readonly type: string;
}
