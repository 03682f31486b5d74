import { databaseIsBusy, isLocked } from '../azure/conflicts.ts';
import { deleteDatabase, getDatabase } from '../azure/databases.ts';
import { azureSaid } from '../azure/failure.ts';
import { deleteFirewallRule } from '../azure/firewall.ts';
import { sessions } from '../azure/sql-sessions.ts';
import { deleteTags } from '../azure/tags.ts';
import { isForeign } from '../context/databases.ts';
import type { Change, Scene } from '../context/scene.ts';
import { parseName } from '../deployment/names.ts';
import { OUR_TAG } from '../deployment/our-tags.ts';
import { placeOf } from '../deployment/servers.ts';
import { isNamedIn } from '../deployment/slots.ts';
import { Stop } from '../errors.ts';
import { bareName } from '../settings/database-key.ts';
import { done } from '../steps/done.ts';
import type { StepOf } from '../steps/steps.ts';
import { waitFor } from '../wait.ts';
import { copyProof } from './copy-content.ts';

type RemovalStep = StepOf<'delete-database' | 'remove-our-tags' | 'remove-mirror' | 'delete-firewall-rules'>;

const GONE_MS = 600_000;

/** Takes away what this deployment made, and nothing else. */
export async function applyRemoval(scene: Scene, step: RemovalStep): Promise<Change> {
  switch (step.kind) {
    case 'delete-database':
      return unlessLocked(step.database, () => drop(scene, step));
    case 'remove-our-tags':
    case 'remove-mirror':
      return removeOurTags(scene, step.database);
    case 'delete-firewall-rules':
      return { locked: Object.assign({}, ...(await Promise.all(step.rules.map((rule) => deleteRule(scene, rule))))) };
  }
}

/** What a lock keeps must not keep the rest: it is told at the end. */
async function unlessLocked(name: string, remove: () => Promise<Change>): Promise<Change> {
  try {
    return await remove();
  } catch (error) {
    const said = azureSaid(error);
    if (!said || !isLocked(said)) throw error;
    return { locked: { [name]: said.message } };
  }
}

async function deleteRule({ context, observed }: Scene, name: string): Promise<Change['locked']> {
  const { locked } = await unlessLocked(name, async () => {
    await deleteFirewallRule(context.arm, ...placeOf(observed, name));
    return {};
  });
  return locked;
}

/** Safety rule 8: its id, our tag, nobody's session but ours, and no setting of production names it. */
export async function drop(scene: Scene, step: StepOf<'delete-database'>): Promise<Change> {
  const { arm, ports, signal, databases } = scene.context;
  const { deploymentId, strays, production } = scene.observed;
  const at = placeOf(scene.observed, step.database);
  const now = await getDatabase(arm, ...at);
  if (!now) return {};
  const ours =
    now.tags['zdd-deployment'] === deploymentId || strays.some((stray) => stray.databaseId === now.databaseId);
  if (now.databaseId !== step.databaseId || !ours) {
    throw new Stop(
      'drifted',
      `Database ${step.database} is not the one that this deployment made (databaseId ${now.databaseId}).`,
      'It is left alone. Look at it in the portal, then run the phase again.',
    );
  }
  if (isNamedIn(production, step.database)) {
    throw new Stop(
      'refused',
      `A setting of production names ${step.database}.`,
      'Run "complete" (or "rollback") first.',
    );
  }
  if (now.status === 'Online') await refuseWithSessions(scene, step.database);
  const isCopy = parseName(bareName(step.database))?.kind === 'clone' && scene.observed.record?.cloned !== undefined;
  const proof = isCopy && now.status === 'Online' ? await copyProof(scene, step.database) : undefined;
  // Also a run that is killed afterwards has told it.
  if (proof) ports.log.info(`${step.database} right before it is deleted: ${JSON.stringify(proof)}`);
  await databases.close(step.database);
  if (scene.context.lease.heldIn() === step.database) await scene.context.lease.release();
  let sent = false;
  await waitFor(ports.clock, ports.log, {
    what: `database ${step.database} to be gone`,
    deadlineMs: GONE_MS,
    otherwise: 'Run the phase again.',
    signal,
    async look() {
      if (!sent) {
        try {
          await deleteDatabase(arm, ...at);
          sent = true;
        } catch (error) {
          if (!databaseIsBusy(azureSaid(error))) throw error;
          return { seen: 'Azure is busy with the database' };
        }
      }
      return (await getDatabase(arm, ...at)) === null ? { done: undefined } : { seen: 'still listed' };
    },
  });
  return { ...done(step), ...(proof ? { proofs: [proof] } : {}) };
}

async function refuseWithSessions(scene: Scene, database: string): Promise<void> {
  const present = await scene.context.databases.read(database, sessions);
  const strangers = present.filter(isForeign);
  if (strangers.length === 0) return;
  const [first] = strangers;
  throw new Stop(
    'refused',
    `Database ${database} is in use: ${strangers.length} sessions, first ${first?.programName || 'a program without name'} on ${first?.hostName} as ${first?.loginName}.`,
    'Find out who reads from the clone and end it, then run the phase again.',
  );
}

async function removeOurTags(scene: Scene, database: string): Promise<Change> {
  const { arm, ports, signal } = scene.context;
  const at = placeOf(scene.observed, database);
  const ours = (tags: Readonly<Record<string, string>>) => Object.entries(tags).filter(([name]) => OUR_TAG.test(name));
  const now = await getDatabase(arm, ...at);
  if (!now || ours(now.tags).length === 0) return {};
  let isSent = false;
  await waitFor(ports.clock, ports.log, {
    what: `our tags to leave database ${database}`,
    deadlineMs: GONE_MS,
    otherwise: 'Run the phase again.',
    signal,
    async look() {
      if (!isSent) {
        try {
          await deleteTags(arm, now.id, Object.fromEntries(ours(now.tags)));
          isSent = true;
        } catch (error) {
          // What was recorded last may still be on its way.
          if (!databaseIsBusy(azureSaid(error))) throw error;
          return { seen: 'Azure is busy with the database' };
        }
      }
      const left = ours((await getDatabase(arm, ...at))?.tags ?? {});
      return left.length === 0 ? { done: undefined } : { seen: `${left.length} still there` };
    },
  });
  return {};
}
