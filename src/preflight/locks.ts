import { locksAbove, type ResourceLock } from '../azure/locks.ts';
import type { Scene } from '../context/scene.ts';
import { type Seen, see } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import { shell } from '../deployment/commands.ts';
import { slots } from '../deployment/slots.ts';
import { allFine, failed, notLookedAt } from './verdicts.ts';

const NAME = 'locks';

/** Locks of the app and the servers, which everything that is made below them inherits, and of the slots and originals themselves. */
export async function checkLocks({ context, observed }: Scene): Promise<readonly Check[]> {
  const { arm, signal } = context;
  const below = [...slots(observed), ...observed.databases.flatMap(({ original }) => original ?? [])];
  const look = (id: string) => see(signal, () => locksAbove(arm, id));
  const [servers, others] = await Promise.all(
    [observed.servers, [observed.app, ...below]].map((all) => Promise.all(all.map(({ id }) => look(id)))),
  );
  return locks(servers ?? [], others ?? []);
}

/** Pure. https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources */
function locks(
  servers: readonly Seen<readonly ResourceLock[]>[],
  others: readonly Seen<readonly ResourceLock[]>[],
): readonly Check[] {
  const why = [...servers, ...others].find((seen) => seen.why !== undefined)?.why;
  if (why !== undefined) return [notLookedAt(NAME, `${why} A lock would be met by the phase that it stops.`)];
  const all = new Map([...servers, ...others].flatMap(({ value = [] }) => value).map((lock) => [lock.id, lock]));
  const keeping = [...all.values()].filter(
    ({ id, level }) => level === 'ReadOnly' || servers.some(({ value }) => value?.some((lock) => lock.id === id)),
  );
  return allFine(
    NAME,
    'None is in the way on the app, its slots, the server, the originals or above them.',
    keeping.map(({ id, name, level, scope }) => {
      const on = scope.split('/').slice(-2).join(' ');
      const so =
        level === 'ReadOnly'
          ? 'nothing could be changed.'
          : '"cleanup" could delete neither the clones nor the firewall rules, and the deployment would never end.';
      const fix = `az lock delete --ids ${shell(id)}`;
      return failed(
        NAME,
        `Lock ${name} (${level}) on ${on} holds everything below it: ${so}`,
        level === 'ReadOnly' ? fix : `${fix} (and, instead, lock each original database by itself)`,
      );
    }),
  );
}
