import type { Database } from '../azure/database-shapes.ts';
import { cloneTags } from '../deployment/clone-tags.ts';
import { restoreDeleted } from '../deployment/commands.ts';
import { restoredName, setAsideName } from '../deployment/names.ts';
import type { Observed, Pair } from '../deployment/observed.ts';
import { RESTORED_FOR, RESTORED_TO } from '../deployment/our-tags.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { Stop } from '../errors.ts';
import type { Settings } from '../settings/settings.ts';
import { isDone } from '../steps/done.ts';
import { inOrder, sideBySide } from '../steps/in-order.ts';
import type { Plan, Step } from '../steps/steps.ts';

/**
 * All restores side by side, successors recorded, then the names change hands; each step is passed over when it is seen done.
 * The source is always the database recorded at `clone`, under whatever name it has now.
 */
export function restore(settings: Settings, observed: Observed, record: DeploymentRecord, attempt: number): Plan {
  const point = settings.rollbackPoint ?? record.rollbackPoint ?? '';
  const unrestored = observed.databases.filter((pair) => pair.successorOf !== attempt);
  return inOrder(
    ...sideBySide(...unrestored.map((pair) => restoreOne(observed, pair, point, attempt))),
    unrestored.flatMap((pair) => recordSuccessor(pair, attempt)),
    ...sideBySide(...observed.databases.map((pair) => moves(observed, pair, attempt))),
  );
}

function restoreOne(observed: Observed, pair: Pair, point: string, attempt: number): Plan {
  const target = restoredName(pair.name, observed.deploymentId);
  const wait: Step = { kind: 'await-restore', target, because: 'a restore waits for its log backup' };
  if (pair.restored) {
    refuseForeignRestore(observed, pair.restored, point);
    if (!isDone(observed, 'await-restore', target)) return [[wait]];
    return pair.restored.tags[RESTORED_TO] === undefined ? [[tagRestore(observed, target, point, attempt)]] : [];
  }
  if (pair.source === null) {
    throw new Stop(
      'drifted',
      `The database that was ${pair.name} at "clone" (databaseId ${pair.sourceId ?? 'unknown'}) is gone, and only its backups hold the content of the rollback point.`,
      `Restore it by hand, and say for what, then run "rollback" again: ${restoreDeleted(observed, pair.name, target, point)} --tags ${RESTORED_TO}=${point}`,
    );
  }
  return [
    [
      {
        kind: 'restore-database',
        database: pair.source.name,
        sourceId: pair.source.id,
        target,
        point,
        attempt,
        because: 'the content of the rollback point is wanted back',
      },
    ],
    [wait],
  ];
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

function tagRestore(observed: Observed, target: string, point: string, attempt: number): Step {
  return {
    kind: 'tag-clone',
    clone: target,
    tags: {
      ...cloneTags({ deploymentId: observed.deploymentId }),
      [RESTORED_TO]: point,
      [RESTORED_FOR]: String(attempt),
    },
    because: 'the restore came out without the tags of its request',
  };
}

function recordSuccessor(pair: Pair, attempt: number): Step[] {
  if (!pair.clone) return [];
  const successorId = pair.restored?.databaseId ?? '<databaseId of the restored database>';
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
function moves(observed: Observed, pair: Pair, attempt: number): Plan {
  const arriving = pair.restored;
  const leaving = pair.underName;
  // The successor of an earlier attempt is set aside like any other.
  const isIn = leaving !== null && leaving.databaseId === pair.successorId && pair.successorOf === attempt;
  if (arriving === null && isIn) return [];
  const retained = arriving === null || isDone(observed, 'copy-retention', arriving.name);
  return inOrder(
    arriving !== null &&
      !retained &&
      pair.source !== null && {
        kind: 'copy-retention',
        from: pair.source.name,
        to: arriving.name,
        because: 'a restored database has the default backup retention',
      },
    leaving !== null &&
      !isIn && {
        kind: 'move-database',
        from: leaving.name,
        to: freeSetAsideName(observed, pair),
        databaseId: leaving.databaseId,
        because: 'the failed database is set aside, never deleted',
      },
    [
      {
        kind: 'move-database',
        from: restoredName(pair.name, observed.deploymentId),
        to: pair.name,
        databaseId: arriving?.databaseId ?? '',
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
