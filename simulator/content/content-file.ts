import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { createCatalog } from './catalog.ts';
import { type FunctionContext, registerFunctions } from './functions.ts';

/** One connection to a content's file, with the functions, the catalog and its prepared statements. */
export interface ContentFile {
  readonly db: DatabaseSync;
  readonly context: FunctionContext;
  prepare(sql: string): StatementSync;
  /** After a change of schema: prepared statements show their old columns. */
  forget(): void;
  close(): void;
}

/** A change in the log of a content: a statement that ran, in the order of commits. */
export interface Change {
  /** When it was committed. */
  readonly at: number;
  /** What its functions took for the time. */
  readonly now: number;
  readonly sql: string;
  readonly parameters: Readonly<Record<string, null | number | bigint | string | Uint8Array>>;
  readonly seed: string;
}

/** Opens a content's file, and makes it when there is none. */
export function openContentFile(path: string): ContentFile {
  const db = new DatabaseSync(path);
  const context: FunctionContext = {
    now: 0,
    seed: '',
    calls: 0,
    database: '',
    login: '',
    user: '',
    hostName: '',
    programName: '',
    globals: {},
  };
  registerFunctions(db, context);
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON; PRAGMA legacy_alter_table = ON; PRAGMA case_sensitive_like = OFF',
  );
  db.exec(`CREATE TABLE IF NOT EXISTS _changes (number INTEGER PRIMARY KEY, at INTEGER NOT NULL, now INTEGER NOT NULL, sql TEXT NOT NULL, parameters TEXT NOT NULL, seed TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS _procedures (name TEXT PRIMARY KEY COLLATE NOCASE, source TEXT NOT NULL)`);
  createCatalog(db);
  const prepared = new Map<string, StatementSync>();
  return {
    db,
    context,
    prepare(sql) {
      let statement = prepared.get(sql);
      if (statement === undefined) {
        statement = db.prepare(sql);
        statement.setAllowUnknownNamedParameters(true);
        statement.setReturnArrays(true);
        if (prepared.size > 500) prepared.clear();
        prepared.set(sql, statement);
      }
      return statement;
    },
    forget: () => prepared.clear(),
    close: () => db.close(),
  };
}

const INSERT_CHANGE =
  'INSERT INTO _changes (at, now, sql, parameters, seed) VALUES (@at, @now, @sql, @parameters, @seed)';

/** Writes changes to the log; in the transaction that makes them. */
export function logChanges(file: ContentFile, changes: readonly Change[], at: number): void {
  const insert = file.prepare(INSERT_CHANGE);
  for (const change of changes) {
    insert.run({
      at,
      now: change.now,
      sql: change.sql,
      parameters: JSON.stringify(change.parameters, encode),
      seed: change.seed,
    });
  }
}

/** The log of a content up to an instant, in order. */
export function changesUntil(file: ContentFile, at: number): Change[] {
  const rows = file
    .prepare('SELECT at, now, sql, parameters, seed FROM _changes WHERE at <= @at ORDER BY number')
    .all({ at }) as unknown as [number, number, string, string, string][];
  return rows.map(([committed, now, sql, parameters, seed]) => ({
    at: committed,
    now,
    sql,
    parameters: JSON.parse(parameters, decode),
    seed,
  }));
}

/** Runs changes of another content's log, without logging them. */
export function replay(file: ContentFile, changes: readonly Change[]): void {
  file.db.exec('PRAGMA foreign_keys = OFF; BEGIN');
  for (const change of changes) {
    file.context.now = change.now;
    file.context.seed = change.seed;
    file.context.calls = 0;
    const statement = file.prepare(change.sql);
    if (/^\s*(CREATE|ALTER|DROP)/i.test(change.sql)) {
      statement.run(change.parameters);
      file.forget();
    } else statement.all(change.parameters);
  }
  file.db.exec('COMMIT; PRAGMA foreign_keys = ON');
}

function encode(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { bigint: String(value) };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
  // A Buffer turns itself into this before it gets here.
  if (typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer' && 'data' in value) {
    return { bytes: Buffer.from(value.data as number[]).toString('base64') };
  }
  return value;
}

function decode(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('bigint' in value) return BigInt(String(value.bigint));
  if ('bytes' in value) return new Uint8Array(Buffer.from(String(value.bytes), 'base64'));
  return value;
}
