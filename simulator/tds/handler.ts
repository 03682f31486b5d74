import type { SqlValue } from '../../src/ports.ts';
import type { ContentEngine } from '../content/engine.ts';
import type { Caller, Server } from '../content/env.ts';
import { ContentProblem, unknownSql } from '../content/problem.ts';
import { may, rightsOf, type SqlContext } from '../model/sql/context.ts';
import { fault, inOneAnswer, killed } from '../model/sql/faults.ts';
import { FUNCTIONS } from '../model/sql/functions.ts';
import { contextOf, type LoginRequest, login, logout, statement } from '../model/sql/sessions.ts';
import type { SqlFault } from '../model/sql/state.ts';
import type { StatementResult } from '../model/sql/statement-result.ts';
import { VIEWS } from '../model/sql/views.ts';
import { Unmodelled, type World } from '../model/world.ts';
import type { TdsHandler, TdsLogin, TdsOutcome, TdsParameter } from './handler-contract.ts';

interface SqlBackend {
  /** Runs `act` on the world as of now; it also tells of the change to those who need to know. */
  change<T>(act: (world: World, now: number) => T): T;
  readonly engine: ContentEngine;
  /** Who logs in: the client id of a valid token, or why not. Only asked when there is a token. */
  clientOf(token: string): Promise<{ readonly clientId: string } | { readonly refused: string }>;
  /** The address that the firewall sees. */
  addressOf(login: TdsLogin): string;
  /** Told of every statement that the simulator does not model. */
  onUnmodelled?(what: string): void;
}

/** Answers TDS clients: the model answers about the server, the content engine about what databases hold. */
export function sqlHandler(backend: SqlBackend): TdsHandler {
  const { change, engine } = backend;
  return {
    async login(request) {
      const identity = await identify(backend, request);
      if ('kind' in identity) return identity;
      const { host, database, hostName, programName, hostProcessId, tls } = request;
      return change((world, now) => {
        const opened = login(
          world,
          { host, database, hostName, programName, hostProcessId, tls, from: backend.addressOf(request), ...identity },
          now,
        );
        if (opened.kind === 'fault') return opened;
        const server = world.sql.sessions[opened.sessionId]?.server ?? '';
        return { ...opened, server, database: database === '' ? 'master' : database };
      });
    },

    async statement(sessionId, sql, parameters, signal) {
      const answer = change((world, now) => askServer(world, sessionId, sql, parameters ?? {}, now));
      if (answer.kind === 'unmodelled') {
        backend.onUnmodelled?.(answer.what);
        return { parts: [fault(40000, 16, answer.what)], openTransactions: depthOf(backend, sessionId) };
      }
      if (answer.kind !== 'content') return serverOutcome(answer, depthOf(backend, sessionId));
      const look = () => change((world, now) => callerOf(backend, world, sessionId, now));
      const outcome = await engine.run(answer.contentId, sessionId, look, sql, parameters, signal);
      note(backend, outcome);
      change((world) => {
        const session = world.sql.sessions[sessionId];
        if (session !== undefined) session.openTransactions = outcome.openTransactions;
      });
      return outcome;
    },

    reset(sessionId) {
      engine.end(sessionId);
      change((world) => {
        const session = world.sql.sessions[sessionId];
        if (session !== undefined) session.openTransactions = 0;
      });
    },

    logout(sessionId) {
      engine.end(sessionId);
      change((world, now) => logout(world, sessionId, now));
    },
  };
}

async function identify(
  backend: SqlBackend,
  request: TdsLogin,
): Promise<Pick<LoginRequest, 'user' | 'password' | 'clientId'> | SqlFault> {
  if (request.token === undefined) return { user: request.user, password: request.password };
  const client = await backend.clientOf(request.token);
  return 'refused' in client
    ? fault(18456, 14, "Login failed for user '<token-identified principal>'.")
    : { clientId: client.clientId };
}

type Answer = StatementResult | { readonly kind: 'unmodelled'; readonly what: string };

function askServer(
  world: World,
  sessionId: number,
  sql: string,
  parameters: Readonly<Record<string, TdsParameter>>,
  now: number,
): Answer {
  try {
    return statement(world, sessionId, sql, plain(parameters), now, true);
  } catch (error) {
    if (error instanceof Unmodelled) return { kind: 'unmodelled', what: error.message };
    throw error;
  }
}

/** Questions about the server take no binary parameters. */
function plain(parameters: Readonly<Record<string, TdsParameter>>): Record<string, SqlValue> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { value }]) => [name, value instanceof Uint8Array ? '' : value]),
  );
}

function serverOutcome(answer: Exclude<StatementResult, { kind: 'content' }>, openTransactions: number): TdsOutcome {
  if (answer.kind === 'fault') return { parts: inOneAnswer(answer), openTransactions };
  return { parts: answer.columns.length > 0 ? [answer] : [{ kind: 'count', count: undefined }], openTransactions };
}

function depthOf(backend: SqlBackend, sessionId: number): number {
  return backend.change((world) => world.sql.sessions[sessionId]?.openTransactions ?? 0);
}

function callerOf(
  backend: SqlBackend,
  world: World,
  sessionId: number,
  now: number,
): { caller: Caller; now: number } | SqlFault {
  const session = world.sql.sessions[sessionId];
  const databases = Object.values(world.sql.servers[session?.server ?? '']?.databases ?? {});
  const database = databases.find((one) => one.databaseId === session?.databaseId);
  if (session === undefined || database === undefined) return killed();
  const rights = rightsOf(database, session);
  const caller: Caller = {
    sessionId,
    database: database.name,
    isReadOnly: database.isReadOnly,
    login: session.loginName,
    user: session.userName,
    hostName: session.hostName,
    programName: session.programName,
    rights: { write: may(rights, 'INSERT'), schema: may(rights, 'CREATE TABLE') },
    server: serverOf(backend, sessionId),
  };
  return { caller, now };
}

/** The model's functions and views, for statements about content that ask for them too. */
function serverOf(backend: SqlBackend, sessionId: number): Server {
  const ask = <T>(read: (context: SqlContext) => T): T =>
    backend.change((world, now) => {
      const session = world.sql.sessions[sessionId];
      const context = session === undefined ? undefined : contextOf(world, session, {}, now);
      if (context === undefined) throw new ContentProblem(596, killed().message, 21, 'batch');
      try {
        return read(context);
      } catch (error) {
        if (error instanceof Unmodelled) throw unknownSql(error.message);
        throw error;
      }
    });
  return {
    hasFunction: (name) => FUNCTIONS[name] !== undefined,
    call: (name, args) => ask((context) => FUNCTIONS[name]?.(context, args) ?? null),
    view: (name) => (VIEWS[name] === undefined ? undefined : ask((context) => VIEWS[name]?.(context))),
  };
}

/** Statements that the content engine does not know are reported like any other. */
function note(backend: SqlBackend, outcome: TdsOutcome): void {
  for (const part of outcome.parts)
    if (part.kind === 'fault' && part.number === 40000) backend.onUnmodelled?.(part.message);
}
