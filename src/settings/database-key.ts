import { isDatabaseName, isServerName } from './names.ts';

/**
 * How a database of a deployment is called wherever it is spoken of: by its name alone where it lies on the deployment's first
 * server, `<server>/<name>` where it lies on another one. Two databases of the same name on two servers are two keys, and whoever has
 * one server never meets a slash, which no name of a database may hold.
 * @param first the name of the deployment's first server.
 */
export function keyOf(first: string, server: string, name: string): string {
  return server.toLowerCase() === first.toLowerCase() ? name : `${server.toLowerCase()}/${name}`;
}

/** What a key says; `server` is undefined for the first one. */
export function inKey(key: string): { readonly server: string | undefined; readonly name: string } {
  const at = key.indexOf('/');
  return at < 0 ? { server: undefined, name: key } : { server: key.slice(0, at), name: key.slice(at + 1) };
}

/** The name that the database has on its server. */
export function bareName(key: string): string {
  return inKey(key).name;
}

export function isDatabaseKey(text: string): boolean {
  const { server, name } = inKey(text);
  return isDatabaseName(name) && (server === undefined || isServerName(server));
}

/** The key as it is called by another deployment, whose first server may be another one: always with its server, in lower case. */
export function absoluteKey(first: string, key: string): string {
  const { server = first, name } = inKey(key);
  return `${server}/${name}`.toLowerCase();
}

/** The order in which databases are told: those of the first server, then by server; the same on every machine. */
export function byKey(one: string, other: string): number {
  const [a, b] = [inKey(one), inKey(other)];
  return compare(a.server ?? '', b.server ?? '') || compare(a.name, b.name);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
