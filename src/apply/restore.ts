import { staysRefused } from '../azure/advice.ts';
import {
  getLongTermRetention,
  getShortTermRetention,
  putLongTermRetention,
  putShortTermRetention,
} from '../azure/database-parts.ts';
import { getDatabase } from '../azure/databases.ts';
import { isReadOnly, setReadWrite } from '../azure/sql-statements.ts';
import type { Change, Scene } from '../context/scene.ts';
import { RESTORED_FOR } from '../deployment/our-tags.ts';
import { isUnmoved } from '../deployment/restored.ts';
import { placeOf } from '../deployment/servers.ts';
import { messageOf, Stop } from '../errors.ts';
import { bareName } from '../settings/database-key.ts';
import { done } from '../steps/done.ts';
import type { StepOf } from '../steps/steps.ts';
import { waitFor } from '../wait.ts';
import { awaitedDatabase } from './awaited-database.ts';
import { databaseProgress } from './database-progress.ts';
import { move } from './move-database.ts';
import { askForRestore } from './new-restore.ts';
import { whenNotBusy } from './when-idle.ts';

type RestoreStep = StepOf<'restore-database' | 'await-restore' | 'copy-retention' | 'move-database'>;

const RESTORE_MS = 12 * 3_600_000;

export async function applyRestore(scene: Scene, step: RestoreStep): Promise<Change> {
  switch (step.kind) {
    case 'restore-database':
      return restore(scene, step);
    case 'await-restore':
      return (await awaitRestore(scene, step)) ? done(step) : {};
    case 'copy-retention':
      await copyRetention(scene, step);
      return done(step);
    case 'move-database':
      return move(scene, step);
  }
}

async function restore(scene: Scene, step: StepOf<'restore-database'>): Promise<Change> {
  const source = await getDatabase(scene.context.arm, ...placeOf(scene.observed, step.database));
  if (!source)
    throw new Stop(
      'drifted',
      `Database ${step.database} is gone.`,
      'Restore it from the portal (deleted databases), then run "rollback" again.',
    );
  const tags = { [RESTORED_FOR]: String(step.attempt) };
  const wanted = { source, target: step.target, point: step.point, tags };
  await whenNotBusy(scene, `restore database ${step.database}`, () =>
    askForRestore(scene, wanted, 'run "rollback" again'),
  ).catch((error: unknown) => {
    throw withOtherWays(scene, error);
  });
  // It may fail before anybody has seen its target: it is awaited, and not asked for once more.
  return done(step);
}

/**
 * A restore that Azure refuses for good (the backups are gone, a limit, a policy), or that it has accepted and that failed, must not be
 * the only way: nothing was moved for it yet.
 */
function withOtherWays({ observed }: Scene, error: unknown): unknown {
  if (!(error instanceof Stop) || !isUnmoved(observed)) return error;
  const { happened, next, azure } = error;
  if (azure !== undefined && !staysRefused(azure)) return error;
  return new Stop(
    'failed',
    happened,
    `Run "deploy" with a fixed package, or run "rollback" with rollback-scope: code and ignore-schema: true when the live build can work with the databases as they are: no database has been moved yet. To restore all the same: ${next}`,
    { azure, cause: error },
  );
}

/** @returns false when it failed, and the plan knows another way. */
async function awaitRestore(scene: Scene, step: StepOf<'await-restore'>): Promise<boolean> {
  const { ports, databases } = scene.context;
  const { target } = step;
  const failure = await endOfRestore(scene, step);
  if (failure !== undefined) {
    if (!step.tolerated) throw withOtherWays(scene, failure);
    ports.log.warning(
      `${failure.happened} It had been begun beforehand, and is not used: the database is restored now.`,
    );
    return false;
  }
  // Whether READ_ONLY comes along in a restore is not documented: it is read and fixed. A login wakes one that fell asleep.
  if (await databases.read(target, isReadOnly)) {
    await databases.use(target, (connection) => setReadWrite(connection, bareName(target), 'ROLLBACK IMMEDIATE'));
  }
  return true;
}

/** Longer than Azure takes to show a new database; one that is tolerated was shown before. */
const vanishedMs = ({ tolerated }: StepOf<'await-restore'>) => (tolerated ? 30_000 : 300_000);

/** How it failed; undefined when it is there. */
function endOfRestore(scene: Scene, step: StepOf<'await-restore'>): Promise<Stop | undefined> {
  const { ports, signal } = scene.context;
  const { target } = step;
  let lastShownAt = ports.clock.now();
  return waitFor<Stop | undefined>(ports.clock, ports.log, {
    what: `the restore ${target}`,
    deadlineMs: RESTORE_MS,
    otherwise: 'Look at the restore in the Azure portal, then run "rollback" again.',
    signal,
    progress: () => databaseProgress(scene, target),
    async look() {
      const database = await awaitedDatabase(scene, target);
      if (database?.status === 'Online' || database?.status === 'Paused') return { done: undefined };
      if (database?.status === 'Suspect') {
        const next = `Delete ${target} in the portal, then run "rollback" again.`;
        return { done: new Stop('failed', `The restore ${target} failed.`, next) };
      }
      if (database) lastShownAt = ports.clock.now();
      // A restore that fails takes its target with it.
      else if (ports.clock.now() - lastShownAt > vanishedMs(step)) {
        const happened = `The restore ${target} failed: Azure does not show it any more.`;
        return {
          done: new Stop(
            'failed',
            happened,
            'Look for the reason in the activity log of the server, then run "rollback" again: it restores once more.',
          ),
        };
      }
      return { seen: database?.status ?? 'not shown yet' };
    },
  });
}

/** Visitors wait for the restore, not for its policies: what cannot be copied is named. */
async function copyRetention(scene: Scene, step: StepOf<'copy-retention'>): Promise<void> {
  const { arm, ports, signal } = scene.context;
  const at = (key: string) => placeOf(scene.observed, key);
  try {
    const [short, long] = await Promise.all([
      getShortTermRetention(arm, ...at(step.from)),
      getLongTermRetention(arm, ...at(step.from)),
    ]);
    await putShortTermRetention(arm, ...at(step.to), short);
    if (long) await putLongTermRetention(arm, ...at(step.to), long);
  } catch (error) {
    signal.throwIfAborted();
    const why = messageOf(error);
    ports.log.warning(`The backup retention of ${step.from} could not be copied to ${step.to}; set it by hand: ${why}`);
  }
  ports.log.warning(
    `Not copied to ${step.to}: auditing, diagnostic settings, resource locks, role assignments, license type, maintenance window, read scale-out and existing long-term backups. Look at them in the portal.`,
  );
}
