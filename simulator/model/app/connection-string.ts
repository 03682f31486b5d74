import type { LoginRequest } from '../sql/sessions.ts';

/** Where a connection string leads and as whom; a string without user and password signs in with the app's identity. */
export type Target = Pick<LoginRequest, 'host' | 'database' | 'user' | 'password'> & {
  /** Client id of the identity that is named; empty: the slot's own. */
  readonly identity?: string;
};

/**
 * Understands ADO.NET (`Server=tcp:host,1433;Database=…`), JDBC and Prisma (`sqlserver://host:1433;database=…`), and
 * either of them as a value anywhere in a JSON object. Undefined when it is none of SQL Server.
 */
export function understand(text: string): Target | undefined {
  return text.trimStart().startsWith('{') ? inJson(text) : plain(text);
}

/** Strings of .NET for PostgreSQL and MySQL look alike; their drivers take them. */
const OTHER_ENGINES = /\.(postgres|mysql|mariadb)\.database\./i;

function inJson(text: string): Target | undefined {
  let found: Target | undefined;
  JSON.parse(text, (_key, value) => {
    if (typeof value === 'string') found ??= plain(value);
    return value;
  });
  return found;
}

function plain(text: string): Target | undefined {
  const url = /^(?:jdbc:)?sqlserver:\/\/([^;:]+)(?::\d+)?;?(.*)$/i.exec(text);
  const parts = partsOf(url?.[2] ?? text);
  const server = url?.[1] ?? parts.server ?? parts['data source'];
  const database = parts.database ?? parts.databasename ?? parts['initial catalog'];
  if (server === undefined || database === undefined || OTHER_ENGINES.test(server)) return undefined;
  const user = parts['user id'] ?? parts.uid ?? parts.user ?? '';
  const host = server.replace(/^tcp:/i, '').replace(/,\d+$/, '');
  if (/^active ?directory ?(managed ?identity|msi|default)$/i.test(parts.authentication ?? '')) {
    return { host, database, identity: user };
  }
  return { host, database, user, password: parts.password ?? parts.pwd ?? '' };
}

function partsOf(text: string): Record<string, string> {
  const parts: Record<string, string> = {};
  for (const part of text.split(';')) {
    const at = part.indexOf('=');
    if (at > 0) parts[part.slice(0, at).trim().toLowerCase()] = part.slice(at + 1).trim();
  }
  return parts;
}
