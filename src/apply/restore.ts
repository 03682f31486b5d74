import { staysRefused } from '../azure/advice.ts';
import {
  getLongTermRetention,
  getShortTermRetention,
  putLongTermRetention,
  putShortTermRetention,
} from '../azure/database-parts.ts';
import { createRestore, getDatabase } from '../azure/databases.ts';
import { isReadOnly, setReadWrite } from '../azure/sql-statements.ts';
import type { Change, Scene } from '../context/scene.ts';
import { cloneTags } from '../deployment/clone-tags.ts';
import { OUR_TAG, RESTORED_FOR, RESTORED_TO } from '../deployment/our-tags.ts';
import { isUnmoved } from '../deployment/restored.ts';
import { placeOf } from '../deployment/servers.ts';
import { messageOf, Stop } from '../errors.ts';
import { bareName } from '../settings/database-key.ts';
import { done } from '../steps/done.ts';
import type { StepOf } from '../steps/steps.ts';
import { waitFor } from '../wait.ts';
import { awaitedDatabase } from './awaited-database.ts';
import { move } from './move-database.ts';

type RestoreStep = StepOf<'restore-database' | 'await-restore' | 'copy-retention' | 'move-database'>;

const RESTORE_MS = 12 * 3_600_000;

export async function applyRestore(scene: Scene, step: RestoreStep): Promise<Change> {
  switch (step.kind) {
    case 'restore-database':
      return restore(scene, step);
    case 'await-restore':
      await awaitRestore(scene, step.target);
      return done(step);
    case 'copy-retention':
      await copyRetention(scene, step);
      return done(step);
    case 'move-database':
      return move(scene, step);
  }
}

/** Safety rule 3: the name must be free, and Azure must call the operation a restore. */
async function restore(scene: Scene, step: StepOf<'restore-database'>): Promise<Change> {
  const { arm } = scene.context;
  const { deploymentId } = scene.observed;
  const at = (key: string) => placeOf(scene.observed, key);
  const source = await getDatabase(arm, ...at(step.database));
  if (!source)
    throw new Stop(
      'drifted',
      `Database ${step.database} is gone.`,
      'Restore it from the portal (deleted databases), then run "rollback" again.',
    );
  scene.context.known.made.add(step.target);
  if (await getDatabase(arm, ...at(step.target))) return {};
  const asked = createRestore(arm, ...at(step.target), source.id, step.point, {
    location: source.location,
    ...(source.elasticPoolId
      ? { elasticPoolId: source.elasticPoolId }
      : { sku: source.sku, ...(source.zoneRedundant ? { zoneRedundant: true } : {}) }),
    ...(source.backupStorageRedundancy ? { backupStorageRedundancy: source.backupStorageRedundancy } : {}),
    ...(source.autoPauseDelay === null ? {} : { autoPauseDelay: source.autoPauseDelay }),
    ...(source.autoPauseDelay === null || source.minCapacity === null ? {} : { minCapacity: source.minCapacity }),
    tags: {
      ...Object.fromEntries(Object.entries(source.tags).filter(([name]) => !OUR_TAG.test(name))),
      ...cloneTags({ deploymentId }),
      [RESTORED_TO]: step.point,
      [RESTORED_FOR]: String(step.attempt),
    },
  });
  const operation = await asked.catch((error: unknown) => {
    throw withOtherWays(scene, error);
  });
  if (operation !== 'CreateRestoreRequest') {
    throw new Stop(
      'drifted',
      `Azure answered the request to restore to ${step.target} with the operation "${operation}".`,
      `A database ${step.target} may have appeared in the same moment: look at it in the portal, then run "rollback" again.`,
    );
  }
  return {};
}

/** A restore that Azure refuses for good (the backups are gone, a limit, a policy) must not be the only way: nothing was moved for it yet. */
function withOtherWays({ observed }: Scene, error: unknown): unknown {
  if (!(error instanceof Stop) || !staysRefused(error.azure) || !isUnmoved(observed)) return error;
  return new Stop(
    'failed',
    error.happened,
    `Run "deploy" with a fixed package, or run "rollback" with rollback-scope: code and ignore-schema: true when the live build can work with the databases as they are: no database has been moved yet. To restore all the same: ${error.next}`,
    { azure: error.azure, cause: error },
  );
}

/** Longer than Azure takes to show a new database. */
const VANISHED_MS = 300_000;

async function awaitRestore(scene: Scene, target: string): Promise<void> {
  const { ports, signal, databases } = scene.context;
  let lastShownAt = ports.clock.now();
  await waitFor(ports.clock, ports.log, {
    what: `the restore ${target}`,
    deadlineMs: RESTORE_MS,
    otherwise: 'Look at the restore in the Azure portal, then run "rollback" again.',
    signal,
    async look() {
      const database = await awaitedDatabase(scene, target);
      if (database?.status === 'Online') return { done: undefined };
      if (database?.status === 'Suspect') {
        throw new Stop(
          'failed',
          `The restore ${target} failed.`,
          `Delete ${target} in the portal, then run "rollback" again.`,
        );
      }
      if (database) lastShownAt = ports.clock.now();
      // A restore that fails takes its target with it.
      else if (ports.clock.now() - lastShownAt > VANISHED_MS) {
        throw new Stop(
          'failed',
          `The restore ${target} failed: Azure does not show it any more.`,
          'Run "rollback" again: it restores once more.',
        );
      }
      return { seen: database?.status ?? 'not shown yet' };
    },
  });
  // Whether READ_ONLY comes along in a restore is not documented: it is read and fixed.
  if (await databases.use(target, isReadOnly)) {
    await databases.use(target, (connection) => setReadWrite(connection, bareName(target), 'ROLLBACK IMMEDIATE'));
  }
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
