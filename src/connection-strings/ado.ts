import { type Address, parseDataSource, type Understood } from './address.ts';
import { type Pair, parsePairs, withValue } from './pairs.ts';

/** Synonyms: https://learn.microsoft.com/dotnet/api/microsoft.data.sqlclient.sqlconnection.connectionstring */
const SERVER = ['data source', 'server', 'address', 'addr', 'network address'];
const DATABASE = ['initial catalog', 'database'];
const USER = ['user id', 'uid', 'user'];
const PASSWORD = ['password', 'pwd'];
/** Entity Framework of .NET Framework wraps a connection string into one of its own. */
const WRAPPED = 'provider connection string';

/** Reads an ADO.NET or ODBC connection string; undefined when it is none, or says something twice in different ways. */
export function understandAdo(text: string): Understood | undefined {
  const odbc = /(^|;)\s*driver\s*=/i.test(text);
  const pairs = parsePairs(text, odbc);
  if (pairs === undefined) return undefined;
  const wrapped = only(pairs, [WRAPPED]);
  if (wrapped) return understandWrapped(text, wrapped);
  const server = only(pairs, SERVER);
  const source = server && parseDataSource(server.value);
  if (!source) return undefined;
  const database = only(pairs, DATABASE);
  if (database === null) return undefined;
  const address: Address = {
    ...source,
    database: database?.value,
    user: only(pairs, USER)?.value,
    password: only(pairs, PASSWORD)?.value,
  };
  const withDatabase = database && ((name: string) => withValue(text, database, name, odbc));
  return { address, withDatabase };
}

function understandWrapped(text: string, wrapped: Pair): Understood | undefined {
  const inner = understandAdo(wrapped.value);
  if (!inner) return undefined;
  const { withDatabase } = inner;
  return {
    address: inner.address,
    withDatabase: withDatabase && ((name) => withValue(text, wrapped, withDatabase(name), false)),
  };
}

/**
 * The pair with one of these keys; undefined when there is none, null when there are several that differ: drivers do not
 * agree on which of them counts.
 */
function only(pairs: readonly Pair[], keys: readonly string[]): Pair | undefined | null {
  const found = pairs.filter((pair) => keys.includes(pair.key));
  return found.length > 1 ? null : found[0];
}
