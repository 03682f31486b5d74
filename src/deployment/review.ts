import type { BlobReview } from './blob-changes.ts';
import type { Gap } from './gap.ts';
import type { SchemaDifference } from './schema-difference.ts';

/** What a reviewer decides by, beside the checks: production as it is now and the candidate, side by side. */
export interface Review {
  /** What visitors would get in the place of what. */
  readonly builds: { readonly live: string | undefined; readonly candidate: string | undefined };
  /** Who began the deployment, and in which run (`owner/repository/run id/attempt`). */
  readonly begun: { readonly by: string; readonly run: string };
  readonly pages: readonly PagePair[];
  /** How many more there are, for which there was no room or no time. */
  readonly leftOut: number;
  /** Host names of the site at which nobody answered this runner. */
  readonly silentHosts: readonly string[];
  readonly databases: readonly DatabaseReview[];
  readonly settings: readonly SettingDifference[];
  /** Undefined when nobody could tell. */
  readonly gap?: Gap | undefined;
  /** Where input `storage-account` names where they lie. */
  readonly blobs?: BlobReview | undefined;
}

export interface PagePair {
  /** The name under which visitors find it. */
  readonly host: string;
  readonly path: string;
  readonly production: PageSeen;
  readonly candidate: PageSeen;
}

/** One answer as a visitor gets it. */
export interface PageSeen {
  /** Where a reviewer looks at it. */
  readonly url: string;
  /** Undefined when no answer came. */
  readonly status: number | undefined;
  readonly ms: number;
  readonly bytes: number;
  /** Of an HTML page; '' when it has none. */
  readonly title: string;
}

export interface DatabaseReview {
  readonly name: string;
  /** Schema version in the copy and now; undefined where nobody can tell. */
  readonly versionBefore: string | undefined;
  readonly versionNow: string | undefined;
  /** Undefined when nobody could ask. */
  readonly differences: readonly SchemaDifference[] | undefined;
}

export interface SettingDifference {
  /** An app setting, or a connection string by `connection-string:NAME`. */
  readonly name: string;
  readonly what: 'added' | 'removed' | 'changed';
}

/** The same answer for visitors: sizes and times may differ, as pages are never the same twice. */
export function isAlike({ production, candidate }: PagePair): boolean {
  return production.status === candidate.status && production.title === candidate.title;
}

/** What production answers well, and the candidate does not. */
export function newlyFails({ production, candidate }: PagePair): boolean {
  return isWell(production) && !isWell(candidate);
}

function isWell({ status }: PageSeen): boolean {
  return status !== undefined && status < 400;
}
