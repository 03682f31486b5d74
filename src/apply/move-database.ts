import { databaseIsBusy, nameIsHeld } from '../azure/conflicts.ts';
import { getDatabase, moveDatabase } from '../azure/databases.ts';
import { azureSaid } from '../azure/failure.ts';
import { sessions } from '../azure/sql-sessions.ts';
import { isForeign } from '../context/databases.ts';
import type { Change, Scene } from '../context/scene.ts';
import { placeOf } from '../deployment/servers.ts';
import { Stop } from '../errors.ts';
import { bareName } from '../settings/database-key.ts';
import type { StepOf } from '../steps/steps.ts';
import { waitFor } from '../wait.ts';
import { whenNotBusy } from './when-idle.ts';

const MOVE_MS = 300_000;
const END_CONNECTIONS = 'End the connections to it (query windows, other apps) and run "rollback" again.';

/** By databaseId, not by name. A move that is refused because of open connections is repeated for five minutes. */
export async function move(scene: Scene, step: StepOf<'move-database'>): Promise<Change> {
  scene.context.known.made.add(step.to);
  const { arm, ports, signal, databases, lease } = scene.context;
  const at = (key: string) => placeOf(scene.observed, key);
  let isAsked = false;
  const where = async (): Promise<'moved' | 'between' | 'as it was'> => {
    const [from, to] = await Promise.all([getDatabase(arm, ...at(step.from)), getDatabase(arm, ...at(step.to))]);
    if (to?.databaseId === step.databaseId) return 'moved';
    if (isAsked && !from && !to) return 'between';
    if (!to && from?.databaseId === step.databaseId) return 'as it was';
    throw new Stop(
      'drifted',
      to
        ? `The name ${step.to} is taken by another database (databaseId ${to.databaseId}).`
        : `Database ${step.from} is not the one expected (databaseId ${step.databaseId}).`,
      'Someone renamed a database by hand. Give the databases their names back, then run "rollback" again.',
    );
  };
  if ((await where()) === 'moved') return {};
  await databases.close(step.from);
  if (lease.heldIn() === step.from) await lease.release();
  await waitFor(ports.clock, ports.log, {
    what: `database ${step.from} to be renamed to ${step.to}`,
    deadlineMs: MOVE_MS,
    otherwise: END_CONNECTIONS,
    signal,
    firstPauseMs: 5_000,
    async look() {
      try {
        await whenNotBusy(scene, `rename database ${step.from}`, async () => {
          if (isAsked && (await where()) !== 'as it was') return;
          isAsked = true;
          await lease.prove();
          await moveDatabase(arm, ...at(step.from), bareName(step.to));
        });
      } catch (error) {
        const said = azureSaid(error);
        if (said === undefined || !(nameIsHeld(said) || databaseIsBusy(said))) throw error;
        return { seen: said.message };
      }
      return (await where()) === 'moved' ? { done: undefined } : { seen: 'the new name does not show yet' };
    },
  }).catch(async (error: unknown) => {
    const gaveUp = error instanceof Stop && error.next === END_CONNECTIONS;
    throw gaveUp ? new Stop('failed', error.happened, await whoIsIn(scene, step.from)) : error;
  });
  return {};
}

async function whoIsIn(scene: Scene, database: string): Promise<string> {
  const { databases } = scene.context;
  const present = await databases.look(database, sessions).catch(() => null);
  await databases.close(database);
  const strangers = (present ?? [])
    .filter(isForeign)
    .map(({ programName, hostName, loginName }) => `${programName} on ${hostName} as ${loginName}`);
  return strangers.length > 0
    ? `End these connections and run "rollback" again: ${strangers.join('; ')}.`
    : END_CONNECTIONS;
}
