import type { SqlValue } from '../../../src/ports.ts';
import { Unmodelled, type World } from '../world.ts';
import type { SqlFault } from './state.ts';

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
}

export interface SqlColumn {
  readonly name: string;
  readonly type:
    | 'int'
    | 'bigint'
    | 'bit'
    | 'float'
    | 'nvarchar'
    | 'datetime2'
    | 'uniqueidentifier'
    | 'varbinary'
    | 'smallint';
}

export type StatementResult =
  | { readonly kind: 'rows'; readonly columns: readonly SqlColumn[]; readonly rows: readonly (readonly SqlValue[])[] }
  | SqlFault
  /** Not about the server: for the content engine, or `content.ts` where there is none. */
  | { readonly kind: 'content'; readonly contentId: string; readonly readOnly: boolean };

/** Opens a session, or says why not: 40615, 47073, 18456, 4060, 40613. */
export function login(
  _world: World,
  _request: LoginRequest,
  _now: number,
): { readonly kind: 'session'; readonly sessionId: number } | SqlFault {
  throw new Unmodelled('login (being written)');
}

/** Answers a statement about the server; hands anything else on as content. */
export function statement(
  _world: World,
  _sessionId: number,
  _sql: string,
  _parameters: Readonly<Record<string, SqlValue>>,
  _now: number,
): StatementResult {
  throw new Unmodelled('statement (being written)');
}

/** Ends a session and what it holds; unknown ones are ended already. */
export function logout(_world: World, _sessionId: number, _now: number): void {
  throw new Unmodelled('logout (being written)');
}
