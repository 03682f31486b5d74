/**
 * The three ports through which the action touches the world, and the one command it runs.
 * Production code passes the real ones; tests and the exhaustive sweep pass the simulator's model in virtual time.
 */

/** A file on the runner's disk as the body of a request: sent as it is read, whatever its size. */
export interface FileBody {
  /** Absolute path. */
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  /** Of the whole file, in hex: its end is only sent when what was read until then is what was looked at before. */
  readonly sha256: string;
}

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | FileBody;
  /** Path of a file that takes the body of a 2xx answer; the answer's own is empty then. */
  readonly into?: string | undefined;
  /** Told now and then how many bytes of a file have gone or come. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  /** How long to wait for the whole answer, in milliseconds; real ones, whatever the clock's rate. */
  readonly timeoutMs?: number;
  /** A longer answer is none, so that nobody can fill the memory of the runner. Undefined: 64 MiB. */
  readonly mostBytes?: number | undefined;
  /** Connects to the internet only: refuses a name that leads to this machine, to a private network or to cloud metadata. Reads no body. */
  readonly publicOnly?: true;
  /** Reads no more of the answer's body, and no longer after its headers came: a body may never end. Undefined: all of it. */
  readonly readAtMost?: { readonly bytes: number; readonly ms: number };
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** There is more of the body than {@link HttpRequest.readAtMost} lets in. */
  readonly isCut?: true;
}

/** Sends exactly one HTTP request: no retry, no redirect followed. Rejects when no answer came. */
export type Send = (request: HttpRequest, signal?: AbortSignal) => Promise<HttpResponse>;

export interface Clock {
  /** Milliseconds since the epoch by the runner's clock. Good for durations; Azure's own clock decides about instants. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export type SqlValue = string | number | bigint | boolean | Date | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

export interface SqlTarget {
  /** Host name of the server, such as `shop.database.windows.net`. */
  readonly host: string;
  readonly port?: number;
  readonly database: string;
  readonly login:
    | { readonly kind: 'token'; readonly token: string }
    | { readonly kind: 'password'; readonly user: string; readonly password: string };
  /** TDS 8, the only way in which the driver speaks TLS 1.3. Left out: TDS 7 with TLS 1.2, which every server takes that does not ask for more. */
  readonly encrypt?: 'strict';
  /** Shows as `program_name` in sys.dm_exec_sessions; ours are known by it. */
  readonly programName: string;
}

/** Why no connection came about, where it would not come about later either. */
export type NoConnection = 'no-such-host' | 'certificate' | 'tls';

/** An SQL Server error as the server sent it. */
export class SqlError extends Error {
  /** The server's message number, such as 3906 or 40615; 0 when the connection itself failed. Of several, the one that names the cause. */
  readonly number: number;
  /** Every number of the answer, that one first: 4060 comes with 18456, 5070 with 5069. */
  readonly numbers: readonly number[];
  /** Undefined for everything that waiting may help. */
  readonly noConnection: NoConnection | undefined;
  constructor(
    numbers: number | readonly number[],
    message: string,
    options: ErrorOptions & { noConnection?: NoConnection | undefined } = {},
  ) {
    super(message, options);
    this.name = 'SqlError';
    const [first = 0, ...others] = [numbers].flat();
    this.number = first;
    this.numbers = [first, ...others];
    this.noConnection = options.noConnection;
  }
}

/** True when it is an error of SQL Server whose answer carries one of these numbers. */
export function hasNumber(error: unknown, ...numbers: readonly number[]): boolean {
  return error instanceof SqlError && error.numbers.some((number) => numbers.includes(number));
}

export interface SqlConnection {
  /** Runs one statement in autocommit; `parameters` are sent typed, as `@name`. Rejects with {@link SqlError}. */
  query(statement: string, parameters?: Readonly<Record<string, SqlValue>>): Promise<readonly SqlRow[]>;
  close(): Promise<void>;
}

export interface Sql {
  /** Opens one connection of its own (no pool). Rejects with {@link SqlError}. */
  connect(target: SqlTarget): Promise<SqlConnection>;
}

export interface CommandResult {
  readonly exitCode: number;
}

/** Runs the user's command in the workspace and ends its whole process group when `signal` aborts. */
export type RunCommand = (
  command: string,
  environment: Readonly<Record<string, string>>,
  signal?: AbortSignal,
) => Promise<CommandResult>;

/** Sentences for people. `secret` masks a value in everything that is written afterwards. */
export interface Log {
  info(sentence: string): void;
  warning(sentence: string): void;
  debug(sentence: string): void;
  group<T>(title: string, body: () => Promise<T>): Promise<T>;
  secret(value: string): void;
}

export interface Ports {
  readonly send: Send;
  readonly sql: Sql;
  readonly clock: Clock;
  readonly run: RunCommand;
  readonly log: Log;
}
