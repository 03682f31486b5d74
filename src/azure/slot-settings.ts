/** App settings and connection strings, whole: Azure replaces the full set at every write. */
export interface SlotSettings {
  readonly appSettings: Readonly<Record<string, string>>;
  readonly connectionStrings: Readonly<Record<string, ConnectionString>>;
}

export interface ConnectionString {
  readonly value: string;
  /** `SQLAzure`, `SQLServer`, `Custom`, … decides the prefix of the environment variable. */
  readonly type: string;
}
