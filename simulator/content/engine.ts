import type { SqlFault } from '../model/sql/state.ts';
import type { TdsOutcome, TdsParameter, TdsPart, TdsValue } from '../tds/handler-contract.ts';
import type { Caller } from './env.ts';
import { ContentProblem } from './problem.ts';
import { fromTds, toTds } from './run/boundary.ts';
import { callFunction, runText } from './run/run.ts';
import { newRunner, newScope } from './run/runner.ts';
import { type ContentSession, newSession } from './session.ts';
import type { ContentStore } from './store.ts';
import type { SqlType } from './values/sql-type.ts';

/** Who runs a batch, and when; asked again after waiting, since the session may be gone or the database READ_ONLY. */
export type Look = () => { readonly caller: Caller; readonly now: number } | SqlFault;

/** Parameters by name; `undefined` for a batch, whose SET options outlive it. */
export type Parameters = Readonly<Record<string, TdsValue | TdsParameter>> | undefined;

export interface ContentEngine {
  /** Runs a batch; waits while another session's transaction holds the content for writing. Never rejects for what the batch does. */
  run(
    contentId: string,
    sessionId: number,
    look: Look,
    sql: string,
    parameters: Parameters,
    signal?: AbortSignal,
  ): Promise<TdsOutcome>;
  /** The same without waiting, for a session that meets nobody (seeds, tests). */
  runNow(contentId: string, caller: Caller, sql: string, parameters: Parameters, now: number): TdsOutcome;
  /** Rolls back what the session has open and forgets its temporary tables. */
  end(sessionId: number): void;
  close(): void;
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
      session = newSession(contentId);
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
    const { sessionId } = caller;
    const session = sessionOf(sessionId, contentId);
    const parts: TdsPart[] = [];
    batches += 1;
    const requireLock = () => {
      if (isHeldByAnother(writers, contentId, sessionId)) throw lockTimeout();
    };
    const runner = newRunner({
      store,
      session,
      caller,
      now: Math.floor(now),
      seed: `${sessionId}/${batches}/${now}`,
      requireLock,
      parts,
      callFunction,
    });
    const types = new Map<string, SqlType>();
    for (const [name, given] of Object.entries(parameters ?? {})) {
      const { type, value } = fromTds(given);
      const plain = name.replace(/^@/, '').toLowerCase();
      types.set(plain, type);
      runner.env.variables[plain] = value;
    }
    runner.scope = newScope(0, types);
    const { options } = session;
    runText(runner, sql, parameters !== undefined);
    if (parameters !== undefined) session.options = options;
    if (session.working !== undefined) writers.set(contentId, sessionId);
    else release(contentId, sessionId);
    const outputs = Object.fromEntries(
      [...types].map(([name, type]) => [name, toTds(runner.env.variables[name] ?? null, type)]),
    );
    return { parts, openTransactions: session.depth, outputs, returnStatus: runner.returnStatus };
  };

  return {
    runNow,
    async run(contentId, sessionId, look, sql, parameters, signal) {
      const started = Date.now();
      const depth = () => sessions.get(sessionId)?.depth ?? 0;
      while (isHeldByAnother(writers, contentId, sessionId) && writes(sql)) {
        const wait = LOCK_TIMEOUT - (Date.now() - started);
        if (wait <= 0 || signal?.aborted) return { parts: [lockTimeout().fault], openTransactions: depth() };
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
      release(session.contentId, sessionId);
    },
    close: () => sessions.clear(),
  };
}

function lockTimeout(): ContentProblem {
  return new ContentProblem(1222, 'Lock request time out period exceeded.');
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

const WRITING = /\b(INSERT|UPDATE|DELETE|MERGE|CREATE|ALTER|DROP|TRUNCATE|EXEC|EXECUTE|INTO|NEXT\s+VALUE)\b/i;

/** Whether a batch may write: by its words, which errs on the safe side. */
function writes(sql: string): boolean {
  return WRITING.test(sql);
}
