import { SqlError } from '../../../src/ports.ts';
import { endSession } from '../../model/sql/end-session.ts';
import type { Fault } from './fault.ts';

/** The connections to the databases, the one that holds the lease too. */
export const sql: readonly Fault[] = [
  {
    name: 'dropped-before',
    what: 'the connection is dropped before the statement arrives',
    fits: (call) => call.port === 'sql',
    atReads: 'all',
    async inject(_carry, victim) {
      await victim.clock.sleep(20);
      throw new SqlError(0, 'Connection lost - read ECONNRESET');
    },
  },
  {
    name: 'dropped-after',
    what: 'the connection is dropped after the statement was carried out',
    fits: (call) => call.port === 'sql' && call.changes,
    atReads: 'never',
    async inject(carry) {
      await carry().catch(() => undefined);
      throw new SqlError(0, 'Connection lost - read ECONNRESET');
    },
  },
  {
    name: 'lease-lost',
    what: 'the connection that holds the lease is gone',
    fits: (call) => call.changes,
    atReads: 'never',
    async inject(carry, victim) {
      for (const server of Object.values(victim.world.sql.servers)) {
        for (const database of Object.values(server.databases)) {
          for (const { sessionId } of Object.values(database.appLocks).flat()) {
            endSession(victim.world, sessionId, victim.clock.now());
          }
        }
      }
      return carry();
    },
  },
  {
    name: 'all-connections-lost',
    what: 'the server fails over: every connection of ours is gone',
    fits: (call) => call.port === 'sql',
    atReads: 'new',
    async inject(carry, victim) {
      for (const session of Object.values(victim.world.sql.sessions)) {
        if (session.programName.startsWith('zdd-action'))
          endSession(victim.world, session.sessionId, victim.clock.now());
      }
      return carry();
    },
  },
  {
    name: 'database-unavailable',
    what: 'the database is not available for a moment (40613)',
    fits: (call) => call.port === 'sql' || call.port === 'login',
    atReads: 'new',
    async inject(_carry, victim) {
      await victim.clock.sleep(20);
      throw new SqlError(
        40613,
        "Database 'x' on server 'y' is not currently available. Please retry the connection later.",
      );
    },
  },
];
