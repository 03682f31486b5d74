import { isDeepStrictEqual } from 'node:util';
import type { Database } from '../azure/database-shapes.ts';
import { getDatabase, listOperations } from '../azure/databases.ts';
import type { Context } from '../context.ts';
import { type CloneTags, parseCloneTags } from '../deployment/clone-tags.ts';
import { cloneName, parseName, restoredName, setAsideName } from '../deployment/names.ts';
import type { Pair, Server } from '../deployment/observed.ts';
import { RESTORED_FOR, RESTORED_TO } from '../deployment/our-tags.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { parseRecord } from '../deployment/record-tags.ts';

/** One look at the server's databases: ours with their tags, all others without. */
export interface DatabaseLook {
  readonly all: readonly Database[];
  /** Databases that bear one of our names, of whatever deployment, read one by one: lists may leave tags out. */
  readonly named: readonly Database[];
  /** Originals that carry a mirror, or could: read one by one, too. */
  readonly candidates: readonly Database[];
}

/**
 * @param all what the server lists
 * @param mayKeep tags that were read in this turn are kept, the rest is as listed. Not of a database that bears a record or
 *   may come to bear its mirror: the tags that change are theirs.
 */
export async function lookAtDatabases(
  context: Context,
  server: Pick<Server, 'id'>,
  originals: readonly string[],
  all: readonly Database[],
  mayKeep: boolean,
): Promise<DatabaseLook> {
  const { arm, known } = context;
  const [first] = [...originals].sort(byCodeUnits);
  const readOne = async (listed: Database) => {
    const before = mayKeep ? known.databases.get(listed.databaseId) : undefined;
    const changes = listed.name.toLowerCase() === first?.toLowerCase() || before?.read.tags['zdd-lock'] !== undefined;
    if (before && !changes && isDeepStrictEqual(before.listed.tags, listed.tags)) {
      return { ...listed, tags: before.read.tags };
    }
    const read = await getDatabase(arm, server.id, listed.name);
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
  // Settings that nobody can read name no original: the record does.
  const recorded = lowerCase(named.flatMap(({ tags }) => parseRecord(tags)?.databases ?? []));
  const more = others.filter((database) => !isWanted(database) && recorded.has(database.name.toLowerCase()));
  return { all, named, candidates: [...candidates, ...(await read(more))] };
}

function lowerCase(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => name.toLowerCase()));
}

/** A deployment's record as found on the server. */
export interface FoundRecord {
  readonly record: DeploymentRecord;
  readonly database: Database;
  readonly from: 'clone' | 'mirror';
}

/** All records on the server: on clones, and where the clone is lost on the mirror, which is set aside with its original. */
export function findRecords(look: DatabaseLook): readonly FoundRecord[] {
  const onClones = look.named.flatMap((database): FoundRecord[] => {
    const record = parseRecord(database.tags);
    const kind = parseName(database.name)?.kind;
    return record && kind === 'clone' ? [{ record, database, from: 'clone' }] : [];
  });
  const found = [...onClones];
  const setAside = look.named.filter(({ name }) => parseName(name)?.kind === 'set-aside');
  for (const database of [...look.candidates, ...setAside]) {
    const record = parseRecord(database.tags);
    if (!record || found.some((other) => other.record.deploymentId === record.deploymentId)) continue;
    found.push({ record, database, from: 'mirror' });
  }
  return found;
}

/** Which database is which, for one deployment: decided by databaseId, never by name (safety rule 4). */
export function pairsOf(look: DatabaseLook, deploymentId: string, originals: readonly string[]): readonly Pair[] {
  const byName = (name: string) =>
    [...look.named, ...look.candidates, ...look.all].find((db) => db.name.toLowerCase() === name.toLowerCase()) ?? null;
  const byId = (id: string | undefined) =>
    [...look.named, ...look.candidates, ...look.all].find((db) => id !== undefined && db.databaseId === id) ?? null;
  return [...originals].sort(byCodeUnits).map((name): Pair => {
    const clone = byName(cloneName(name, deploymentId));
    const underName = byName(name);
    const cloneTags = clone ? ownTags(clone.tags, deploymentId) : undefined;
    const setAside = look.named.filter((db) => {
      const parsed = parseName(db.name);
      return parsed?.kind === 'set-aside' && parsed.deploymentId === deploymentId && parsed.database === name;
    });
    const identity = cloneTags ?? withoutClone(deploymentId, underName, byName(setAsideName(name, deploymentId, 1)));
    const source = byId(identity.sourceId);
    return {
      name,
      sourceId: identity.sourceId,
      successorId: identity.successorId,
      successorOf: identity.successorOf === undefined ? undefined : Number(identity.successorOf),
      source,
      original: identity.successorId === undefined ? source : (byId(identity.successorId) ?? null),
      underName,
      clone,
      cloneTags,
      restored: byName(restoredName(name, deploymentId)),
      setAside,
    };
  });
}

/**
 * What a clone would tell, when there is none yet or it was lost: whoever bears the name is the original, unless it says itself that it
 * was restored for this deployment. Then the first that was set aside was the original.
 */
function withoutClone(
  deploymentId: string,
  underName: Database | null,
  firstSetAside: Database | null,
): { sourceId?: string | undefined; successorId?: string | undefined; successorOf?: string | undefined } {
  const restoredFor =
    underName?.tags['zdd-deployment'] === deploymentId && underName.tags[RESTORED_TO] !== undefined
      ? underName.tags[RESTORED_FOR]
      : undefined;
  if (underName && restoredFor === undefined) return { sourceId: underName.databaseId };
  return {
    sourceId: firstSetAside?.databaseId,
    successorId: underName?.databaseId,
    successorOf: restoredFor,
  };
}

/** Untagged databases with the name of a clone or a restore that Azure's own list of operations proves to be one, and its start. */
export async function provenCopies(
  context: Context,
  server: Server,
  pairs: readonly Pair[],
): Promise<Readonly<Record<string, string>>> {
  const untagged = pairs.flatMap((pair) => [
    ...(pair.clone && !pair.cloneTags ? [{ name: pair.clone.name, as: 'CreateDatabaseAsCopy' }] : []),
    ...(pair.restored && pair.restored.tags[RESTORED_TO] === undefined
      ? [{ name: pair.restored.name, as: 'CreateRestoreRequest' }]
      : []),
  ]);
  const proven = await Promise.all(
    untagged.map(async ({ name, as }) => {
      const operations = await listOperations(context.arm, server.id, name);
      // A database of this name may have been there before.
      const starts = operations.filter(({ operation }) => operation === as).map(({ startTime }) => startTime);
      const last = starts.sort(byCodeUnits).at(-1);
      return last === undefined ? [] : [[name, last] as const];
    }),
  );
  return Object.fromEntries(proven.flat());
}

function ownTags(tags: Readonly<Record<string, string>>, deploymentId: string): CloneTags | undefined {
  const own = parseCloneTags(tags);
  return own?.deploymentId === deploymentId ? own : undefined;
}

/** The order that "alphabetically first" means: the same on every machine, whatever its locale. */
export function byCodeUnits(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
