import type { SqlValue } from '../../src/ports.ts';
import type { SqlFault } from '../model/sql/state.ts';

export type TdsValue = SqlValue | Uint8Array;

export interface TdsColumn {
  readonly name: string;
  readonly type:
    | 'int'
    | 'bigint'
    | 'bit'
    | 'float'
    | 'nvarchar'
    | 'datetime2'
    | 'date'
    | 'uniqueidentifier'
    | 'varbinary'
    | 'decimal';
  /** For `decimal`. */
  readonly precision?: number;
  readonly scale?: number;
}

export interface TdsLogin {
  /** As the client names the server. */
  readonly host: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly token: string | undefined;
  readonly hostName: string;
  readonly programName: string;
  readonly hostProcessId: number;
  /** What the connection speaks. */
  readonly tls: '1.2' | '1.3';
  /** The peer's address, without `::ffff:`. */
  readonly remoteAddress: string;
}

/** What a statement of a batch gave, in order. A fault ends the batch. */
export type TdsPart =
  | { readonly kind: 'rows'; readonly columns: readonly TdsColumn[]; readonly rows: readonly (readonly TdsValue[])[] }
  | { readonly kind: 'count'; readonly count: number | undefined }
  | { readonly kind: 'message'; readonly text: string }
  | SqlFault;

export interface TdsOutcome {
  readonly parts: readonly TdsPart[];
  /** Values that parameters have at the end, by lower-case name without `@`; asked for OUTPUT parameters. */
  readonly outputs?: Readonly<Record<string, TdsValue>>;
  readonly returnStatus?: number;
  /** Open transactions of the session after the batch. */
  readonly openTransactions: number;
}

/** Who answers the clients of a TDS listener. */
export interface TdsHandler {
  login(
    request: TdsLogin,
  ): Promise<
    | { readonly kind: 'session'; readonly sessionId: number; readonly database: string; readonly server: string }
    | SqlFault
  >;
  /** `signal` aborts when the client gives up waiting. */
  statement(
    sessionId: number,
    sql: string,
    parameters: Readonly<Record<string, TdsValue>>,
    signal: AbortSignal,
  ): Promise<TdsOutcome>;
  /** Back to the state right after login: transaction rolled back, temporary tables and locks gone. */
  reset(sessionId: number): void;
  logout(sessionId: number): void;
}
