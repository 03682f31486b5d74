import { NONE } from './our-tags.ts';
import type { DeploymentRecord } from './record.ts';
import { stoppedJobsIn, stoppedJobsText } from './stopped-jobs.ts';

type Tags = Readonly<Record<string, string>>;

/** Longest value of a tag that Azure takes. */
const TAG_LENGTH = 256;

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

/** Names of the tags of a record with all its fields set. */
export function recordTagNames(databases: readonly string[]): readonly string[] {
  return [...new Set([...Object.values(CODECS).map(({ tag }) => tag), ...Object.keys(databaseTags(databases))])];
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
    write: (value) => stoppedJobsText(value as readonly string[], TAG_LENGTH),
    read: stoppedJobsIn,
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
