import type { World } from '../world.ts';
import { findDatabase } from './lookup.ts';
import type { Database } from './state.ts';

/** Ends a session: its application locks are free, and a rename that waited for it may happen. */
export function endSession(world: World, sessionId: number, now: number): void {
  const session = world.sql.sessions[sessionId];
  if (session === undefined) return;
  delete world.sql.sessions[sessionId];
  const found = findDatabase(world, session.databaseId);
  if (found === undefined) return;
  const { server, database } = found;
  database.lastActiveAt = now;
  for (const [resource, holders] of Object.entries(database.appLocks)) {
    const left = holders.filter((holder) => holder.sessionId !== sessionId);
    if (left.length > 0) database.appLocks[resource] = left;
    else delete database.appLocks[resource];
  }
  if (database.renameTo !== undefined && sessionsOf(world, database).length === 0) {
    const name = database.renameTo;
    delete database.renameTo;
    delete server.databases[database.name.toLowerCase()];
    database.name = name;
    server.databases[name.toLowerCase()] = database;
    database.availableFrom = now + world.durations.move;
  }
}

/** Ids of the sessions in a database. */
export function sessionsOf(world: World, database: Database): number[] {
  const ids: number[] = [];
  for (const session of Object.values(world.sql.sessions)) {
    if (session.databaseId === database.databaseId) ids.push(session.sessionId);
  }
  return ids;
}

/** Ends every session in a database but `except`. */
export function endSessionsOf(world: World, database: Database, now: number, except?: number): void {
  for (const sessionId of sessionsOf(world, database)) {
    if (sessionId !== except) endSession(world, sessionId, now);
  }
}
