import type { Database } from '../azure/database-shapes.ts';
import { getDatabase, listDatabases, listOperations } from '../azure/databases.ts';
import type { Context } from '../context.ts';
import { cloneName, parseName, restoredName } from '../deployment/names.ts';
import type { Pair, Server } from '../deployment/observed.ts';
import { type CloneTags, type DeploymentRecord, parseCloneTags, parseRecord } from '../deployment/record.ts';

/** One look at the server's databases: ours with their tags, all others without. */
export interface DatabaseLook {
  readonly all: readonly Database[];
  /** Databases that bear one of our names, of whatever deployment, read one by one: lists may leave tags out. */
  readonly named: readonly Database[];
  /** Originals that carry a mirror, or could. */
  readonly candidates: readonly Database[];
}

export async function lookAtDatabases(
  context: Context,
  server: Server,
  originals: readonly string[],
): Promise<DatabaseLook> {
  const all = await listDatabases(context.arm, server.id);
  const wanted = new Set(originals.map((name) => name.toLowerCase()));
  const named = all.filter((database) => parseName(database.name) !== undefined);
  const candidates = all.filter((database) => wanted.has(database.name.toLowerCase()));
  const read = (databases: readonly Database[]) =>
    Promise.all(databases.map((database) => getDatabase(context.arm, server.id, database.name)));
  const [ours, originalsRead] = await Promise.all([read(named), read(candidates)]);
  return {
    all,
    named: ours.filter((each) => each !== null),
    candidates: originalsRead.filter((each) => each !== null),
  };
}

/** A deployment's record as found on the server. */
export interface FoundRecord {
  readonly record: DeploymentRecord;
  readonly database: Database;
  readonly from: 'clone' | 'mirror';
}

/** All records on the server: on clones, and where the clone is lost on the mirror. */
export function findRecords(look: DatabaseLook): readonly FoundRecord[] {
  const onClones = look.named.flatMap((database): FoundRecord[] => {
    const record = parseRecord(database.tags);
    const kind = parseName(database.name)?.kind;
    return record && kind === 'clone' ? [{ record, database, from: 'clone' }] : [];
  });
  const mirrors = look.candidates.flatMap((database): FoundRecord[] => {
    const record = parseRecord(database.tags);
    const lost = record && !onClones.some((found) => found.record.deploymentId === record.deploymentId);
    return record && lost ? [{ record, database, from: 'mirror' }] : [];
  });
  return [...onClones, ...mirrors];
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
    const sourceId = cloneTags?.sourceId ?? underName?.databaseId;
    const source = byId(sourceId);
    return {
      name,
      sourceId,
      successorId: cloneTags?.successorId,
      successorOf: cloneTags?.successorOf === undefined ? undefined : Number(cloneTags.successorOf),
      source,
      original: cloneTags?.successorId === undefined ? source : (byId(cloneTags.successorId) ?? null),
      underName,
      clone,
      cloneTags,
      restored: byName(restoredName(name, deploymentId)),
      setAside: look.named.filter((db) => {
        const parsed = parseName(db.name);
        return parsed?.kind === 'set-aside' && parsed.deploymentId === deploymentId && parsed.database === name;
      }),
    };
  });
}

/** Untagged databases with a clone's name that Azure's own list of operations proves to be copies. */
export async function provenCopies(
  context: Context,
  server: Server,
  pairs: readonly Pair[],
): Promise<readonly string[]> {
  const untagged = pairs.flatMap((pair) => (pair.clone && !pair.cloneTags ? [pair.clone.name] : []));
  const proven = await Promise.all(
    untagged.map(async (name) => {
      const operations = await listOperations(context.arm, server.id, name);
      return operations.some(({ operation }) => operation === 'CreateDatabaseAsCopy') ? [name] : [];
    }),
  );
  return proven.flat();
}

function ownTags(tags: Readonly<Record<string, string>>, deploymentId: string): CloneTags | undefined {
  const own = parseCloneTags(tags);
  return own?.deploymentId === deploymentId ? own : undefined;
}

/** The order that "alphabetically first" means: the same on every machine, whatever its locale. */
export function byCodeUnits(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
