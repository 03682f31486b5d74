import type { Database } from '../azure/database-shapes.ts';
import { listOperations } from '../azure/databases.ts';
import type { Context } from '../context/context.ts';
import { badTags } from '../deployment/bad-tags.ts';
import { type CloneTags, parseCloneTags } from '../deployment/clone-tags.ts';
import {
  byCodeUnits,
  cloneName,
  parseName,
  preparedName,
  restoredName,
  sameName,
  setAsideName,
} from '../deployment/names.ts';
import type { DatabasePart, Pair } from '../deployment/observed.ts';
import { RESTORED_FOR, RESTORED_TO } from '../deployment/our-tags.ts';
import { placeOf } from '../deployment/servers.ts';
import { count } from '../deployment/tag-forms.ts';
import { byKey } from '../settings/database-key.ts';
import type { DatabaseLook } from './database-look.ts';

/** Which database is which, for one deployment: decided by databaseId, never by name (safety rule 4). Stops on tags that cannot be read. */
export function pairsOf(look: DatabaseLook, deploymentId: string, originals: readonly string[]): readonly Pair[] {
  const byName = (name: string) =>
    [...look.named, ...look.candidates, ...look.all].find((db) => sameName(db.name, name)) ?? null;
  const byId = (id: string | undefined) =>
    [...look.named, ...look.candidates, ...look.all].find((db) => db.databaseId === id) ?? null;
  return [...originals].sort(byKey).map((name): Pair => {
    const clone = byName(cloneName(name, deploymentId));
    const underName = byName(name);
    const cloneTags = clone ? ownTags(clone, deploymentId) : undefined;
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
      successorOf: identity.successorOf,
      source,
      original: identity.successorId === undefined ? source : (byId(identity.successorId) ?? null),
      underName,
      clone,
      cloneTags,
      restored: byName(restoredName(name, deploymentId)),
      prepared: byName(preparedName(name, deploymentId)),
      setAside,
    };
  });
}

function ownTags(clone: Database, deploymentId: string): CloneTags | undefined {
  const own = parseCloneTags(clone.tags);
  if (own === undefined) return undefined;
  if ('bad' in own) throw badTags(clone, own.bad);
  return own.read.deploymentId === deploymentId ? own.read : undefined;
}

/**
 * What a clone would tell, when there is none yet or it was lost: the database of that name is the original, unless it says itself that it
 * was restored for this deployment. Then the first that was set aside was the original.
 */
function withoutClone(
  deploymentId: string,
  underName: Database | null,
  firstSetAside: Database | null,
): Pick<CloneTags, 'successorId' | 'successorOf'> & { readonly sourceId: string | undefined } {
  const restoredFor = underName ? restoredForAttempt(underName, deploymentId) : undefined;
  if (underName && restoredFor === undefined) return { sourceId: underName.databaseId };
  return {
    sourceId: firstSetAside?.databaseId,
    successorId: underName?.databaseId,
    successorOf: restoredFor,
  };
}

/** The attempt of the rollback that a database was restored for; undefined when it was not restored for this deployment. */
function restoredForAttempt(database: Database, deploymentId: string): number | undefined {
  const { [RESTORED_TO]: point, [RESTORED_FOR]: value, 'zdd-deployment': of } = database.tags;
  if (of !== deploymentId || point === undefined || value === undefined) return undefined;
  const attempt = count.read(value);
  if (attempt === undefined) throw badTags(database, [{ tag: RESTORED_FOR, value, allowed: count.allowed }]);
  return attempt;
}

/** Untagged databases with the name of a clone or a restore that Azure's own list of operations proves to be one, and its start. */
export async function provenCopies(
  context: Context,
  servers: DatabasePart['servers'],
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
      const operations = await listOperations(context.arm, ...placeOf({ servers }, name));
      // A database of this name may have been there before.
      const starts = operations.filter(({ operation }) => operation === as).map(({ startTime }) => startTime);
      const last = starts.sort(byCodeUnits).at(-1);
      return last === undefined ? [] : [[name, last] as const];
    }),
  );
  return Object.fromEntries(proven.flat());
}
