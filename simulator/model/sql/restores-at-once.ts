import type { World } from '../world.ts';
import { findDatabase } from './lookup.ts';
import type { Database } from './state.ts';

/**
 * So many restores are worked on at once, the others wait their turn.
 * https://learn.microsoft.com/azure/azure-sql/database/recovery-using-backups (Restore limits). For copies no such limit is written
 * down, beyond one at a time of the same source.
 */
const AT_ONCE = { subscription: 30, pool: 4 } as const;

/** How long a restore into `database` waits until its turn comes, in milliseconds. */
export function waitForTurn(world: World, database: Database, now: number): number {
  const running = Object.values(world.sql.operations).filter(
    ({ kind, state }) => kind === 'CreateRestoreRequest' && state === 'InProgress',
  );
  const pool = database.elasticPoolId?.toLowerCase();
  const inPool = running.filter(
    ({ databaseId }) => findDatabase(world, databaseId)?.database.elasticPoolId?.toLowerCase() === pool,
  );
  const turns = [
    turnAfter(
      running.map(({ endsAt }) => endsAt),
      AT_ONCE.subscription,
      now,
    ),
    pool === undefined
      ? now
      : turnAfter(
          inPool.map(({ endsAt }) => endsAt),
          AT_ONCE.pool,
          now,
        ),
  ];
  return Math.max(...turns) - now;
}

function turnAfter(ends: readonly number[], atOnce: number, now: number): number {
  const sorted = ends.toSorted((one, other) => one - other);
  return sorted.length < atOnce ? now : (sorted[sorted.length - atOnce] ?? now);
}
