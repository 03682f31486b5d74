import type { Mode, ProfileName } from '../settings.ts';

/**
 * What must survive the runner. It lives in tags on the clone of the alphabetically first database,
 * mirrored on the first original from `switch` to `cleanup`. There is no other store.
 */
export interface DeploymentRecord {
  readonly deploymentId: string;
  /** `<resource group>/<app>`, lower case. */
  readonly app: string;
  /** `<owner>/<repository>/<run id>/<attempt>` of the workflow run that opened the deployment. */
  readonly run: string;
  readonly actor: string;
  readonly lock: 'claim' | 'held';
  readonly mode: Mode;
  /** Names of the original databases at `clone`, in alphabetical order. */
  readonly databases: readonly string[];
  readonly readonlySlot: string;
  readonly stagingSlot: string;
  readonly profile: ProfileName;
  readonly requestedAt: string;
  /** The copies are online, READ_ONLY where the mode asks, and the lock was written after it. */
  readonly cloned?: string | undefined;
  /** The read-only copy was proven in the readonly slot. */
  readonly readOnlyReady?: string | undefined;
  /** `<database>=<instant>` latest of all, UTC, 7 decimals; written once. */
  readonly rollbackPoint?: string | undefined;
  readonly intent?: SwapIntent | undefined;
  /** How many swap intents there have been. */
  readonly swaps: number;
  /** Number of the last intent whose outcome was found out: a write of it that Azure admits later opens nothing again. */
  readonly settledSwaps: number;
  readonly windowOpenedAt?: string | undefined;
  readonly windowClosedAt?: string | undefined;
  /** The attempt that deploy or rollback last began. */
  readonly attempt: number;
  /** What the attempt is made of; another fingerprint is another attempt. */
  readonly fingerprint?: string | undefined;
  readonly deployBegun?: string | undefined;
  /** The attempt for which migrate-command succeeded. */
  readonly migrated?: number | undefined;
  readonly candidate?: Candidate | undefined;
  readonly rollbackUnderWay?: RollbackUnderWay | undefined;
  /** WebJobs that `switch` stopped through SCM and `rollback` starts again; empty when there were none. */
  readonly stoppedJobs?: readonly string[] | undefined;
  /** Who went on writing to the originals when input allow-other-writers let `switch` go on. */
  readonly otherWriters?: string | undefined;
  readonly visitorsOnOriginalSince?: string | undefined;
  readonly verdict?: Verdict | undefined;
  readonly completedAt?: string | undefined;
}

/** Why visitors are moved. Markers alone do not tell a switch that is undone after a rollback from a completion. */
export type SwapPurpose =
  /** The live build makes room for the read-only copy. */
  | 'switch'
  /** The read-only copy turned ill before anything was changed: the live build takes over again. */
  | 'undo'
  /** The candidate takes over. */
  | 'complete'
  /** From a candidate back to the read-only copy. */
  | 'return';

export interface SwapIntent {
  readonly number: number;
  readonly purpose: SwapPurpose;
  /** The slot that the POST names as its source. */
  readonly source: string;
  readonly sourceMarker: string;
  readonly productionMarker: string;
  /** `timestampUtc` of production's slotSwapStatus before the swap; empty when it never was swapped. */
  readonly swapStatusBefore: string;
  /** Azure's clock when the intent was written. */
  readonly at: string;
}

export interface Candidate {
  readonly role: 'new' | 'live';
  readonly attempt: number;
  readonly slot: string;
}

export interface RollbackUnderWay {
  readonly scope: 'code' | 'code-and-database';
  readonly attempt: number;
  /** Databases are being restored and renamed: nothing but this very rollback may go on. */
  readonly databases: 'moving' | 'settled';
}

export interface Verdict {
  /** Of marker, settings, databases and schema version: the verdict holds for exactly this candidate. */
  readonly of: string;
  readonly result: 'passed' | 'failed' | 'overridden';
  readonly by: string;
}

type Tags = Readonly<Record<string, string>>;

/** Longest value of a tag that Azure takes. */
const TAG_LENGTH = 256;

const NONE = '-';

/** Tags of the record clone for the fields given; undefined values clear a field. */
export function recordTags(record: Partial<DeploymentRecord>): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const [field, codec] of Object.entries(CODECS) as [keyof DeploymentRecord, Codec][]) {
    if (!(field in record)) continue;
    const value = record[field];
    if (field === 'databases') Object.assign(tags, databaseTags(value as readonly string[]));
    else tags[codec.tag] = value === undefined ? NONE : codec.write(value);
  }
  return tags;
}

/** What must be merged into `tags` so that they say what the record says: fields that it does not have are cleared. */
export function lackingTags(record: Partial<DeploymentRecord>, tags: Tags): Record<string, string> {
  const wanted = recordTags(record);
  for (const [field, codec] of Object.entries(CODECS) as [keyof DeploymentRecord, Codec][]) {
    const present = tags[codec.tag];
    if (record[field] === undefined && present !== undefined && present !== NONE) wanted[codec.tag] = NONE;
  }
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => tags[name] !== value));
}

/** The record in a database's tags; undefined when it bears none. */
export function parseRecord(tags: Tags): DeploymentRecord | undefined {
  if (!tags['zdd-deployment'] || !tags['zdd-lock']) return undefined;
  const record: Record<string, unknown> = { swaps: 0, settledSwaps: 0, attempt: 0 };
  for (const [field, codec] of Object.entries(CODECS)) {
    const text = tags[codec.tag];
    if (text !== undefined && text !== NONE) record[field] = codec.read(text);
  }
  record.databases = parseDatabases(tags);
  return withoutSettledIntent(record as unknown as DeploymentRecord);
}

/** An intent that was settled already and shows again was written late, by a run that is dead. */
function withoutSettledIntent(record: DeploymentRecord): DeploymentRecord {
  const { intent, ...rest } = record;
  return intent === undefined || intent.number > record.settledSwaps ? record : rest;
}

/** All tags of ours on databases. */
export const OUR_TAG = /^zdd-/;

/** On a restored database: the instant whose content it holds, and the attempt of the rollback that asked for it. */
export const RESTORED_TO = 'zdd-restored-to';
export const RESTORED_FOR = 'zdd-restored-for';

/** True from the first swap on: then the record is mirrored on the first original, for the case that the clone is lost. */
export function isMirrored(record: Partial<DeploymentRecord>): boolean {
  return (record.swaps ?? 0) > 0 || record.rollbackPoint !== undefined;
}

interface Codec {
  readonly tag: string;
  write(value: unknown): string;
  read(text: string): unknown;
}

const text = (tag: string): Codec => ({ tag, write: String, read: (value) => value });
const number = (tag: string): Codec => ({ tag, write: String, read: Number });
const parts = (tag: string, names: readonly string[], numbers: readonly string[] = []): Codec => ({
  tag,
  write: (value) => names.map((name) => (value as Record<string, unknown>)[name] ?? '').join('|'),
  read: (value) => {
    const values = value.split('|');
    return Object.fromEntries(
      names.map((name, index) => [name, numbers.includes(name) ? Number(values[index]) : (values[index] ?? '')]),
    );
  },
});

const CODECS: Readonly<Record<keyof DeploymentRecord, Codec>> = {
  deploymentId: text('zdd-deployment'),
  app: text('zdd-app'),
  run: text('zdd-run'),
  actor: text('zdd-actor'),
  lock: text('zdd-lock'),
  mode: text('zdd-mode'),
  databases: text('zdd-databases'),
  readonlySlot: text('zdd-readonly-slot'),
  stagingSlot: text('zdd-staging-slot'),
  profile: text('zdd-profile'),
  requestedAt: text('zdd-requested-at'),
  cloned: text('zdd-cloned'),
  readOnlyReady: text('zdd-read-only-ready'),
  rollbackPoint: text('zdd-rollback-point'),
  intent: parts(
    'zdd-swap-intent',
    ['number', 'purpose', 'source', 'sourceMarker', 'productionMarker', 'swapStatusBefore', 'at'],
    ['number'],
  ),
  swaps: number('zdd-swaps'),
  settledSwaps: number('zdd-settled-swaps'),
  windowOpenedAt: text('zdd-window-opened-at'),
  windowClosedAt: text('zdd-window-closed-at'),
  attempt: number('zdd-attempt'),
  fingerprint: text('zdd-fingerprint'),
  deployBegun: text('zdd-deploy-begun'),
  migrated: number('zdd-migrated'),
  candidate: parts('zdd-candidate', ['role', 'attempt', 'slot'], ['attempt']),
  rollbackUnderWay: parts('zdd-rollback-under-way', ['scope', 'attempt', 'databases'], ['attempt']),
  stoppedJobs: {
    tag: 'zdd-stopped-jobs',
    write: (value) => (value as readonly string[]).join(':').slice(0, TAG_LENGTH),
    read: (value) => value.split(':').filter((name) => name !== ''),
  },
  otherWriters: text('zdd-other-writers'),
  visitorsOnOriginalSince: text('zdd-visitors-on-original-since'),
  verdict: parts('zdd-verdict', ['of', 'result', 'by']),
  completedAt: text('zdd-completed-at'),
};

/** Database names hold no `|`? They may; Azure forbids only `<>*%&:\/?` and control characters, so a colon parts them. */
function databaseTags(names: readonly string[]): Record<string, string> {
  const tags: Record<string, string> = {};
  let line = '';
  let index = 0;
  for (const name of names) {
    if (line !== '' && line.length + 1 + name.length > TAG_LENGTH) {
      tags[databasesTag(index++)] = line;
      line = '';
    }
    line = line === '' ? name : `${line}:${name}`;
  }
  tags[databasesTag(index)] = line;
  return tags;
}

function parseDatabases(tags: Tags): string[] {
  const names: string[] = [];
  for (let index = 0; tags[databasesTag(index)]; index++) names.push(...(tags[databasesTag(index)] ?? '').split(':'));
  return names;
}

function databasesTag(index: number): string {
  return index === 0 ? 'zdd-databases' : `zdd-databases-${index + 1}`;
}

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

export function parseCloneTags(tags: Tags): CloneTags | undefined {
  const clone = Object.fromEntries(
    Object.entries(CLONE_TAGS).flatMap(([field, tag]) => (tags[tag] && tags[tag] !== NONE ? [[field, tags[tag]]] : [])),
  );
  return clone.deploymentId && clone.sourceId ? (clone as unknown as CloneTags) : undefined;
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

/** How many tags of ours one database may come to bear, all fields of the record set. */
export function ourTagCount(databases: readonly string[]): number {
  const clone = Object.values(CLONE_TAGS).filter((tag) => tag !== CODECS.deploymentId.tag);
  return Object.keys(CODECS).length - 1 + Object.keys(databaseTags(databases)).length + clone.length;
}
