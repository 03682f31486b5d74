import { getDatabase } from '../azure/databases.ts';
import type { Change, Scene } from '../context/scene.ts';
import { placeOf } from '../deployment/servers.ts';
import { Stop } from '../errors.ts';
import { done } from '../steps/done.ts';
import type { StepOf } from '../steps/steps.ts';
import { askForRestore } from './new-restore.ts';
import { drop } from './removal.ts';

/**
 * Begins a restore that a rollback may need. Visitors wait in the window: what Azure refuses is told and stops nothing, since the
 * rollback can still restore by itself.
 */
export async function prepareRestore(scene: Scene, step: StepOf<'prepare-restore'>): Promise<Change> {
  const { ports, signal } = scene.context;
  try {
    await begin(scene, step);
  } catch (error) {
    signal.throwIfAborted();
    // What Azure took for something else than a restore was done to a database of somebody.
    if (!(error instanceof Stop) || error.kind === 'drifted') throw error;
    ports.log.warning(
      `The restore of ${step.database} to ${step.target} could not be begun beforehand (prepare-rollback): ${error.happened} Nothing else waits for it: a rollback of the database would restore then, and take as long as that takes.`,
    );
  }
  return done(step);
}

async function begin(scene: Scene, step: StepOf<'prepare-restore'>): Promise<void> {
  const { arm } = scene.context;
  const { target, point, replaces } = step;
  if (replaces !== undefined) {
    await drop(scene, { kind: 'delete-database', database: target, databaseId: replaces, because: step.because });
  }
  const source = await getDatabase(arm, ...placeOf(scene.observed, step.database));
  if (source) await askForRestore(scene, { source, target, point }, 'run the phase again');
}
