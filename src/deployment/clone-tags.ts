import { NONE } from './our-tags.ts';
import { recordTagNames } from './record-tags.ts';

/** What each clone carries about itself, beside the record on the first one. */
export interface CloneTags {
  readonly deploymentId: string;
  readonly source: string;
  readonly sourceId: string;
  readonly requestedAt: string;
  readonly completedAt?: string | undefined;
  /** The database that took the original's place, and the rollback attempt that restored it. */
  readonly successorId?: string | undefined;
  readonly successorOf?: string | undefined;
}

export function cloneTags(clone: Partial<CloneTags>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(CLONE_TAGS).flatMap(([field, tag]) => {
      const value = clone[field as keyof CloneTags];
      return field in clone ? [[tag, value ?? NONE]] : [];
    }),
  );
}

export function parseCloneTags(tags: Readonly<Record<string, string>>): CloneTags | undefined {
  const clone = Object.fromEntries(
    Object.entries(CLONE_TAGS).flatMap(([field, tag]) => (tags[tag] && tags[tag] !== NONE ? [[field, tags[tag]]] : [])),
  );
  return clone.deploymentId && clone.sourceId ? (clone as unknown as CloneTags) : undefined;
}

/** How many tags of ours one database may come to bear, all fields of the record set. */
export function ourTagCount(databases: readonly string[]): number {
  return new Set([...recordTagNames(databases), ...Object.values(CLONE_TAGS)]).size;
}

const CLONE_TAGS: Readonly<Record<keyof CloneTags, string>> = {
  deploymentId: 'zdd-deployment',
  source: 'zdd-source',
  sourceId: 'zdd-source-id',
  requestedAt: 'zdd-copy-requested-at',
  completedAt: 'zdd-copy-completed-at',
  successorId: 'zdd-successor-id',
  successorOf: 'zdd-successor-of',
};
