import { getDatabase, listDatabases } from '../azure/databases.ts';
import type { Change, Scene } from '../context/scene.ts';
import { writeRecord } from '../context/write-record.ts';
import { sameName } from '../deployment/names.ts';
import type { StepOf } from '../steps/steps.ts';
import { waitFor } from '../wait.ts';

/** A claim whose owner died does not withdraw by itself. */
const WITHDRAWAL_MS = 300_000;
/** Lists are seconds old, sometimes minutes. */
const LISTED_MS = 900_000;

export async function applyLock(scene: Scene, step: StepOf<'hold-lock' | 'await-others'>): Promise<Change> {
  if (step.kind === 'hold-lock') {
    if (scene.context.known.unlisted.length > 0) return awaitListed(scene);
    await writeRecord(scene, { lock: 'held' });
    return {};
  }
  const { arm, ports, signal } = scene.context;
  const rivals = scene.observed.others.filter((other) => step.claims.includes(other.deploymentId));
  await waitFor(ports.clock, ports.log, {
    what: `the claims of ${step.claims.join(', ')} to be withdrawn`,
    deadlineMs: WITHDRAWAL_MS,
    otherwise: `Their runs (${rivals.map((other) => other.run).join(', ')}) may have died: run "cleanup" with deployment-id ${step.claims[0]}, then "clone" again.`,
    signal,
    async look() {
      const now = await Promise.all(rivals.map((other) => getDatabase(arm, scene.observed.server.id, other.clone)));
      const there = now.filter((database) => database !== null);
      // Gone, or no claim any more: the next look decides about it.
      const settled = there.every((database) => database.tags['zdd-lock'] !== 'claim');
      return settled ? { done: undefined } : { seen: `${there.map(({ name }) => name).join(', ')} still there` };
    },
  });
  return {};
}

/**
 * Claims are found in the list of the server's databases. One that does not show ours yet may not show an older one either: it is
 * waited for, and the next look decides.
 */
async function awaitListed(scene: Scene): Promise<Change> {
  const { arm, ports, signal, known } = scene.context;
  await waitFor(ports.clock, ports.log, {
    what: `the list of databases to show ${known.unlisted.join(', ')}`,
    deadlineMs: LISTED_MS,
    otherwise: 'Azure does not list what it shows. Run "clone" again in some minutes.',
    signal,
    async look() {
      const listed = await listDatabases(arm, scene.observed.server.id);
      const missing = known.unlisted.filter((made) => !listed.some(({ name }) => sameName(name, made)));
      return missing.length === 0 ? { done: undefined } : { seen: `${missing.join(', ')} not yet` };
    },
  });
  return {};
}
