import { databases } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

export const originalsAreKept: Invariant = {
  name: 'originals-are-kept',
  holds: 'No database that was an original is ever deleted, under whatever name it is.',
  watch({ world, history }) {
    return {
      step() {
        const present = new Map(databases(world).map((database) => [database.databaseId, database]));
        const gone = history.originals.find(({ databaseId }) => !present.has(databaseId));
        if (gone !== undefined) return `the original ${gone.name} was deleted`;
        for (const { databaseId, name } of history.originals) {
          const operation = world.sql.operations[present.get(databaseId)?.operationId ?? ''];
          if (operation?.kind === 'DropLogicalDatabase') return `the original ${name} is being deleted`;
        }
        return undefined;
      },
    };
  },
};
