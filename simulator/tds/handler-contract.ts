import type { SqlValue } from '../../src/ports.ts';
import type { SqlFault } from '../model/sql/state.ts';

export type TdsValue = SqlValue | Uint8Array;

export type TdsType =
  | 'bit'
  | 'tinyint'
  | 'smallint'
  | 'int'
  | 'bigint'
  | 'real'
  | 'float'
  | 'decimal'
  | 'numeric'
  | 'money'
  | 'smallmoney'
  | 'char'
  | 'varchar'
  | 'nchar'
  | 'nvarchar'
  | 'binary'
  | 'varbinary'
  | 'date'
  | 'time'
  | 'datetime'
  | 'smalldatetime'
  | 'datetime2'
  | 'datetimeoffset'
  | 'uniqueidentifier';

export interface TdsColumn {
  readonly name: string;
  readonly type: TdsType;
  /** Characters or bytes of text and binary; -1 is max; absent: as long as the values need. */
  readonly length?: number;
  /** Of `decimal`. */
  readonly precision?: number;
  /** Of `decimal`, and decimals of a second. */
  readonly scale?: number;
}

/** A parameter with the type that the client gave it. Exact numbers, dates and times are text. */
export interface TdsParameter {
  readonly type: TdsColumn;
  readonly value: TdsValue;
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
    /** `undefined` for a batch, whose SET options stay; a call's end with it. */
    parameters: Readonly<Record<string, TdsParameter>> | undefined,
    signal: AbortSignal,
  ): Promise<TdsOutcome>;
  /** Back to the state right after login: transaction rolled back, temporary tables and locks gone. */
  reset(sessionId: number): void;
  logout(sessionId: number): void;
}
