/**
 * What has happened to a world since it began, as far as invariants need it: kept by the harness from what it saw itself,
 * carried along from state to state. Plain data.
 */
export interface History {
  /** The originals as they were when the world began. */
  readonly originals: readonly Original[];
  /** Writes of visitors that were answered 201, and the content that took them. */
  accepted: AcceptedWrite[];
  /** Files that visitors sent and production kept, below wwwroot. */
  uploads: string[];
  /** Production's own properties of `config/web` when the world began. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What was in force when the world began and may be put off: auto-swap, and slot settings that are connection strings. */
  putOn?: readonly string[];
  /** The rollback point that was recorded last. */
  rollbackPoint?: string;
  /** When it was first recorded that deploy has begun. */
  deployBegunAt?: number;
  /** Since then a rollback has made the live build the candidate: it writes again. */
  liveBuildBackAt?: number;
  /** The candidate's settings when a verdict was first recorded, by verdict. */
  validated: Record<string, string>;
  /** The swap that was sent last: by which phase, and what it takes into production. */
  swapSent?: SentSwap;
  /** How often production's occupant has changed. */
  routeChanges: number;
  /** The other program of the world, where there is one. */
  regular?: RegularWriter;
  /** Every database that has had the name of an original, by its id. */
  namesakes: Record<string, string>;
  /** Numbers visitors' writes. */
  nextWrite: number;
  lastVisitAt: number;
}

/** Which database is which is decided by its id: on another server another one may have its name. */
export interface Original {
  /** The name of its server, and its own. */
  readonly server: string;
  readonly name: string;
  readonly databaseId: string;
  readonly contentId: string;
}

interface AcceptedWrite {
  readonly id: string;
  readonly at: number;
  readonly contentId: string;
}

interface SentSwap {
  readonly phase: string;
  readonly volumeId: string;
}

/** Another program on the same database, such as a scheduled job: it connects for a second every five minutes, and writes. */
export interface RegularWriter {
  /** When it comes, or goes, next. */
  at: number;
  sessionId?: number;
}
