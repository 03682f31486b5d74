import type { World } from '../world.ts';
import { findDatabase } from './lookup.ts';
import type { Database } from './state.ts';

/** How long a paused serverless database takes to come back; "typically a minute" in the documentation. */
const RESUME_TAKES = 45_000;

/**
 * Something asks for the database: a paused one starts to resume. Logins, copies and new tags all do this.
 * Source: https://learn.microsoft.com/azure/azure-sql/database/serverless-tier-overview (auto-resume triggers).
 */
export function touch(world: World, database: Database, now: number): void {
  database.lastActiveAt = now;
  if (database.status !== 'Paused') return;
  database.status = 'Resuming';
  world.sql.pending.push({ kind: 'resumed', at: now + RESUME_TAKES, databaseId: database.databaseId });
}

/** When a serverless database without sessions pauses; `undefined` when it does not. */
export function pausesAt(world: World, database: Database): number | undefined {
  const delay = database.autoPauseDelay;
  if (delay === undefined || delay < 0 || database.status !== 'Online' || database.operationId !== undefined)
    return undefined;
  if (staysAwake(world, database)) return undefined;
  for (const session of Object.values(world.sql.sessions)) {
    if (session.databaseId === database.databaseId) return undefined;
  }
  return database.lastActiveAt + delay * 60_000;
}

/** What keeps a serverless database awake, by the same page: geo-replication, long-term retention, an alias of its server. */
function staysAwake(world: World, database: Database): boolean {
  const { weeklyRetention, monthlyRetention, yearlyRetention } = database.longTermRetention;
  const isKept = [weeklyRetention, monthlyRetention, yearlyRetention].some((period) => period !== 'PT0S');
  const server = findDatabase(world, database.databaseId)?.server;
  return isKept || database.replicationLinks.length > 0 || (server?.dnsAliases.length ?? 0) > 0;
}
