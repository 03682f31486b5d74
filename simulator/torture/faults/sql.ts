import { SqlError } from '../../../src/ports.ts';
import { endSession } from '../../model/sql/end-session.ts';
import type { RunningProcess } from '../action-process.ts';
import type { Call } from '../call.ts';
import type { Fault } from './fault.ts';

/** The connections to the databases, the one that holds the lease too. */
export const sql: readonly Fault[] = [
  {
    name: 'dropped-before',
    passes: true,
    what: 'the connection is dropped before the statement arrives',
    fits: (call) => call.port === 'sql',
    atReads: 'all',
    async inject(_forward, process) {
      await process.clock.sleep(20);
      throw new SqlError(0, 'Connection lost - read ECONNRESET');
    },
  },
  {
    name: 'dropped-again',
    passes: true,
    what: 'for five seconds every statement finds its connection dropped',
    fits: (call) => call.port === 'sql',
    atReads: 'all',
    lastsMs: 5000,
    // What is compared of the copy is left out where nobody can look.
    allows: ['different'],
    async inject(_forward, process) {
      await process.clock.sleep(20);
      throw new SqlError(0, 'Connection lost - read ECONNRESET');
    },
  },
  {
    name: 'dropped-after',
    passes: true,
    what: 'the connection is dropped after the statement was carried out',
    fits: (call) => call.port === 'sql' && call.changes,
    atReads: 'never',
    async inject(forward) {
      await forward().catch(() => undefined);
      throw new SqlError(0, 'Connection lost - read ECONNRESET');
    },
  },
  {
    name: 'lease-lost',
    passes: true,
    what: 'the connection that holds the lease is gone',
    fits: (call) => call.changes,
    atReads: 'never',
    async inject(forward, process) {
      for (const server of Object.values(process.world.sql.servers)) {
        for (const database of Object.values(server.databases)) {
          for (const { sessionId } of Object.values(database.appLocks).flat()) {
            endSession(process.world, sessionId, process.clock.now());
          }
        }
      }
      return forward();
    },
  },
  {
    name: 'all-connections-lost',
    passes: true,
    what: 'the server fails over: every connection of ours is gone',
    fits: (call) => call.port === 'sql',
    atReads: 'new',
    inject(forward, process) {
      endOurs(process);
      return forward();
    },
  },
  {
    name: 'database-unavailable',
    passes: true,
    what: 'the database is not available for a moment (40613)',
    fits: inSql,
    atReads: 'new',
    inject: unavailable,
  },
  {
    // Most reconfigurations take less than a minute:
    // https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-connectivity-issues
    name: 'databases-move',
    passes: true,
    what: 'Azure moves the databases: for half a minute nobody gets in, and every connection is gone',
    fits: inSql,
    atReads: 'new',
    lastsMs: 30_000,
    inject(forward, process) {
      endOurs(process);
      return unavailable(forward, process);
    },
  },
];

function inSql(call: Call): boolean {
  return call.port === 'sql' || call.port === 'login';
}

async function unavailable(_forward: unknown, { clock }: RunningProcess): Promise<never> {
  await clock.sleep(20);
  throw new SqlError(
    40613,
    "Database 'x' on server 'y' is not currently available. Please retry the connection later.",
  );
}

function endOurs({ world, clock }: RunningProcess): void {
  for (const { sessionId, programName } of Object.values(world.sql.sessions))
    if (programName.startsWith('zdd-action')) endSession(world, sessionId, clock.now());
}
