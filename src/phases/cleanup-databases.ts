import { parseName, sameName } from '../deployment/names.ts';
import type { Observed } from '../deployment/observed.ts';
import { RESTORED_TO } from '../deployment/our-tags.ts';
import { deleteDatabase } from '../steps/constructors.ts';
import type { Step } from '../steps/steps.ts';

/** Clones but the one with the record, and restores that never became successors. */
export function otherDatabases(observed: Observed) {
  return observed.ours.filter(
    (database) =>
      database.name !== observed.recordDatabase &&
      database.tags['zdd-deployment'] === observed.deploymentId &&
      isMade(observed, database),
  );
}

/** What the clone with the record says is needed to the end. Under another name somebody keeps it: it only stops holding the record. */
export function recordClone(observed: Observed): Step[] {
  if (observed.recordIn === 'mirror') return keptClone(observed);
  const database = observed.ours.find((each) => each.name === observed.recordDatabase);
  if (!database || !isMade(observed, database)) return [];
  return [{ ...drop(database), because: 'it holds the record and goes last' } satisfies Step];
}

function keptClone({ databases, recordDatabase }: Observed): Step[] {
  const isKnown = databases.some(({ original, setAside }) =>
    [original, ...setAside].some((each) => each?.name === recordDatabase),
  );
  return isKnown ? [] : [{ kind: 'remove-mirror', database: recordDatabase, because: 'the deployment ends' }];
}

/** A restored database that became the original has nothing of ours any more; one that holds the record goes last. */
export function successorsBearingTags(observed: Observed, holds: 'record' | 'no record'): Step[] {
  return observed.databases.flatMap((pair) => {
    const database = pair.original;
    if (!database || database.databaseId !== pair.successorId || database.tags[RESTORED_TO] === undefined) return [];
    if ((database.name === observed.recordDatabase) !== (holds === 'record')) return [];
    return [{ kind: 'remove-our-tags', database: database.name, because: 'it is the original now' } satisfies Step];
  });
}

/** Without a clone the newest mirror is the record: those that an earlier rollback set aside must not be left as the last ones. */
export function outdatedMirrors(observed: Observed): Step[] {
  if (observed.recordIn !== 'mirror') return [];
  return mirrors(observed).filter((step) => 'database' in step && step.database !== observed.recordDatabase);
}

/** The record's mirrors on originals. */
export function mirrors(observed: Observed): Step[] {
  // A rollback sets the mirror aside with its original.
  return observed.databases
    .flatMap((pair) => [...(pair.original ? [pair.original] : []), ...pair.setAside])
    .filter(({ tags }) => tags['zdd-deployment'] === observed.deploymentId && tags['zdd-lock'] !== undefined)
    .map((database): Step => ({ kind: 'remove-mirror', database: database.name, because: 'the deployment ends' }));
}

/** Never an original of `clone`, never a recorded successor, never the name of an original, never what was set aside. */
export function isMade(observed: Observed, database: { readonly databaseId: string; readonly name: string }): boolean {
  if (parseName(database.name)?.kind === 'set-aside') return false;
  return observed.databases.every(
    (pair) =>
      database.databaseId !== pair.sourceId &&
      database.databaseId !== pair.successorId &&
      !sameName(database.name, pair.name) &&
      pair.source?.databaseId !== database.databaseId,
  );
}

export function drop(database: { readonly name: string; readonly databaseId: string }): Step {
  return deleteDatabase(database, 'this deployment made it and nobody is served by it');
}
