import type { Database, TableData } from './data/database.ts';
import type { Table } from './data/schema.ts';
import type { Row } from './values/value.ts';

/** What a session holds in a content beyond one batch. */
export interface ContentSession {
  readonly contentId: string;
  /** `@@TRANCOUNT`. */
  depth: number;
  /** Its transaction can only be rolled back. */
  isDoomed: boolean;
  /** What the database holds for its transaction, from the first write on: then others wait. */
  working: Database | undefined;
  /** Its temporary tables by `#name`. */
  temporary: ReadonlyMap<string, Table>;
  temporaryData: ReadonlyMap<number, TableData>;
  /** What ROLLBACK brings back of the temporary tables. */
  beforeTransaction: Snapshot | undefined;
  readonly savepoints: Map<string, Snapshot>;
  options: Options;
  nextTemporaryId: number;
  readonly cursors: Map<string, Cursor>;
}

/** SET options. */
export interface Options {
  readonly isXactAbort: boolean;
  readonly isNoCount: boolean;
  readonly identityInsert: number | undefined;
  /** QUOTED_IDENTIFIER is OFF, as sqlcmd sets it: double quotes would be text. */
  readonly quotesAreText: boolean;
}

/** All that a rollback goes back to. */
export interface Snapshot {
  readonly working: Database | undefined;
  readonly temporary: ReadonlyMap<string, Table>;
  readonly temporaryData: ReadonlyMap<number, TableData>;
}

export interface Cursor {
  rows: readonly Row[] | undefined;
  place: number;
}

const DEFAULT_OPTIONS: Options = {
  isXactAbort: false,
  isNoCount: false,
  identityInsert: undefined,
  quotesAreText: false,
};

export function newSession(contentId: string): ContentSession {
  return {
    contentId,
    depth: 0,
    isDoomed: false,
    working: undefined,
    temporary: new Map(),
    temporaryData: new Map(),
    beforeTransaction: undefined,
    savepoints: new Map(),
    options: DEFAULT_OPTIONS,
    nextTemporaryId: -1,
    cursors: new Map(),
  };
}

export function snapshotOf(session: ContentSession): Snapshot {
  const { working, temporary, temporaryData } = session;
  return { working, temporary, temporaryData };
}
