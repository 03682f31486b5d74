import { getDatabase, listDatabases, placeIn } from '../azure/databases.ts';
import type { Change, Scene } from '../context/scene.ts';
import { writeRecord } from '../context/write-record.ts';
import { RECORD_ON } from '../deployment/clone-tags.ts';
import { sameName } from '../deployment/names.ts';
import { placeOf } from '../deployment/servers.ts';
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
      const now = await Promise.all(rivals.map(({ claim }) => getDatabase(arm, ...placeIn(claim))));
      const there = now.filter((database) => database !== null);
      // Gone, or no claim any more: the next look decides about it. One that only says where the record is goes with the claim.
      const settled = there.every(({ tags }) => tags['zdd-lock'] !== 'claim' && tags[RECORD_ON] === undefined);
      return settled ? { done: undefined } : { seen: `${there.map(({ name }) => name).join(', ')} still there` };
    },
  });
  return {};
}

/**
 * Claims are found in the lists of the servers' databases. One that does not show ours yet may not show an older one either: it is
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
      const missing = await without(known.unlisted, async (made) => {
        const [serverId, bare] = placeOf(scene.observed, made);
        return (await listDatabases(arm, serverId)).some(({ name }) => sameName(name, bare));
      });
      return missing.length === 0 ? { done: undefined } : { seen: `${missing.join(', ')} not yet` };
    },
  });
  return {};
}

async function without<T>(all: readonly T[], is: (one: T) => Promise<boolean>): Promise<readonly T[]> {
  const found = await Promise.all(all.map(is));
  return all.filter((_, index) => !found[index]);
}
