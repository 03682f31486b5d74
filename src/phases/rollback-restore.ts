import type { Database } from '../azure/database-shapes.ts';
import { cloneTags } from '../deployment/clone-tags.ts';
import { restoreDeleted } from '../deployment/commands.ts';
import { restoredName, sameName, setAsideName } from '../deployment/names.ts';
import type { Observed, Pair } from '../deployment/observed.ts';
import { RESTORED_FOR, RESTORED_TO } from '../deployment/our-tags.ts';
import { type Prepared, preparedFor } from '../deployment/prepared-restore.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { Stop } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';
import { isDone } from '../steps/done.ts';
import { inOrder, sideBySide } from '../steps/in-order.ts';
import type { Plan, Step } from '../steps/steps.ts';

/**
 * All restores side by side, successors recorded, then the names change hands; each step is passed over when it is seen done.
 * The source is always the database recorded at `clone`, under whatever name it has now. One that was restored beforehand is taken
 * in the place of a new one where it holds the very same instant.
 */
export function restore(settings: Settings, observed: Observed, record: DeploymentRecord, attempt: number): Plan {
  const point = settings.rollbackPoint ?? record.rollbackPoint ?? '';
  const pairs = observed.databases.map((pair) => arriving(observed, pair, point, attempt));
  const unrestored = pairs.filter(({ pair }) => pair.successorOf !== attempt);
  return inOrder(
    ...sideBySide(...unrestored.map((each) => restoreOne(observed, each, point, attempt))),
    [
      ...pairs.flatMap(({ database }) => tagRestore(observed, database, point, attempt)),
      ...unrestored.flatMap(({ pair, database }) => recordSuccessor(pair, database, attempt)),
    ],
    ...sideBySide(...pairs.map((each) => moves(observed, each, attempt))),
  );
}

/** An original, and what takes its place. */
interface Arriving {
  readonly pair: Pair;
  /** Null while it is not asked for, and when it is in place. */
  readonly database: Database | null;
  readonly prepared: Prepared;
}

function arriving(observed: Observed, pair: Pair, point: string, attempt: number): Arriving {
  const prepared = preparedFor(pair, observed.deploymentId, point);
  const both = [pair.restored, pair.prepared];
  if (pair.successorOf === attempt) {
    const successor = both.find((each) => each?.databaseId === pair.successorId);
    return { pair, database: successor ?? null, prepared };
  }
  // A new restore that has begun goes on where the other one is not there yet.
  const takes = prepared === 'ready' || (prepared === 'under-way' && pair.restored === null);
  return { pair, database: takes ? pair.prepared : pair.restored, prepared };
}

function restoreOne(observed: Observed, { pair, database, prepared }: Arriving, point: string, attempt: number): Plan {
  if (database !== null) {
    const isPrepared = database === pair.prepared;
    if (!isPrepared) refuseForeignRestore(observed, database, point);
    if (isDone(observed, 'await-restore', database.name)) return [];
    return [[isPrepared ? awaitPrepared(database.name) : awaitNew(database.name)]];
  }
  const target = restoredName(pair.name, observed.deploymentId);
  if (isDone(observed, 'restore-database', target)) return [[awaitNew(target)]];
  if (pair.source === null) {
    throw new Stop(
      'drifted',
      `The database that was ${pair.name} at "clone" (databaseId ${pair.sourceId ?? 'unknown'}) is gone, and only its backups hold the content of the rollback point.`,
      `Restore it by hand, and say for what, then run "rollback" again: ${restoreDeleted(observed, pair.name, target, point)} --tags ${RESTORED_TO}=${point}`,
    );
  }
  refuseForeignSource(pair, pair.source);
  return [
    [
      {
        kind: 'restore-database',
        database: pair.source.name,
        sourceId: pair.source.id,
        target,
        point,
        attempt,
        because: `the content of the rollback point is wanted back${WHY_ANEW[prepared] ?? ''}`,
      },
    ],
    [awaitNew(target)],
  ];
}

/** Its id stands in a tag: it is believed of what has the name of the original, or was set aside from there. */
function refuseForeignSource({ name, setAside }: Pair, source: Database): void {
  if (sameName(source.name, name) || setAside.some(({ databaseId }) => databaseId === source.databaseId)) return;
  throw new Stop(
    'drifted',
    `By the tag zdd-source-id of its copy the database that was ${name} at "clone" is ${source.name} (databaseId ${source.databaseId}).`,
    `Somebody renamed it by hand, or wrote the tag. Give the database its name back, or write the right databaseId into the tag; then run "rollback" again.`,
  );
}

/** Why one that was begun beforehand is not used. */
const WHY_ANEW: Partial<Readonly<Record<Prepared, string>>> = {
  failed: ', and what was to be restored beforehand has failed',
  'other-point': ', and what was restored beforehand holds another instant',
  foreign: ', and nothing proves that what has the name of a prepared restore is one of this deployment',
};

function awaitNew(target: string): Step {
  return { kind: 'await-restore', target, because: 'a restore waits for its log backup' };
}

function awaitPrepared(target: string): Step {
  return { kind: 'await-restore', target, tolerated: true, because: 'it was begun when the rollback point was taken' };
}

/** Safety rule 3: what has the name of our restore is taken for it only when its tag or Azure's own list of operations says so. */
function refuseForeignRestore(observed: Observed, restored: Database, point: string): void {
  const tag = restored.tags[RESTORED_TO];
  if (tag === point || (tag === undefined && restored.name in observed.madeByCopy)) return;
  throw new Stop(
    'drifted',
    `Database ${restored.name} is in the way: ${tag === undefined ? 'nothing proves that it is our restore' : `it was restored to ${tag}`}, and ${point} is wanted.`,
    'Look at it in the portal, rename or delete it, then run "rollback" again.',
  );
}

/** It says whose it is also when its clone is lost: the tags of the request may not have come along, and one made beforehand was for no attempt. */
function tagRestore(observed: Observed, database: Database | null, point: string, attempt: number): Step[] {
  if (database === null) return [];
  const { [RESTORED_TO]: to, [RESTORED_FOR]: of } = database.tags;
  if (to !== undefined && of === String(attempt)) return [];
  return [
    {
      kind: 'tag-clone',
      clone: database.name,
      tags: {
        ...cloneTags({ deploymentId: observed.deploymentId }),
        [RESTORED_TO]: point,
        [RESTORED_FOR]: String(attempt),
      },
      because: 'it says for which rollback it is, should the clone be lost',
    },
  ];
}

function recordSuccessor(pair: Pair, database: Database | null, attempt: number): Step[] {
  if (!pair.clone) return [];
  const successorId = database?.databaseId ?? '<databaseId of the restored database>';
  return [
    {
      kind: 'tag-clone',
      clone: pair.clone.name,
      tags: cloneTags({ successorId, successorOf: attempt }),
      because: 'from now on it is the original',
    },
  ];
}

/** The database under the original's name is set aside, and the successor moves in. */
function moves(observed: Observed, { pair, database }: Arriving, attempt: number): Plan {
  const leaving = pair.underName;
  // The successor of an earlier attempt is set aside like any other.
  const isIn = leaving !== null && leaving.databaseId === pair.successorId && pair.successorOf === attempt;
  if (isIn) return [];
  // What is still to be restored is named as well: a dry run shows all that will be done.
  const target =
    database?.name ?? (pair.successorOf === attempt ? undefined : restoredName(pair.name, observed.deploymentId));
  return inOrder(
    target !== undefined &&
      !isDone(observed, 'copy-retention', target) &&
      pair.source !== null && {
        kind: 'copy-retention',
        from: pair.source.name,
        to: target,
        because: 'a restored database has the default backup retention',
      },
    leaving !== null && {
      kind: 'move-database',
      from: leaving.name,
      to: freeSetAsideName(observed, pair),
      databaseId: leaving.databaseId,
      because: 'the failed database is set aside, never deleted',
    },
    [
      {
        kind: 'move-database',
        from: database?.name ?? restoredName(pair.name, observed.deploymentId),
        to: pair.name,
        databaseId: database?.databaseId ?? '',
        because: "it takes the original's place",
      },
    ],
  );
}

function freeSetAsideName(observed: Observed, pair: Pair): string {
  const taken = new Set(pair.setAside.map(({ name }) => name.toLowerCase()));
  for (let number = 1; ; number++) {
    const name = setAsideName(pair.name, observed.deploymentId, number);
    if (!taken.has(name.toLowerCase())) return name;
  }
}

/** Every original has the successor of this attempt in place. */
export function restoreDone(observed: Observed, attempt: number): boolean {
  return observed.databases.every(
    (pair) => pair.successorOf === attempt && pair.underName?.databaseId === pair.successorId,
  );
}

/** The names have begun to change hands, so quiet was reached before. */
export function renaming(observed: Observed, attempt: number): boolean {
  return observed.databases.some(
    (pair) =>
      pair.underName === null || (pair.successorOf === attempt && pair.underName.databaseId === pair.successorId),
  );
}
