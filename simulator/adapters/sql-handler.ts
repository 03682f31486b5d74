import type { SqlValue } from '../../src/ports.ts';
import type { Caller, ContentEngine } from '../content/engine.ts';
import { findDatabase } from '../model/sql/route.ts';
import { login, logout, statement } from '../model/sql/sessions.ts';
import type { World } from '../model/world.ts';
import type { TdsHandler, TdsLogin, TdsOutcome, TdsValue } from '../tds/handler-contract.ts';
import { clientOfToken, SQL_AUDIENCES } from './bearer.ts';
import type { RunningWorld } from './running-world.ts';
import type { Tokens } from './tokens.ts';
import { type UnmodelledRequests, whatIsNotModelled } from './unmodelled.ts';

export interface SqlHandlerParts {
  readonly tokens: Tokens;
  readonly unmodelled: UnmodelledRequests;
  world(): RunningWorld;
  engine(): ContentEngine;
  /** The address that the firewall sees, for the one a connection comes from. */
  callerOf(address: string): string;
}

/** The number of the error that an unmodelled statement gets; no SQL Server uses it. */
const NOT_MODELLED = 40_000;

/**
 * Answers SQL clients: the model knows logins, sessions and everything about the server; what a database holds is the
 * content engine's.
 */
export function sqlHandler(parts: SqlHandlerParts): TdsHandler {
  return {
    async login(request) {
      const identity = await identityOf(parts.tokens, request);
      const { host, database, hostName, programName, hostProcessId } = request;
      const from = parts.callerOf(request.remoteAddress);
      const asked = { host, database, hostName, programName, hostProcessId, from, ...identity };
      const opened = parts.world().change((world, now) => login(world, asked, now));
      return opened.kind === 'fault' ? opened : { ...opened, database: database || 'master', server: host };
    },
    async statement(sessionId, sql, parameters, signal) {
      try {
        const outcome = await run(parts, sessionId, sql, parameters, signal);
        noteUnmodelled(parts.unmodelled, outcome, sql);
        return outcome;
      } catch (error) {
        const message = whatIsNotModelled(error, sql);
        parts.unmodelled.note(message);
        return { parts: [{ kind: 'fault', number: NOT_MODELLED, message, class: 16, state: 1 }], openTransactions: 0 };
      }
    },
    reset(sessionId) {
      parts.engine().end(sessionId);
      parts.world().change((world) => {
        keepTransactions(world, sessionId, 0);
        releaseLocks(world, sessionId);
      });
    },
    logout(sessionId) {
      parts.engine().end(sessionId);
      parts.world().change((world, now) => logout(world, sessionId, now));
    },
  };
}

async function run(
  { world, engine }: SqlHandlerParts,
  sessionId: number,
  sql: string,
  parameters: Readonly<Record<string, TdsValue>>,
  signal: AbortSignal,
): Promise<TdsOutcome> {
  const values = parameters as Readonly<Record<string, SqlValue>>;
  const answer = world().change((state, now) => statement(state, sessionId, sql, values, now));
  if (answer.kind !== 'content') return { parts: [answer], openTransactions: openTransactions(world(), sessionId) };
  const caller = callerOf(world(), sessionId);
  const outcome = await engine().run(answer.contentId, caller, sql, parameters, world().now, signal);
  world().change((state) => keepTransactions(state, sessionId, outcome.openTransactions));
  return outcome;
}

/** A token that is not ours or not good leaves the caller without an identity, which the login then refuses. */
async function identityOf(tokens: Tokens, { token, user, password }: TdsLogin) {
  if (token === undefined) return { user, password };
  const client = await clientOfToken(tokens, token, SQL_AUDIENCES);
  return 'refused' in client ? { clientId: '' } : client;
}

/** Who runs a batch. Whether the database takes writes is asked when it runs, which may be later. */
function callerOf(world: RunningWorld, sessionId: number): Caller {
  const session = world.read(({ sql }) => sql.sessions[sessionId]);
  const database = () => world.read((state) => findDatabase(state, session?.databaseId ?? '')?.database);
  return {
    sessionId,
    database: database()?.name ?? 'master',
    get isReadOnly() {
      return database()?.isReadOnly ?? true;
    },
    login: session?.loginName ?? '',
    user: session?.userName ?? '',
    hostName: session?.hostName ?? '',
    programName: session?.programName ?? '',
  };
}

function openTransactions(world: RunningWorld, sessionId: number): number {
  return world.read(({ sql }) => sql.sessions[sessionId]?.openTransactions ?? 0);
}

function keepTransactions(world: World, sessionId: number, count: number): void {
  const session = world.sql.sessions[sessionId];
  if (session !== undefined) session.openTransactions = count;
}

/** Application locks of a session end when its connection goes back to a pool. */
function releaseLocks(world: World, sessionId: number): void {
  const database = findDatabase(world, world.sql.sessions[sessionId]?.databaseId ?? '')?.database;
  if (database === undefined) return;
  for (const [resource, holders] of Object.entries(database.appLocks)) {
    const left = holders.filter((holder) => holder.sessionId !== sessionId);
    if (left.length > 0) database.appLocks[resource] = left;
    else delete database.appLocks[resource];
  }
}

function noteUnmodelled(unmodelled: UnmodelledRequests, outcome: TdsOutcome, sql: string): void {
  for (const part of outcome.parts) {
    if (part.kind === 'fault' && part.number === NOT_MODELLED) unmodelled.note(`${part.message} (in: ${sql})`);
  }
}
