import type { Database } from '../azure/database-shapes.ts';
import { disarmedSettings, liveBuildSettings } from '../deployment/instances.ts';
import { restoredName, setAsideName } from '../deployment/names.ts';
import type { Observed, Pair, Slot } from '../deployment/observed.ts';
import {
  cloneTags,
  type DeploymentRecord,
  RESTORED_FOR,
  RESTORED_TO,
  type RollbackUnderWay,
} from '../deployment/record.ts';
import { serving, windowOpen } from '../deployment/state.ts';
import { Stop } from '../errors.ts';
import type { Settings } from '../settings.ts';
import type { Plan, Step } from '../steps.ts';
import { copySlot } from './complete.ts';
import { inOrder, liveBuildIn, openRecord, type Phase, refuse, sideBySide, stopOnDrift } from './phase.ts';
import { sameSettings } from './prepare-slot.ts';
import { openIntentPlan, swapPlan } from './swap-plan.ts';
import { originals, restartJobs } from './switch.ts';

export const rollback: Phase = {
  name: 'rollback',
  promise:
    'The live build is the candidate again; with scope code-and-database the content is that of the rollback point. Nobody is on it before "validate" and "complete".',
  changes: true,
  looksInside: ['originals', 'clones', 'schema'],
  plan,
};

function plan(settings: Settings, observed: Observed): Plan {
  const record = openRecord('rollback', observed);
  const settle = openIntentPlan(observed);
  if (settle) return settle;
  if (serving(observed) === 'candidate') return backToCopy(settings, observed, record);
  if (!windowOpen(observed)) {
    stopOnDrift(observed);
    if (record.windowOpenedAt !== undefined) {
      refuse(
        `Production serves what somebody brought there after "complete" (marker "${observed.production.markerText || 'none'}"), not the new build of this deployment.`,
        'Run "cleanup"; what production serves is rolled back by whoever brought it.',
      );
    }
    // Before the switch there is nothing to roll back; "cleanup" is next.
    return [];
  }
  const scope = scopeOf(settings, record);
  if (isDone(observed, record, scope)) return [];
  const { candidate } = record;
  if (candidate !== undefined && isRolledBack(observed, record, scope)) {
    // Only the proof is missing: another attempt would restore once more.
    const live = liveBuildIn(observed, record);
    return liveBuild(settings, observed, record, live, candidate.attempt);
  }
  refuseUnsafe(settings, observed, record, scope);
  const continued = record.rollbackUnderWay?.scope === scope ? record.rollbackUnderWay : undefined;
  const attempt = continued?.attempt ?? record.attempt + 1;
  const liveSlot = liveBuildIn(observed, record);
  const moving = scope === 'code-and-database' && !restoreDone(observed, attempt);
  return inOrder(
    continued ? [] : [begin(scope, attempt)],
    ...stopBuilds(settings, observed, record, liveSlot, attempt, moving),
    ...(moving ? restore(settings, observed, record, attempt) : []),
    continued?.databases === 'settled' ? [] : [settled(scope, attempt)],
    ...liveBuild(settings, observed, record, liveSlot, attempt),
  );
}

function scopeOf(settings: Settings, record: DeploymentRecord): RollbackUnderWay['scope'] {
  // Before deploy has begun the databases are untouched: there is nothing to restore.
  const asked = record.deployBegun === undefined ? 'code' : settings.rollbackScope;
  const { rollbackUnderWay } = record;
  if (rollbackUnderWay?.databases !== 'moving' || rollbackUnderWay.scope === asked) return asked;
  refuse(
    `A rollback of ${rollbackUnderWay.scope} is under way; scope ${asked} cannot join it.`,
    `Run "rollback" again with rollback-scope: ${rollbackUnderWay.scope}.`,
  );
}

/** The candidate is already the live build of this very scope, and it was proven in this run. */
function isDone(observed: Observed, record: DeploymentRecord, scope: RollbackUnderWay['scope']): boolean {
  if (!isRolledBack(observed, record, scope)) return false;
  const slot = observed.readonlySlot;
  return slot?.state === 'Running' && observed.thisRun.started[slot.name] === slot.markerText;
}

/** The record says that the live build is the candidate, and every database is where this scope wants it. */
function isRolledBack(observed: Observed, record: DeploymentRecord, scope: RollbackUnderWay['scope']): boolean {
  if (record.rollbackUnderWay || record.candidate?.role !== 'live') return false;
  return scope === 'code' || restoreDone(observed, record.candidate.attempt);
}

function refuseUnsafe(
  settings: Settings,
  observed: Observed,
  record: DeploymentRecord,
  scope: RollbackUnderWay['scope'],
): void {
  if (scope === 'code-and-database') {
    const since = onOriginalSince(observed, record);
    if (since !== undefined && !settings.acceptDataLoss) {
      refuse(
        `Visitors have been on the original databases since ${since}: what they wrote since the rollback point ${record.rollbackPoint} would be lost.`,
        'Give accept-data-loss: true when that is acceptable, or roll back the code only.',
      );
    }
    if (record.rollbackPoint === undefined && settings.rollbackPoint === undefined) {
      throw new Stop(
        'drifted',
        'Deploy has begun but no rollback point is recorded.',
        'Give the instant with input rollback-point (the log of "switch" names it).',
      );
    }
    return;
  }
  if (record.deployBegun === undefined || settings.ignoreSchema) return;
  const changed = observed.databases.filter((pair) => schemaDiffers(observed, pair));
  if (changed.length === 0) return;
  const [first] = changed;
  refuse(
    `The schema version of ${first?.name} is ${versionOf(observed, first?.original?.name)}, and the live build ran on ${versionOf(observed, first?.clone?.name)}: it would not run on the updated database.`,
    'Run "rollback" with rollback-scope: code-and-database, or give ignore-schema: true when the live build can work with it.',
  );
}

/** Visitors also get there when somebody swaps by hand: then the last swap that Azure remembers tells since when. */
function onOriginalSince(observed: Observed, record: DeploymentRecord): string | undefined {
  if (record.visitorsOnOriginalSince !== undefined || serving(observed) !== 'candidate') {
    return record.visitorsOnOriginalSince;
  }
  return observed.production.swapStatus?.at || observed.now;
}

function schemaDiffers(observed: Observed, pair: Pair): boolean {
  const now = versionOf(observed, pair.original?.name);
  const before = versionOf(observed, pair.clone?.name);
  return now !== undefined && before !== undefined && now !== before;
}

function versionOf(observed: Observed, name: string | undefined): string | undefined {
  return name === undefined ? undefined : observed.sql[name]?.schemaVersion;
}

function begin(scope: RollbackUnderWay['scope'], attempt: number): Step {
  const databases = scope === 'code' ? 'settled' : 'moving';
  return {
    kind: 'record',
    fields: { rollbackUnderWay: { scope, attempt, databases }, attempt, candidate: undefined, verdict: undefined },
    because: 'whoever comes next must know that a rollback is half-way',
  };
}

function settled(scope: RollbackUnderWay['scope'], attempt: number): Step {
  return {
    kind: 'record',
    fields: { rollbackUnderWay: { scope, attempt, databases: 'settled' } },
    because: 'the databases bear their names again',
  };
}

/**
 * Whoever may write stops: the new build always, and the live build when its database is taken away under it. The new build is
 * disarmed as well, because its WebJobs go on when it is stopped.
 */
function stopBuilds(
  settings: Settings,
  observed: Observed,
  record: DeploymentRecord,
  live: Slot,
  attempt: number,
  moving: boolean,
): Plan {
  if (record.deployBegun === undefined) return [];
  const liveIsBack = !moving && live.state !== 'Stopped';
  const quiet = observed.thisRun.quiet || liveIsBack || renaming(observed, attempt);
  const steps = inOrder(
    ...sideBySide(disarmNewBuild(settings, observed), moving && live.state !== 'Stopped' ? stopLiveBuild(live) : []),
  );
  return inOrder(
    ...steps,
    quiet && steps.length === 0
      ? []
      : [
          {
            kind: 'await-quiet',
            databases: originals(observed),
            setReadOnly: false,
            because: 'a build that was stopped may still be connected',
          },
        ],
  );
}

function disarmNewBuild(settings: Settings, observed: Observed): Plan {
  const staging = observed.stagingSlot;
  if (staging?.marker?.deploymentId !== observed.deploymentId || staging.marker.role !== 'new') return [];
  const disarmed = disarmedSettings(settings, observed, 'new', staging.build);
  const because = 'it must not write while it is rolled back';
  return inOrder(
    staging.state === 'Stopped' ? [] : [{ kind: 'stop-slot', slot: staging.name, because }],
    sameSettings(staging, disarmed)
      ? []
      : [{ kind: 'write-settings', slot: staging.name, settings: disarmed, once: false, because }],
  );
}

function stopLiveBuild(live: Slot): Plan {
  const because = 'its database is taken away under it';
  return [
    [{ kind: 'stop-slot', slot: live.name, because }],
    [{ kind: 'stop-webjobs', slot: live.name, because: 'WebJobs go on when an app is stopped' }],
  ];
}

/** The names have begun to change hands, so quiet was reached before. */
function renaming(observed: Observed, attempt: number): boolean {
  return observed.databases.some(
    (pair) =>
      pair.underName === null || (pair.successorOf === attempt && pair.underName.databaseId === pair.successorId),
  );
}

/**
 * All restores side by side, successors recorded, then the names change hands; each step is passed over when it is seen done.
 * The source is always the database recorded at `clone`, under whatever name it has now.
 */
function restore(settings: Settings, observed: Observed, record: DeploymentRecord, attempt: number): Plan {
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
    if (!observed.thisRun.restored.includes(target)) return [[wait]];
    return pair.restored.tags[RESTORED_TO] === undefined ? [[tagRestore(observed, target, point, attempt)]] : [];
  }
  if (pair.source === null) {
    throw new Stop(
      'drifted',
      `The database that was ${pair.name} at "clone" (databaseId ${pair.sourceId ?? 'unknown'}) is gone, and only its backups hold the content of the rollback point.`,
      'Restore it from the portal (deleted databases) under any free name, then run "rollback" again.',
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

/** Safety rule 3: what bears the name of our restore is taken for it only when its tag or Azure's own list of operations says so. */
function refuseForeignRestore(observed: Observed, restored: Database, point: string): void {
  const tag = restored.tags[RESTORED_TO];
  if (tag === point || (tag === undefined && observed.madeByCopy.includes(restored.name))) return;
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
      tags: cloneTags({ successorId, successorOf: String(attempt) }),
      because: 'from now on it is the original',
    },
  ];
}

/** Whoever bears the original's name is set aside, and the successor moves in. */
function moves(observed: Observed, pair: Pair, attempt: number): Plan {
  const arriving = pair.restored;
  const leaving = pair.underName;
  // The successor of an earlier attempt is set aside like any other.
  const isIn = leaving !== null && leaving.databaseId === pair.successorId && pair.successorOf === attempt;
  if (arriving === null && isIn) return [];
  const retained = arriving === null || observed.thisRun.retentionCopied.includes(arriving.name);
  return inOrder(
    arriving && !retained && pair.source
      ? [
          {
            kind: 'copy-retention',
            from: pair.source.name,
            to: arriving.name,
            because: 'a restored database has the default backup retention',
          },
        ]
      : [],
    leaving && !isIn
      ? [
          {
            kind: 'move-database',
            from: leaving.name,
            to: freeSetAsideName(observed, pair),
            databaseId: leaving.databaseId,
            because: 'the failed database is set aside, never deleted',
          },
        ]
      : [],
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
function restoreDone(observed: Observed, attempt: number): boolean {
  return observed.databases.every(
    (pair) => pair.successorOf === attempt && pair.underName?.databaseId === pair.successorId,
  );
}

/** The live build's settings are written once, the set just read plus the marker; then it starts and is proven where it is. */
function liveBuild(
  settings: Settings,
  observed: Observed,
  record: DeploymentRecord,
  slot: Slot,
  attempt: number,
): Plan {
  const { didNotStart } = observed.thisRun;
  if (didNotStart?.slot === slot.name) return stopAgain(observed, slot, didNotStart.stop);
  const wanted = liveBuildSettings(settings, observed, slot, attempt);
  const written = sameSettings(slot, wanted);
  const closed = originals(observed).filter((name) => observed.sql[name]?.readOnly !== false);
  const proven = written && observed.thisRun.started[slot.name] === slot.markerText;
  return inOrder(
    closed.map((database): Step => ({ kind: 'set-read-write', database, because: 'the live build writes to it' })),
    written
      ? []
      : [
          {
            kind: 'write-settings',
            slot: slot.name,
            settings: wanted,
            once: true,
            because: 'the candidate is known by its marker',
          },
        ],
    slot.state === 'Running' && written
      ? []
      : [{ kind: 'start-slot', slot: slot.name, because: 'it is the candidate again' }],
    // Afterwards, because SCM may have been stopped with the app.
    restartJobs(observed, slot.name),
    proven
      ? []
      : [
          {
            kind: 'prove-instance',
            slot: slot.name,
            as: 'started',
            because: 'only a healthy live build can take over',
          },
        ],
    [
      {
        kind: 'record',
        fields: {
          candidate: { role: 'live', attempt, slot: record.readonlySlot },
          rollbackUnderWay: undefined,
          stoppedJobs: undefined,
        },
        because: '"validate" looks at exactly this candidate',
      },
    ],
  );
}

/** A rollback that failed leaves both builds stopped: neither writes to the originals until somebody decides. */
function stopAgain(observed: Observed, slot: Slot, stop: Stop): Plan {
  const because = 'it did not become healthy, and must not write unseen';
  const steps = inOrder(
    slot.state === 'Stopped' ? [] : [{ kind: 'stop-slot', slot: slot.name, because }],
    observed.thisRun.jobsStopped.includes(slot.name) ? [] : [{ kind: 'stop-webjobs', slot: slot.name, because }],
  );
  if (steps.length > 0) return steps;
  throw stop;
}

/** After `complete`: visitors go back to the read-only copy first, then everything is as before `complete`. */
function backToCopy(settings: Settings, observed: Observed, record: DeploymentRecord): Plan {
  const scope = scopeOf(settings, record);
  refuseUnsafe(settings, observed, record, scope);
  const copy = copySlot(observed, false);
  if (!copy) {
    throw new Stop(
      'refused',
      'The read-only copy is gone, so visitors have nowhere to wait while the live build returns.',
      'Deploy the old package with a deployment of its own.',
    );
  }
  return inOrder(
    copy.state === 'Running' ? [] : [{ kind: 'start-slot', slot: copy.name, because: 'visitors go back to it first' }],
    ...swapPlan(
      observed,
      { ...copy, state: 'Running' },
      'return',
      'nobody may be on a build that is rolled back',
      record.visitorsOnOriginalSince === undefined
        ? { visitorsOnOriginalSince: onOriginalSince(observed, record) }
        : {},
    ),
  );
}
