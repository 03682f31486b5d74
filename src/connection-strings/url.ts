import type { Address, Understood } from './address.ts';
import { parsePairs, withValue } from './pairs.ts';

/**
 * `jdbc:sqlserver://host:port;databaseName=x`, and without `jdbc:` as Prisma writes it.
 * https://learn.microsoft.com/sql/connect/jdbc/building-the-connection-url
 */
export function understandJdbc(text: string): Understood | undefined {
  const head = /^(?:jdbc:)?sqlserver:\/\/([a-z0-9.-]+)(?::(\d{1,5}))?(?=;|$)/i.exec(text);
  if (!head?.[1]) return undefined;
  const pairs = parsePairs(text.slice(head[0].length), true);
  if (pairs === undefined) return undefined;
  const named = (...keys: string[]) => pairs.filter((pair) => keys.includes(pair.key));
  const databases = named('databasename', 'database', 'initial catalog');
  if (databases.length > 1) return undefined;
  const database = databases[0];
  const address: Address = {
    host: head[1].toLowerCase(),
    port: head[2] === undefined ? undefined : Number(head[2]),
    database: database?.value,
    user: named('user', 'username', 'uid')[0]?.value,
    password: named('password', 'pwd')[0]?.value,
  };
  const tail = text.slice(head[0].length);
  return { address, withDatabase: database && ((name) => head[0] + withValue(tail, database, name, true)) };
}

/** `mssql://user:password@host:port/database`, and Go's `sqlserver://user:password@host:port?database=x`. */
export function understandUrl(text: string): Understood | undefined {
  const parts = /^(mssql(?:\+[a-z0-9]+)?|sqlserver):\/\/([^/?#]*)([^?#;]*)(\?[^#;]*)?$/i.exec(text);
  if (!parts || !URL.canParse(text)) return undefined;
  const [, scheme = '', authority = '', path = '', query = ''] = parts;
  const userAndHost = /^(?:([^:@]*)(?::([^@]*))?@)?([a-z0-9.-]+)(?::(\d{1,5}))?$/i.exec(authority);
  if (!userAndHost?.[3]) return undefined;
  const inQuery = /([?&]database=)([^&]*)/i.exec(query);
  const inPath = /^\/([^/]+)$/.exec(path);
  if (inQuery && inPath) return undefined;
  const database = inQuery?.[2] ?? inPath?.[1];
  const before = `${scheme}://${authority}`;
  const withDatabase = (name: string) =>
    inQuery
      ? before + path + query.replace(inQuery[0], () => inQuery[1] + encodeURIComponent(name))
      : `${before}/${encodeURIComponent(name)}${query}`;
  const address: Address = {
    host: userAndHost[3].toLowerCase(),
    port: userAndHost[4] === undefined ? undefined : Number(userAndHost[4]),
    database: decoded(database),
    user: decoded(userAndHost[1]),
    password: decoded(userAndHost[2]),
  };
  return { address, withDatabase: database === undefined ? undefined : withDatabase };
}

function decoded(part: string | undefined): string | undefined {
  if (part === undefined) return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
