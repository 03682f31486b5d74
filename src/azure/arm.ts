import type { SqlManagementClient } from '@azure/arm-sql';
import type { TokenCredential } from '@azure/core-auth';
import type { Clock, FileBody, Log } from '../ports.ts';
import type { Cloud } from './cloud.ts';
import type { WebOperations } from './web-operations.ts';

/** How a request is repeated, what of its answers is understood, and how long is waited. */
export interface Manners {
  /** A verb phrase that ends the sentence "Could not …". */
  readonly what: string;
  /** Statuses other than 2xx that the caller understands. */
  readonly accept?: readonly number[];
  /** Longest wait for an answer. Default 100 s; some writes are synchronous for longer. */
  readonly timeoutMs?: number;
  /** The longest answer that is read. Default 64 MiB. */
  readonly mostBytes?: number;
  /** From when on nobody waits for it: it is not sent again, and rejects with the signal's reason. What is sent is not cut off. */
  readonly until?: AbortSignal | undefined;
}

/** A call of one operation of a management client. */
export interface AzureCall extends Manners {
  /** The resource; its subscription decides about the client. */
  readonly id: string;
  /** `read`: repeated on connection errors, 429 and 5xx. `write`: only on 429, which says that nothing was done. */
  readonly repeat: 'read' | 'write';
  /** The caller reads the answer as Azure sent it; the client, whose reading of a database takes longest of all, then does not. */
  readonly asSent?: true;
}

/** A plain request, for what the management clients' operations cannot do. */
export interface AzureRequest extends Manners {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** A path such as `/subscriptions/…/config/web`, or an absolute URL on the same host (an operation's). */
  readonly at: string;
  /** The SCM host of a site, as ARM names it; without it the host is the resource manager. */
  readonly scmHost?: string;
  readonly version?: string;
  /** Sent as JSON; bytes are sent as they are. */
  readonly body?: unknown;
  /** In the place of a body. */
  readonly file?: FileBody;
  /** Path of a file that takes the body of a 2xx answer. */
  readonly into?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** As {@link AzureCall.repeat}; default `read` for GET, otherwise `write`. `once`: never, whatever is answered; safety rule 2 asks it of a swap. */
  readonly repeat?: 'read' | 'write' | 'once';
}

export interface AzureAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** The body read as JSON, as Azure sent it; `undefined` when it is empty. Throws when it is something else. */
  json(): unknown;
}

/** An answer together with what the management client made of it. */
export interface ReadAnswer<T> extends AzureAnswer {
  /**
   * Without fields that the client does not know; instants are `Date`s, rounded to milliseconds: take `json` where text counts.
   * Throws after a call with {@link AzureCall.asSent}.
   */
  value(): T;
}

/** Speaks to Azure Resource Manager and to SCM sites with the signed-in identity. */
export interface Arm {
  readonly cloud: Cloud;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal | undefined;
  readonly credential: TokenCredential;
  /** Calls an operation of App Service's client. Rejects with a `Stop` that carries what Azure said, unless 2xx or accepted. */
  web<T>(call: AzureCall, operation: (client: WebOperations) => Promise<T>): Promise<ReadAnswer<T>>;
  /** The same with Azure SQL's client. */
  sql<T>(call: AzureCall, operation: (client: SqlManagementClient) => Promise<T>): Promise<ReadAnswer<T>>;
  /** Sends a plain request through the client's pipeline. Rejects as {@link Arm.web} does. */
  request(request: AzureRequest): Promise<AzureAnswer>;
  /** The newest `Date` of an answer, ms since the epoch: Azure's own clock, never ahead of it. `undefined` before the first answer. */
  azureTime(): number | undefined;
  /** An access token for `scope`, masked in the log before it is returned. */
  token(scope: string): Promise<string>;
}
