import { silentLog } from '../../simulator/in-process/silent-log.ts';
import { virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import type { Context } from '../../src/context/context.ts';
import { earlyAnswers } from '../../src/context/early-answers.ts';
import { eyesOf } from '../../src/context/eyes.ts';
import type { Scene } from '../../src/context/scene.ts';
import type { Observed } from '../../src/deployment/observed.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import type { Ports, SqlConnection, SqlRow } from '../../src/ports.ts';
import { CLONE, connectionTo, database, ID, NOW, observed, settings, slot } from '../phases/observed.ts';

/** Who is in a database, as SQL Server tells of it. */
export interface Visitor {
  readonly id?: number;
  readonly program?: string;
  readonly host?: string;
  readonly pid?: number;
  readonly lastRequestAt?: Date;
}

/** How a site answers a request: a status, or a status with a text; undefined: not at all. */
export type Site = (
  url: URL,
  second: number,
  method: string,
) =>
  | number
  | { readonly status: number; readonly text?: string; readonly headers?: Record<string, string> }
  | undefined;

interface SketchOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly site?: Site;
  /** Who is where, by database, at that second. */
  readonly inside?: (name: string, second: number) => readonly Visitor[];
  /** How often tables were used; undefined: nobody may see it. */
  readonly uses?: (name: string, second: number) => number | undefined;
  /** Whether a second connection of ours is seen in the database. */
  readonly sees?: (name: string) => boolean;
  /** Answers to all other statements. */
  readonly answers?: (name: string, statement: string, second: number) => readonly SqlRow[];
  readonly ports?: Partial<Ports>;
  /** How long a statement takes. */
  readonly statementMs?: number;
}

/**
 * A run without Azure: who is in which database and how a site answers is said by the test, second by second, in virtual time. For what
 * decides by sessions and answers alone.
 */
export function sketch(options: SketchOptions = {}) {
  const clock = virtualClock(0);
  const second = () => clock.now() / 1000;
  const warnings: string[] = [];
  const infos: string[] = [];
  const asked: string[] = [];
  const entered: string[] = [];
  const cancelled = new AbortController();
  const log = {
    ...silentLog,
    warning: (text: string) => void warnings.push(text),
    info: (text: string) => void infos.push(text),
  };
  const ports = {
    clock,
    log,
    async send({ url, method }: { url: string; method: string }) {
      const at = new URL(url);
      asked.push(`${method} ${at.host}${at.pathname}${at.search}`);
      await clock.sleep(10);
      const answer = (options.site ?? (() => 200))(at, second(), method);
      if (answer === undefined) throw new Error('no route');
      const { status, text = '', headers = {} } = typeof answer === 'number' ? { status: answer } : answer;
      return { status, headers, body: new TextEncoder().encode(text) };
    },
    ...options.ports,
  } as Ports;
  const connectionTo_ = (name: string): SqlConnection => ({
    async query(statement) {
      await clock.sleep(options.statementMs ?? 5);
      if (/@@SPID AS/.test(statement)) return [{ session_id: OURS }];
      if (/workload_groups/.test(statement)) return [];
      if (/SELECT session_id FROM/.test(statement))
        return (options.sees ?? (() => true))(name) ? [{ session_id: OURS }] : [];
      if (/dm_exec_sessions/.test(statement)) return (options.inside ?? (() => []))(name, second()).map(rowOf);
      if (/user_seeks/.test(statement)) return usesOf(options.uses?.(name, second()));
      return options.answers?.(name, statement, second()) ?? [];
    },
    close: async () => undefined,
  });
  const use = async <T>(name: string, work: (connection: SqlConnection) => Promise<T>) => {
    entered.push(name);
    return work(connectionTo_(name));
  };
  const databases = {
    use,
    read: use,
    look: async <T>(name: string, work: (connection: SqlConnection) => Promise<T>) => work(connectionTo_(name)),
    async open(name: string) {
      return connectionTo_(name);
    },
  };
  const known = settings({ phase: 'switch', ...options.inputs });
  const context = {
    settings: known,
    ports,
    databases,
    eyes: eyesOf(ports, known, cancelled.signal),
    early: earlyAnswers(ports, known, cancelled.signal),
    lease: { prove: async () => undefined, heldIn: () => undefined },
    signal: cancelled.signal,
  } as unknown as Context;
  return {
    clock,
    warnings,
    infos,
    /** Requests to sites. */
    asked,
    /** Databases, each time that somebody looked into one. */
    entered,
    cancelled,
    context,
    scene: (differences: Partial<Observed> = {}): Scene => ({
      context,
      settings: known,
      observed: observed({ databases: [PAIR], ...differences }),
    }),
  };
}

const OURS = 99;

/** The original and its clone. */
export const PAIR: Observed['databases'][number] = pairOf('shop', CLONE);

export function pairOf(name: string, clone: string): Observed['databases'][number] {
  const original = database(name);
  return {
    name,
    sourceId: original.databaseId,
    successorId: undefined,
    successorOf: undefined,
    original,
    source: original,
    underName: original,
    clone: database(clone),
    cloneTags: undefined,
    restored: null,
    prepared: null,
    setAside: [],
  };
}

/** A deployment whose copies are there, and nothing more. */
export function recordOf(differences: Partial<DeploymentRecord> = {}): DeploymentRecord {
  return {
    deploymentId: ID,
    app: 'shop-rg/shop',
    run: 'contoso/shop/7001/1',
    actor: 'ann',
    lock: 'held',
    mode: 'read-only',
    databases: ['shop'],
    readonlySlot: 'zdd-readonly',
    stagingSlot: 'zdd-staging',
    profile: 'custom',
    requestedAt: NOW,
    cloned: NOW,
    swaps: 0,
    settledSwaps: 0,
    attempt: 0,
    ...differences,
  };
}

/** Production that leads to no database that anybody could understand. */
export const LEADS_NOWHERE = { production: slot('production', { connectionStrings: connectionTo() }) };

function rowOf({ id = 51, program = 'shop', host = 'web1', pid = 700, lastRequestAt }: Visitor): SqlRow {
  return {
    session_id: id,
    program_name: program,
    host_name: host,
    host_process_id: pid,
    login_name: 'app',
    status: 'sleeping',
    last_request_start_time: lastRequestAt ?? new Date(0),
    group_id: 2,
    writes: 0,
    open_transaction_count: 0,
  };
}

function usesOf(uses: number | undefined): readonly SqlRow[] {
  return uses === undefined ? [] : [{ user_seeks: uses, user_scans: 0, user_lookups: 0 }];
}
