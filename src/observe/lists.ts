import type { Database } from '../azure/database-shapes.ts';
import { getDatabase, listDatabases } from '../azure/databases.ts';
import type { Context } from '../context/context.ts';
import { begun } from './ahead.ts';

/** What servers list, by their ids, asked for once a look, and single databases of them. */
export interface Lists {
  of(serverId: string): Promise<readonly Database[]>;
  /** Null when there is none of that name. */
  database(serverId: string, name: string): Promise<Database | null>;
}

/** What the last look asked for is asked for at once: visitors may not write meanwhile, and a look is mostly the way there and back. */
export function listsAhead({ arm, known }: Context): Lists {
  const lists = new Map<string, Promise<readonly Database[]>>();
  const of = (serverId: string) => {
    const there = lists.get(serverId) ?? begun(listDatabases(arm, serverId));
    lists.set(serverId, there);
    return there;
  };
  for (const { server } of known.servers ?? []) of(server.id);
  const ahead = known.asked.map((each) => ({ ...each, read: begun(getDatabase(arm, each.serverId, each.name)) }));
  known.asked = [];
  return {
    of,
    database(serverId, name) {
      known.asked = [...known.asked, { serverId, name }];
      const there = ahead.find((each) => each.serverId === serverId && each.name === name);
      return there?.read ?? getDatabase(arm, serverId, name);
    },
  };
}
