import { databases, namesakeOf } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

export const originalsAreKept: Invariant = {
  name: 'originals-are-kept',
  holds: 'No database that was an original, or took the place of one, is ever deleted, under whatever name it is.',
  watch({ world, history }) {
    return {
      step() {
        for (const original of history.originals) {
          const { name, databaseId } = original;
          const namesake = namesakeOf(world, original);
          for (const id of [databaseId, namesake?.databaseId]) if (id !== undefined) history.namesakes[id] = name;
        }
        const present = new Map(databases(world).map((database) => [database.databaseId, database]));
        for (const [databaseId, name] of Object.entries(history.namesakes)) {
          const database = present.get(databaseId);
          if (database === undefined) return `a database that was ${name} was deleted`;
          const operation = world.sql.operations[database.operationId ?? ''];
          if (operation?.kind === 'DropLogicalDatabase') return `${database.name}, which was ${name}, is being deleted`;
        }
        return undefined;
      },
    };
  },
};
