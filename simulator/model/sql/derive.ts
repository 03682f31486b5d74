import { newGuid, type World } from '../world.ts';
import type { Database, Sku } from './state.ts';

/** How long after it is ready a database has its first backup (recorded: 2 min 26 s). */
export const FIRST_BACKUP_AFTER = 146_000;

/** A copy: content as of `at`, users and database options carried along, tags not. */
export function copyOf(world: World, source: Database, name: string, at: number): Database {
  return { ...derived(world, source, name, at), isReadOnly: source.isReadOnly };
}

/** A restored database: content as of `at`, users carried along, tags and retention policies not. */
export function restoreOf(world: World, source: Database, name: string, at: number): Database {
  return derived(world, source, name, at);
}

/** What a database in a pool shows of its pool. */
export function pooledSku(pool: Sku): Sku {
  return { ...pool, capacity: 0 };
}

function derived(world: World, source: Database, name: string, at: number): Database {
  const contentId = newGuid(world);
  world.sql.contents[contentId] = { id: contentId, from: { contentId: source.contentId, at }, schemas: [], writes: [] };
  const { operationId: _operation, renameTo: _rename, reads: _reads, updates: _updates, ...kept } = source;
  return {
    ...kept,
    databaseId: newGuid(world),
    name,
    contentId,
    isReadOnly: false,
    tags: {},
    shortTermRetentionDays: 7,
    diffBackupIntervalInHours: 12,
    longTermRetention: { weeklyRetention: 'PT0S', monthlyRetention: 'PT0S', yearlyRetention: 'PT0S', weekOfYear: 0 },
    isAuditingEnabled: false,
    replicationLinks: [],
    // Not before the operation has ended; set then.
    backupsFrom: Number.MAX_SAFE_INTEGER,
    users: structuredClone(source.users),
    appLocks: {},
  };
}
