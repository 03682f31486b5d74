/** Where a connection string leads. */
export interface Address {
  /** Host name, in lower case. */
  readonly host: string;
  /** Undefined: the driver's default, 1433. */
  readonly port: number | undefined;
  readonly database: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/** A connection string that was understood, and how to make it name another database. */
export interface Understood {
  readonly address: Address;
  /** The same string with another database and nothing else changed. Undefined: it names no database. */
  readonly withDatabase: ((database: string) => string) | undefined;
}

/** Reads `host`, `host,port`, `tcp:host,port`; undefined for a pipe, a named instance or a local file. */
export function parseDataSource(value: string): Pick<Address, 'host' | 'port'> | undefined {
  const parts = /^(?:tcp:)?\s*([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)\.?\s*(?:,\s*(\d{1,5}))?$/i.exec(value.trim());
  if (!parts?.[1]) return undefined;
  return { host: parts[1].toLowerCase(), port: parts[2] === undefined ? undefined : Number(parts[2]) };
}
