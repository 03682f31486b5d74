/** Where the shop's database is and how to sign in. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/**
 * Reads an ADO.NET connection string, such as `Server=tcp:host,1433;Database=shop;User ID=u;Password=p;Encrypt=True`.
 * Values may be quoted. Throws an Error that names the missing part; the string itself is never part of the message.
 */
export function parseConnectionString(text: string): DatabaseAddress {
  const parts = new Map<string, string>();
  for (const match of text.matchAll(/\s*([^=;]+?)\s*=\s*("(?:[^"]|"")*"|'(?:[^']|'')*'|[^;]*)\s*(?:;|$)/g)) {
    const [, name = '', value = ''] = match;
    parts.set(name.toLowerCase(), unquoted(value.trim()));
  }
  const server = oneOf(parts, ['server', 'data source', 'address', 'addr']).replace(/^tcp:/i, '');
  const [host = '', port = '1433'] = server.split(',');
  return {
    host: host.trim(),
    port: Number(port),
    database: oneOf(parts, ['database', 'initial catalog']),
    user: oneOf(parts, ['user id', 'uid', 'user']),
    password: oneOf(parts, ['password', 'pwd']),
  };
}

function unquoted(value: string): string {
  const quote = value[0];
  if (value.length < 2 || (quote !== '"' && quote !== "'") || !value.endsWith(quote)) return value;
  return value.slice(1, -1).replaceAll(quote + quote, quote);
}

function oneOf(parts: ReadonlyMap<string, string>, names: readonly string[]): string {
  for (const name of names) {
    const value = parts.get(name);
    if (value !== undefined) return value;
  }
  throw new Error(`The connection string has no "${names[0]}".`);
}
