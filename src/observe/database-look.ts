import { isDeepStrictEqual } from 'node:util';
import type { Database } from '../azure/database-shapes.ts';
import { getDatabase } from '../azure/databases.ts';
import type { Context } from '../context/context.ts';
import { byCodeUnits, parseName, sameName } from '../deployment/names.ts';
import type { Server } from '../deployment/observed.ts';
import { recordedIn } from '../deployment/record-tags.ts';
import { bareName, keyOf } from '../settings/database-key.ts';

/**
 * One look at the databases of servers: ours with their tags, all others without. As Azure calls them, or, once it is known which
 * server is the first, by their keys.
 */
export interface DatabaseLook {
  readonly all: readonly Database[];
  /** Databases that have one of our names, of whatever deployment, read one by one: lists may leave tags out. */
  readonly named: readonly Database[];
  /** Originals that carry a mirror, or could: read one by one, too. */
  readonly candidates: readonly Database[];
}

/**
 * @param originals names of those that lie on this server
 * @param all what the server lists
 * @param mayKeep tags that were read in this turn are kept, the rest is as listed. Not of a database that has a record or
 *   may come to have its mirror: the tags that change are theirs.
 * @param ask reads one database
 */
export async function lookAtDatabases(
  context: Context,
  server: Pick<Server, 'id'>,
  originals: readonly string[],
  all: readonly Database[],
  mayKeep: boolean,
  ask: (serverId: string, name: string) => Promise<Database | null> = (serverId, name) =>
    getDatabase(context.arm, serverId, name),
): Promise<DatabaseLook> {
  const { known } = context;
  const [first] = [...originals].sort(byCodeUnits);
  const readOne = async (listed: Database) => {
    const before = mayKeep ? known.databases.get(listed.databaseId) : undefined;
    const changes = sameName(listed.name, first) || before?.read.tags['zdd-lock'] !== undefined;
    if (before && !changes && isDeepStrictEqual(before.listed.tags, listed.tags)) {
      return { ...listed, tags: before.read.tags };
    }
    const read = await ask(server.id, listed.name);
    if (read) known.databases.set(listed.databaseId, { listed, read });
    return read;
  };
  const isNamed = ({ name }: Database) => parseName(name) !== undefined;
  const wanted = lowerCase(originals);
  const isWanted = ({ name, tags }: Database) => wanted.has(name.toLowerCase()) || tags['zdd-lock'] !== undefined;
  const read = async (databases: readonly Database[]) => {
    const found = await Promise.all(databases.map(readOne));
    return found.filter((database) => database !== null);
  };
  const others = all.filter((database) => !isNamed(database));
  const [named, candidates] = await Promise.all([read(all.filter(isNamed)), read(others.filter(isWanted))]);
  // Settings that nobody can read name no original: the record does, those of other servers as <server>/<name>.
  const recorded = lowerCase(named.flatMap(({ tags }) => recordedIn(tags)?.databases ?? []));
  const more = others.filter((database) => !isWanted(database) && recorded.has(database.name.toLowerCase()));
  return { all, named, candidates: [...candidates, ...(await read(more))] };
}

/** The look with every database by its key. @param first the name of the first server. */
export function keyedLook(look: DatabaseLook, first: string): DatabaseLook {
  const keyed = (part: keyof DatabaseLook) =>
    look[part].map((database) => ({ ...database, name: keyOf(first, serverNameIn(database.id), database.name) }));
  return { all: keyed('all'), named: keyed('named'), candidates: keyed('candidates') };
}

/** The database with its server, in lower case. */
export function absoluteOf({ id, name }: Pick<Database, 'id' | 'name'>): string {
  return `${serverNameIn(id)}/${bareName(name)}`.toLowerCase();
}

/** The server's name in the id of a database. */
export function serverNameIn(id: string): string {
  return /\/servers\/([^/]+)\//i.exec(id)?.[1] ?? '';
}

function lowerCase(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => name.toLowerCase()));
}
