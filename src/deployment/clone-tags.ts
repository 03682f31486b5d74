import { inKey, isDatabaseKey } from '../settings/database-key.ts';
import { isDatabaseName, isDeploymentId } from '../settings/names.ts';
import { type ContentMark, contentMark } from './content-mark.ts';
import { NONE } from './our-tags.ts';
import { isAppOfGroup, recordTagNames, type TagLists } from './record-tags.ts';
import { count, type Fields, instant, name, nameOf, type Parsed, readTags, type Tags, writeTags } from './tag-forms.ts';

/** What each clone carries about itself, beside the record on the first one. Its names are those of its own server. */
export interface CloneTags {
  readonly deploymentId: string;
  readonly source: string;
  readonly sourceId: string;
  readonly requestedAt: string;
  readonly completedAt?: string | undefined;
  /** What it held then; undefined where nobody could ask. */
  readonly content?: ContentMark | undefined;
  /** The database that took the original's place, and the rollback attempt that restored it. */
  readonly successorId?: string | undefined;
  readonly successorOf?: number | undefined;
  /** On clones of other servers than that of the record: whose it is, and `<server>/<database>` that has the record. */
  readonly app?: string | undefined;
  readonly recordOn?: string | undefined;
}

export function cloneTags(clone: Partial<CloneTags>): Record<string, string> {
  return writeTags(FIELDS, clone);
}

/** What a clone says of itself; undefined when it says nothing. */
export function parseCloneTags(tags: Tags): Parsed<CloneTags> | undefined {
  const isTold = [FIELDS.deploymentId, FIELDS.sourceId].every(([tag]) => tags[tag] && tags[tag] !== NONE);
  return isTold ? readTags(FIELDS, ['deploymentId', 'source', 'sourceId', 'requestedAt'], tags) : undefined;
}

/** How many tags of ours one database may come to have, all fields of the record set. */
export function ourTagCount(databases: readonly string[], lists: TagLists): number {
  // A clone that has the record does not say where it is.
  const { recordOn: _, ...own } = FIELDS;
  return new Set([...recordTagNames(databases, lists), ...Object.values(own).map(([tag]) => tag)]).size;
}

/** The tag that says on which server the record lies. */
export const RECORD_ON = 'zdd-record-on';

const FIELDS: Fields<CloneTags> = {
  deploymentId: ['zdd-deployment', nameOf('the id of a deployment', isDeploymentId)],
  source: ['zdd-source', nameOf('the name of a database', isDatabaseName)],
  sourceId: ['zdd-source-id', name],
  requestedAt: ['zdd-copy-requested-at', instant],
  completedAt: ['zdd-copy-completed-at', instant],
  content: ['zdd-content', contentMark],
  successorId: ['zdd-successor-id', name],
  successorOf: ['zdd-successor-of', count],
  app: ['zdd-app', nameOf('a resource group and an app, / between', isAppOfGroup)],
  recordOn: [
    RECORD_ON,
    nameOf('a server and a database, / between', (text) => isDatabaseKey(text) && inKey(text).server !== undefined),
  ],
};
