import { createHash } from 'node:crypto';
import { disarmedSettings, newBuildSettings } from '../deployment/instances.ts';
import { BUILD_SETTING } from '../deployment/marker.ts';
import type { Observed, Slot } from '../deployment/observed.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { windowOpen } from '../deployment/state.ts';
import type { Settings } from '../settings.ts';
import type { Plan, SlotSettings, Step } from '../steps.ts';
import {
  inOrder,
  liveBuildIn,
  openRecord,
  type Phase,
  refuse,
  refuseDuringRollback,
  refuseState,
  stopOnDrift,
  stopOnRename,
  stopWithoutClone,
} from './phase.ts';
import { type Preparation, prepareSlot, refuseRouted, sameSettings } from './prepare-slot.ts';
import { openIntentPlan } from './swap-plan.ts';
import { originals } from './switch.ts';

export const deploy: Phase = {
  name: 'deploy',
  promise:
    'The original databases are updated and read-write; the new build runs on the staging slot and is healthy; nobody is on it yet.',
  changes: true,
  looksInside: ['originals'],
  plan,
};

/** The database's own clock must be this far past the rollback point before anything is changed. */
const PAST_POINT_MS = 5_000;

function plan(settings: Settings, observed: Observed): Plan {
  const record = openRecord('deploy', observed);
  const settle = openIntentPlan(observed);
  if (settle) return settle;
  refuseDuringRollback('deploy', record);
  if (!windowOpen(observed)) refuseState('deploy', observed, 'visitors on the read-only copy');
  stopWithoutClone(observed);
  stopOnRename(observed);
  if (record.rollbackPoint === undefined) {
    if (record.deployBegun !== undefined) stopOnDrift(observed);
    refuse('No rollback point is recorded.', 'Run "switch" again: it ends only when the point is taken.');
  }
  liveBuildIn(observed, record);
  const attempt = attemptOf(settings, observed, record);
  if (!observed.package && uploadedBuild(observed) === undefined) {
    refuse(
      'Input package is missing, and the staging slot holds no new build.',
      'Give the zip file of the new build with input package.',
    );
  }
  const done = record.attempt === attempt.number && record.candidate?.role === 'new';
  const staging = record.stagingSlot;
  const final = newBuildSettings(settings, observed, attempt.number);
  const armed = observed.stagingSlot !== null && sameSettings(observed.stagingSlot, final);
  const runs = armed && observed.stagingSlot?.state === 'Running';
  const migrate = migrateSteps(settings, record, attempt);
  const proven = runs && observed.thisRun.started[staging] === observed.stagingSlot?.markerText;

  if (!armed) refuseRouted(observed);
  if (observed.thisRun.didNotStart?.slot === staging) throw observed.thisRun.didNotStart.stop;
  return inOrder(
    ...beginSteps(record, attempt),
    ...(armed && migrate.length === 0 ? [] : prepareSlot(settings, observed, disarmedBuild(settings, observed, final))),
    ...quietBuilds(observed, record, armed && migrate.length === 0),
    ...readWriteSteps(observed, record),
    migrate,
    armed && migrate.length === 0
      ? []
      : [{ kind: 'write-settings', slot: staging, settings: final, once: false, because: 'its turn has come' }],
    runs && migrate.length === 0
      ? []
      : [{ kind: 'start-slot', slot: staging, because: 'it runs on the updated database with nobody on it' }],
    proven
      ? []
      : [
          {
            kind: 'prove-instance',
            slot: staging,
            as: 'started',
            because: 'a deploy that ends green left a healthy candidate',
          },
        ],
    done
      ? []
      : [
          {
            kind: 'record',
            fields: { candidate: { role: 'new', attempt: attempt.number, slot: staging } },
            because: '"validate" looks at exactly this candidate',
          },
        ],
  );
}

/**
 * The new build in the staging slot, disarmed: its WebJobs would run on the originals as soon as the settings name them,
 * although the slot is stopped. So it gets its real settings only when its turn has come.
 */
function disarmedBuild(settings: Settings, observed: Observed, final: SlotSettings): Preparation {
  return {
    name: settings.stagingSlot,
    slot: observed.stagingSlot,
    disarmed: disarmedSettings(settings, observed, 'new', undefined),
    final: disarmedSettings(settings, observed, 'new', final.appSettings[BUILD_SETTING]),
    content: content(settings, observed),
    run: false,
    because: 'nothing of it may reach the originals before its turn',
  };
}

interface Attempt {
  readonly number: number;
  readonly fingerprint: string;
  readonly fresh: boolean;
}

/**
 * The same package, settings and command are the same attempt, which an interrupted run continues; something else, or a
 * failed verdict, is a new one.
 */
function attemptOf(settings: Settings, observed: Observed, record: DeploymentRecord): Attempt {
  const fingerprint = createHash('sha256')
    .update(
      JSON.stringify([
        observed.package?.sha256 ?? uploadedBuild(observed) ?? '',
        settings.appSettings,
        settings.migrateCommand ?? '',
      ]),
    )
    .digest('hex')
    .slice(0, 16);
  const refused = record.verdict?.result === 'failed' && record.candidate?.role === 'new';
  const afterRollback =
    record.candidate?.role === 'live' || record.rollbackUnderWay !== undefined || record.fingerprint === undefined;
  const fresh = record.fingerprint !== fingerprint || refused || afterRollback;
  return { number: fresh ? record.attempt + 1 : record.attempt, fingerprint, fresh };
}

/** The new build that an earlier phase of this deployment has uploaded; what another one left is none. */
function uploadedBuild({ stagingSlot, deploymentId }: Observed): string | undefined {
  return stagingSlot?.marker?.deploymentId === deploymentId && stagingSlot.marker.role === 'new'
    ? stagingSlot.build
    : undefined;
}

function beginSteps(record: DeploymentRecord, attempt: Attempt): Plan {
  if (!attempt.fresh && record.deployBegun !== undefined) return [];
  const fields: Partial<DeploymentRecord> = {
    attempt: attempt.number,
    fingerprint: attempt.fingerprint,
    deployBegun: record.deployBegun ?? `attempt ${attempt.number}`,
    migrated: undefined,
    candidate: undefined,
    verdict: undefined,
    rollbackUnderWay: undefined,
  };
  return [[{ kind: 'record', fields, because: 'from here the originals are no longer as they were' }]];
}

/**
 * Live build and new build never write at the same time. Since `switch` nobody has started either of them, or their WebJobs,
 * unless a deploy or rollback did: from the second attempt on that is looked at anew, and in the first one when a run was
 * killed in it, whose migrate-command may still be connected. It was quiet when the new build was armed; from then on its own
 * WebJobs are connected, so quiet would never come again.
 */
function quietBuilds(observed: Observed, record: DeploymentRecord, newBuildIsArmed: boolean): Plan {
  const live = liveBuildIn(observed, record);
  const stopped = live.state === 'Stopped';
  const { thisRun } = observed;
  const isFirst = record.attempt === 0 || (record.attempt === 1 && thisRun.begun === 1);
  if (stopped && (isFirst || newBuildIsArmed)) return [];
  return inOrder(
    stopped
      ? []
      : [{ kind: 'stop-slot', slot: live.name, because: 'live build and new build never write at the same time' }],
    stopped && thisRun.jobsStopped.includes(live.name)
      ? []
      : [{ kind: 'stop-webjobs', slot: live.name, because: 'WebJobs go on when an app is stopped' }],
    stopped && thisRun.quiet
      ? []
      : [
          {
            kind: 'await-quiet',
            databases: originals(observed),
            setReadOnly: false,
            watching: false,
            because: 'a build that was stopped may still be connected',
          },
        ],
  );
}

function readWriteSteps(observed: Observed, record: DeploymentRecord): Plan {
  const names = originals(observed);
  const closed = names.filter((name) => observed.sql[name]?.readOnly !== false);
  if (closed.length === 0) return [];
  const until = new Date(Date.parse(record.rollbackPoint ?? '') + PAST_POINT_MS).toISOString();
  return inOrder(
    observed.thisRun.clockPassed
      ? []
      : [
          {
            kind: 'await-database-clock',
            databases: names,
            until,
            because: 'a restore to the point must not hold anything of the new build',
          },
        ],
    closed.map((database): Step => ({ kind: 'set-read-write', database, because: 'it is updated now' })),
  );
}

function migrateSteps(settings: Settings, record: DeploymentRecord, attempt: Attempt): Step[] {
  if (settings.migrateCommand === undefined) return [];
  if (!attempt.fresh && record.migrated === attempt.number) return [];
  return [
    {
      kind: 'migrate',
      command: settings.migrateCommand,
      attempt: attempt.number,
      because: 'migrate-command brings the databases to the new build',
    },
  ];
}

function content(settings: Settings, observed: Observed): Step | undefined {
  if (!observed.package) return undefined;
  const { path, sha256 } = observed.package;
  return {
    kind: 'upload-build',
    slot: settings.stagingSlot,
    package: path,
    sha256,
    because: 'it is not in the staging slot yet',
  };
}

/** The slot that holds the candidate. */
export function candidateSlot(observed: Observed): Slot | null {
  const name = observed.record?.candidate?.slot;
  return [observed.readonlySlot, observed.stagingSlot].find((slot) => slot?.name === name) ?? null;
}
