import type { Observed } from '../deployment/observed.ts';
import { originals } from '../deployment/originals.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import type { Settings } from '../settings/settings.ts';
import { setReadWrite, stopSlot, stopWebJobs } from '../steps/constructors.ts';
import { isDone } from '../steps/done.ts';
import { inOrder } from '../steps/in-order.ts';
import type { Plan, Step } from '../steps/steps.ts';
import { awaitQuiet } from './between-builds.ts';
import type { Attempt } from './deploy-attempt.ts';
import { stopOtherApps } from './other-apps.ts';
import { existingLiveBuild } from './refusals.ts';

/** The database's own clock must be this far past the rollback point before anything is changed. */
const PAST_POINT_MS = 5_000;

/**
 * Live build and new build never write at the same time. Since `switch` nobody has started either of them, or their WebJobs,
 * unless a deploy or rollback did: from the second attempt on that is looked at anew, and in the first one when a run was
 * killed in it, whose migrate-command may still be connected. It was quiet when the new build was armed; from then on its own
 * WebJobs are connected, so quiet would never come again.
 */
export function quietBuilds(observed: Observed, record: DeploymentRecord, newBuildIsArmed: boolean): Plan {
  const live = existingLiveBuild(observed, record);
  const stopped = live.state === 'Stopped';
  const begins = record.attempt === 0 || (record.attempt === 1 && observed.thisRun.begun === 1);
  // Other apps have owners who may start them.
  const isFirst = begins && observed.otherApps.length === 0 && observed.companions.length === 0;
  const apps = stopOtherApps(observed);
  if (stopped && (isFirst || newBuildIsArmed)) return inOrder(apps.first, apps.stops);
  return inOrder(
    apps.first,
    apps.stops,
    !isDone(observed, 'stop-webjobs', live.name) && stopWebJobs(live.name),
    !stopped && stopSlot(live.name, 'live build and new build never write at the same time'),
    !(stopped && isDone(observed, 'await-quiet')) && awaitQuiet(observed),
  );
}

/** The originals take writes again once their own clock has left the rollback point behind. */
export function readWriteSteps(observed: Observed, record: DeploymentRecord): Plan {
  const names = originals(observed);
  const closed = names.filter((name) => observed.sql[name]?.readOnly !== false);
  if (closed.length === 0) return [];
  const until = new Date(Date.parse(record.rollbackPoint ?? '') + PAST_POINT_MS).toISOString();
  return inOrder(
    !isDone(observed, 'await-database-clock') && {
      kind: 'await-database-clock',
      databases: names,
      until,
      because: 'a restore to the point must not hold anything of the new build',
    },
    closed.map((database) => setReadWrite(database, 'it is updated now')),
  );
}

/** What the commands need comes to the runner before anything is changed; another runner has not got it. */
export function setUpSteps(settings: Settings, observed: Observed, commands: readonly Step[]): Step[] {
  const { setupCommand: command } = settings;
  if (command === undefined || commands.length === 0 || isDone(observed, 'set-up')) return [];
  return [{ kind: 'set-up', command, because: 'the commands that follow need what it brings' }];
}

/** after-start-command runs once an attempt, when the new build runs and nobody is on it. */
export function afterStartSteps(settings: Settings, record: DeploymentRecord, attempt: Attempt): Step[] {
  if (settings.afterStartCommand === undefined) return [];
  if (!attempt.fresh && record.afterStart === attempt.number) return [];
  return [
    {
      kind: 'after-start',
      slot: record.stagingSlot,
      command: settings.afterStartCommand,
      attempt: attempt.number,
      because: 'after-start-command needs the new build running, with nobody on it',
    },
  ];
}

/** migrate-command runs once an attempt. */
export function migrateSteps(settings: Settings, record: DeploymentRecord, attempt: Attempt): Step[] {
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
