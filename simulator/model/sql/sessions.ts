import type { SqlRow, SqlValue } from '../../../src/ports.ts';
import { newGuid, Unmodelled, type World } from '../world.ts';
import { advanceSql } from './advance.ts';
import { rightsOf, type SqlContext } from './context.ts';
import { runControl } from './control.ts';
import { classify, isForEngine } from './control-statement.ts';
import { endSession } from './end-session.ts';
import {
  cannotOpen,
  entraOnly,
  fault,
  killed,
  loginFailed,
  noTokens,
  notAllowedAddress,
  notAvailable,
  oldTls,
  publicAccessDenied,
} from './faults.ts';
import { letsIn } from './firewall.ts';
import { findDatabase } from './lookup.ts';
import { serverAt } from './names.ts';
import { touch } from './serverless.ts';
import type { Database, Session, SqlFault, SqlServer } from './state.ts';
import type { SqlColumn, StatementResult } from './statement-result.ts';

export interface LoginRequest {
  /** Host name of the server as the client wrote it; a port is ignored. */
  readonly host: string;
  /** Empty: `master`. */
  readonly database: string;
  readonly user?: string;
  readonly password?: string;
  /** Client id of an access token that was already checked. */
  readonly clientId?: string;
  /** The client's address as the firewall sees it. */
  readonly from: string;
  readonly hostName: string;
  readonly programName: string;
  readonly hostProcessId: number;
  /** What the client speaks at most; absent: whatever is asked. */
  readonly tls?: '1.2' | '1.3';
}

/** Opens a session, or says why not, in this order: 40532, 47072, 47073, 40615, 18456, 4060, 40613. */
export function login(
  world: World,
  request: LoginRequest,
  now: number,
): { readonly kind: 'session'; readonly sessionId: number } | SqlFault {
  advanceSql(world, now);
  const server = serverAt(world, request.host);
  if (server === undefined)
    return fault(40532, 20, `Cannot open server "${request.host}" requested by the login. The login failed.`);
  if (server.minimalTlsVersion === '1.3' && request.tls === '1.2') return oldTls();
  const isInside = server.privateEndpoints.length > 0 && request.from.startsWith('10.');
  if (!isInside && server.publicNetworkAccess === 'Disabled') return publicAccessDenied();
  if (!isInside && !letsIn(server, request.from, now)) return notAllowedAddress(server.name, request.from);
  const kind = refusedKind(server, request);
  if (kind !== undefined) return kind;
  const name = request.database === '' ? 'master' : request.database;
  const database = server.databases[name.toLowerCase()];
  const identity = identify(world, server, database, request);
  if (identity === undefined)
    return loginFailed(request.clientId === undefined ? (request.user ?? '') : '<token-identified principal>');
  if (name.toLowerCase() !== 'master') {
    if (database === undefined || database.status === 'Suspect' || isBeingDropped(world, database))
      return cannotOpen(name);
    const isReady = database.status === 'Online' && database.availableFrom <= now;
    touch(world, database, now);
    if (!isReady) return notAvailable(database.name, server.name, newGuid(world));
  }
  const session: Session = {
    sessionId: world.sql.nextSessionId++,
    server: server.name.toLowerCase(),
    databaseId: database?.databaseId ?? 'master',
    loginTime: now,
    hostName: request.hostName,
    programName: request.programName,
    hostProcessId: request.hostProcessId,
    from: request.from,
    lastRequestAt: now,
    openTransactions: 0,
    ...identity,
  };
  world.sql.sessions[session.sessionId] = session;
  return { kind: 'session', sessionId: session.sessionId };
}

/**
 * Answers a statement about the server; hands anything else on as content. Where a content engine is, it gets the
 * questions too that only name functions and views of the server: it knows all of T-SQL and asks back for these. A session that was killed hears 596.
 * Throws {@link Unmodelled} for what is about the server and not known.
 */
export function statement(
  world: World,
  sessionId: number,
  sql: string,
  parameters: Readonly<Record<string, SqlValue>>,
  now: number,
  hasEngine = false,
): StatementResult {
  advanceSql(world, now);
  const session = world.sql.sessions[sessionId];
  if (session === undefined) return killed();
  session.lastRequestAt = now;
  const context = contextOf(world, session, parameters, now);
  if (context === undefined) return killed();
  const { database } = context;
  const classified = classify(sql);
  if (classified.kind === 'content' && database !== undefined) {
    database.reads = (database.reads ?? 0) + 1;
    if (hasEngine && WRITES.test(sql) && !database.isReadOnly)
      database.updates = { count: (database.updates?.count ?? 0) + 1, at: now };
  }
  if (hasEngine && database !== undefined && isForEngine(sql))
    return { kind: 'content', contentId: database.contentId, readOnly: database.isReadOnly };
  if (classified.kind === 'unmodelled') throw new Unmodelled(classified.what);
  if (classified.kind === 'content') {
    if (database === undefined) throw new Unmodelled(`content in master: ${sql}`);
    return { kind: 'content', contentId: database.contentId, readOnly: database.isReadOnly };
  }
  return runControl(context, classified.statements);
}

/** Definitions are no updates of a table's content. */
const WRITES = /^\s*(?:INSERT|UPDATE|DELETE|MERGE)\b/i;

/** In whose name a session's statements are evaluated; `undefined` when its server or database is gone. */
export function contextOf(
  world: World,
  session: Session,
  parameters: Readonly<Record<string, SqlValue>>,
  now: number,
): SqlContext | undefined {
  const server = world.sql.servers[session.server];
  const database = findDatabase(world, session.databaseId)?.database;
  if (server === undefined || (database === undefined && session.databaseId !== 'master')) return undefined;
  const rights = rightsOf(database, session);
  return { world, now, session, server, database, rights, variables: lowerCased(parameters) };
}

/** Ends a session and what it holds; unknown ones are ended already. */
export function logout(world: World, sessionId: number, now: number): void {
  endSession(world, sessionId, now);
}

/** Whether a session still exists; one that does not was killed, and its connection must end. */
export function isSessionOpen(world: World, sessionId: number): boolean {
  return world.sql.sessions[sessionId] !== undefined;
}

/** The rows of an answer as objects by column name. */
export function rowObjects(result: {
  readonly columns: readonly SqlColumn[];
  readonly rows: readonly (readonly SqlValue[])[];
}): SqlRow[] {
  return result.rows.map((row) =>
    Object.fromEntries(result.columns.map((column, place) => [column.name, row[place] ?? null])),
  );
}

/** Ways to sign in that a server does not take at all. */
function refusedKind(server: SqlServer, { clientId, user }: LoginRequest): SqlFault | undefined {
  if (clientId === undefined) return server.entraOnly ? entraOnly(user ?? '') : undefined;
  return server.entraAdministrator === undefined ? noTokens() : undefined;
}

function identify(
  world: World,
  server: SqlServer,
  database: Database | undefined,
  request: LoginRequest,
): Pick<Session, 'loginName' | 'userName' | 'clientId'> | undefined {
  const { clientId } = request;
  if (clientId !== undefined) {
    const loginName = `${clientId}@${world.tenantId}`;
    if (server.entraAdministrator === clientId) return { loginName, userName: 'dbo', clientId };
    const user = database?.users.find((one) => one.clientId === clientId);
    return user && { loginName, userName: user.name, clientId };
  }
  const name = (request.user ?? '').split('@')[0] ?? '';
  if (name.toLowerCase() === server.administratorLogin.toLowerCase()) {
    return request.password === server.administratorPassword ? { loginName: name, userName: 'dbo' } : undefined;
  }
  const user = database?.users.find(
    (one) => one.name.toLowerCase() === name.toLowerCase() && one.password !== undefined,
  );
  return user !== undefined && user.password === request.password
    ? { loginName: user.name, userName: user.name }
    : undefined;
}

function isBeingDropped(world: World, database: Database): boolean {
  return world.sql.operations[database.operationId ?? '']?.kind === 'DropLogicalDatabase';
}

function lowerCased(parameters: Readonly<Record<string, SqlValue>>): Record<string, SqlValue> {
  const variables: Record<string, SqlValue> = {};
  for (const [name, value] of Object.entries(parameters)) variables[name.replace(/^@/, '').toLowerCase()] = value;
  return variables;
}
