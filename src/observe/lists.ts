import type { Database } from '../azure/database-shapes.ts';
import { listDatabases } from '../azure/databases.ts';
import type { Context } from '../context/context.ts';
import { begun } from './ahead.ts';

/** What servers list, by their ids, asked for once a look. */
export interface Lists {
  of(serverId: string): Promise<readonly Database[]>;
}

/** Those of the servers that the last look knew are asked for at once. */
export function listsAhead({ arm, known }: Context): Lists {
  const lists = new Map<string, Promise<readonly Database[]>>();
  const of = (serverId: string) => {
    const there = lists.get(serverId) ?? begun(listDatabases(arm, serverId));
    lists.set(serverId, there);
    return there;
  };
  for (const { server } of known.servers ?? []) of(server.id);
  return { of };
}
