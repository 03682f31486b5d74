import type { SqlFault } from '../model/sql/state.ts';
import type { TdsOutcome, TdsPart, TdsValue } from '../tds/handler-contract.ts';
import { parseBatch } from './batch.ts';
import type { Change, ContentFile } from './content-file.ts';
import { ContentProblem, toProblem } from './problem.ts';
import { type Run, runStatements } from './run.ts';
import type { ContentStore } from './store.ts';

/** In whose name a batch runs. */
export interface Caller {
  readonly sessionId: number;
  readonly database: string;
  readonly isReadOnly: boolean;
  readonly login: string;
  readonly user: string;
  readonly hostName: string;
  readonly programName: string;
  /** What the user may do besides reading; absent: everything. */
  readonly rights?: { readonly write: boolean; readonly schema: boolean };
}

/** Who runs a batch, and when; asked again after waiting, since the session may be gone or the database READ_ONLY. */
export type Look = () => { readonly caller: Caller; readonly now: number } | SqlFault;

export interface ContentEngine {
  /** Runs a batch; waits while another session's transaction holds the content for writing. Never rejects for what the batch does. */
  run(
    contentId: string,
    sessionId: number,
    look: Look,
    sql: string,
    parameters: Readonly<Record<string, TdsValue>>,
    signal?: AbortSignal,
  ): Promise<TdsOutcome>;
  /** The same without waiting, for a session that meets nobody (seeds, tests). */
  runNow(
    contentId: string,
    caller: Caller,
    sql: string,
    parameters: Readonly<Record<string, TdsValue>>,
    now: number,
  ): TdsOutcome;
  /** Rolls back what the session has open and forgets its temporary tables. */
  end(sessionId: number): void;
  close(): void;
}

/** What a session has in a content beyond one batch. */
export interface ContentSession {
  readonly contentId: string;
  /** A connection of its own, once it needed one: for a transaction, or for temporary tables. */
  own: ContentFile | undefined;
  hasTemporary: boolean;
  /** `@@TRANCOUNT`. */
  depth: number;
  /** SQLite's transaction has begun: with the first write, so that others wait as short as possible. */
  isWriting: boolean;
  /** Changes of the transaction, logged when it commits. */
  changes: Change[];
}

/** How long a statement waits for another session's transaction, in real milliseconds. */
const LOCK_TIMEOUT = 30_000;

/** Runs T-SQL on the contents of a store. */
export function contentEngine(store: ContentStore): ContentEngine {
  const sessions = new Map<number, ContentSession>();
  /** Which session's transaction writes to a content. */
  const writers = new Map<string, number>();
  let waiting: (() => void)[] = [];
  let batches = 0;

  const sessionOf = (sessionId: number, contentId: string): ContentSession => {
    let session = sessions.get(sessionId);
    if (session === undefined || session.contentId !== contentId) {
      session = { contentId, own: undefined, hasTemporary: false, depth: 0, isWriting: false, changes: [] };
      sessions.set(sessionId, session);
    }
    return session;
  };

  const release = (contentId: string, sessionId: number): void => {
    if (writers.get(contentId) !== sessionId) return;
    writers.delete(contentId);
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };

  const runNow: ContentEngine['runNow'] = (contentId, caller, sql, parameters, now) => {
    const session = sessionOf(caller.sessionId, contentId);
    const parts: TdsPart[] = [];
    let run: Run | undefined;
    try {
      const statements = parseBatch(sql);
      batches += 1;
      run = {
        store,
        session,
        caller,
        now: Math.floor(now),
        parts,
        variables: lowerCased(parameters),
        isXactAbort: false,
        seed: `${caller.sessionId}/${batches}/${now}`,
      };
      runStatements(run, statements);
    } catch (error) {
      parts.push(toProblem(error, caller.database).fault);
    }
    if (session.isWriting) writers.set(contentId, caller.sessionId);
    else release(contentId, caller.sessionId);
    return {
      parts,
      openTransactions: session.depth,
      ...(run === undefined ? {} : { outputs: run.variables, returnStatus: run.returnStatus ?? 0 }),
    };
  };

  return {
    runNow,
    async run(contentId, sessionId, look, sql, parameters, signal) {
      const started = Date.now();
      const depth = () => sessions.get(sessionId)?.depth ?? 0;
      while (isHeldByAnother(writers, contentId, sessionId) && writes(sql)) {
        const wait = LOCK_TIMEOUT - (Date.now() - started);
        if (wait <= 0 || signal?.aborted) {
          const fault = new ContentProblem(1222, 'Lock request time out period exceeded.').fault;
          return { parts: [fault], openTransactions: depth() };
        }
        await waitForRelease(waiting, wait, signal);
      }
      const seen = look();
      if ('kind' in seen) return { parts: [seen], openTransactions: depth() };
      return runNow(contentId, seen.caller, sql, parameters, seen.now);
    },
    end(sessionId) {
      const session = sessions.get(sessionId);
      if (session === undefined) return;
      sessions.delete(sessionId);
      session.own?.close();
      release(session.contentId, sessionId);
    },
    close() {
      for (const session of sessions.values()) session.own?.close();
      sessions.clear();
      store.close();
    },
  };
}

function isHeldByAnother(writers: ReadonlyMap<string, number>, contentId: string, sessionId: number): boolean {
  const writer = writers.get(contentId);
  return writer !== undefined && writer !== sessionId;
}

function waitForRelease(waiting: (() => void)[], timeout: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, timeout);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done, { once: true });
    waiting.push(done);
  });
}

const WRITING = /\b(INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|TRUNCATE|EXEC|EXECUTE|INTO)\b/i;

/** Whether a batch may write: by its words, which errs on the safe side. */
function writes(sql: string): boolean {
  return WRITING.test(sql);
}

function lowerCased(parameters: Readonly<Record<string, TdsValue>>): Record<string, TdsValue> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name.replace(/^@/, '').toLowerCase(), value]),
  );
}
