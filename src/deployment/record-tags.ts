import { modes, profileNames, rollbackScopes } from '../settings/choices.ts';
import { isDatabaseKey } from '../settings/database-key.ts';
import {
  isAppName,
  isDeploymentId,
  isResourceGroupName,
  isServerName,
  isSlotName,
  isWebJobName,
} from '../settings/names.ts';
import { isBesideText } from './beside.ts';
import { listIn, listTags } from './long-tags.ts';
import { NONE } from './our-tags.ts';
import type { DeploymentRecord, ProvenCopy } from './record.ts';
import { isDigest, stoppedJobsIn, stoppedJobsText } from './stopped-jobs.ts';
import { suspendedOf } from './suspended-entry.ts';
import {
  count,
  type Fields,
  type Form,
  instant,
  nameOf,
  oneOf,
  type Parsed,
  parts,
  readTags,
  TAG_LENGTH,
  type Tags,
  text,
  words,
  writeTags,
} from './tag-forms.ts';

/** Tags of the record clone for the fields given; undefined values clear a field. */
export function recordTags({ databases, gap, before, ...fields }: Partial<DeploymentRecord>): Record<string, string> {
  return {
    ...withGap(withBefore(writeTags(FIELDS, fields), before), gap),
    ...('stoppedApps' in fields ? listTags(STOPPED_APPS, fields.stoppedApps) : {}),
    ...('companions' in fields ? listTags(COMPANIONS, fields.companions) : {}),
    ...('suspended' in fields ? listTags(SUSPENDED, fields.suspended) : {}),
    ...(databases ? databaseTags(databases) : {}),
  };
}

/** What must be merged into `tags` so that they say what the record says: fields that it does not have are cleared. */
export function lackingTags(record: Partial<DeploymentRecord>, tags: Tags): Record<string, string> {
  const cleared = Object.fromEntries(
    [...Object.values(FIELDS).map(([tag]) => tag), STOPPED_APPS, COMPANIONS, SUSPENDED].map((tag) => [tag, NONE]),
  );
  const wanted = { ...cleared, ...recordTags(record) };
  const lacking = Object.entries(wanted).filter(([tag, value]) => (tags[tag] ?? NONE) !== value);
  return Object.fromEntries(lacking.filter(([tag]) => tag !== INTENT || !isSettled(record, tags)));
}

/** It has no intent, and the tags have one that was settled before: who reads it there knows it by its number. */
function isSettled({ intent, settledSwaps = 0 }: Partial<DeploymentRecord>, tags: Tags): boolean {
  const shown = FIELDS.intent[1].read(tags[INTENT] ?? '');
  return intent === undefined && shown !== undefined && shown.number <= settledSwaps;
}

/** The record in a database's tags; undefined when it has none. */
export function parseRecord(tags: Tags): Parsed<DeploymentRecord> | undefined {
  const of = recordedIn(tags);
  if (of === undefined) return undefined;
  const { databases } = of;
  const fields = readTags(FIELDS, NEEDED, tags);
  if ('bad' in fields) return fields;
  if (databases.length === 0 || !databases.every(isDatabaseKey)) {
    const allowed = 'names, on other servers than that of the record as <server>/<name>, : between';
    return { bad: [{ tag: databasesTag(0), value: tags[databasesTag(0)], allowed }] };
  }
  const lists = readLists(tags);
  if ('bad' in lists) return lists;
  const read = {
    swaps: 0,
    settledSwaps: 0,
    attempt: 0,
    ...fields.read,
    databases,
    gap: gapIn(tags),
    ...beforeIn(tags),
    ...lists.read,
  };
  return { read: withoutSettledIntent(read) };
}

/** Of what a database has the record, even when its tags are bad; undefined when it has none. */
export function recordedIn(
  tags: Tags,
): Pick<DeploymentRecord, 'deploymentId' | 'app' | 'server' | 'databases'> | undefined {
  const [deploymentId, lock] = [tags[FIELDS.deploymentId[0]], tags[FIELDS.lock[0]]];
  if (!deploymentId || !lock) return undefined;
  const [app = '', server] = [tags[FIELDS.app[0]], tags[FIELDS.server[0]]];
  return { deploymentId, app, server, databases: parseDatabases(tags) };
}

/** An intent that was settled already and shows again was written late, by a run that is dead. */
export function withoutSettledIntent(record: DeploymentRecord): DeploymentRecord {
  const { intent, ...rest } = record;
  return intent === undefined || intent.number > record.settledSwaps ? record : rest;
}

/** Names of the tags of a record with all its fields set. */
export function recordTagNames(databases: readonly string[], { apps, suspends }: TagLists = ALL): readonly string[] {
  return [
    ...Object.values(FIELDS).map(([tag]) => tag),
    ...(apps ? [STOPPED_APPS, COMPANIONS] : []),
    ...(suspends ? [SUSPENDED] : []),
    ...Object.keys(databaseTags(databases)),
  ];
}

/** Which lists a deployment may have: those of other apps, and that of what it puts off. */
export interface TagLists {
  readonly apps: boolean;
  readonly suspends: boolean;
}

const ALL: TagLists = { apps: true, suspends: true };

/** What was written before the point stands beside it: it is taken and cleared with it, and other people need tags, too. */
export function withGap(tags: Record<string, string>, gap: string | undefined): Record<string, string> {
  const { [ROLLBACK_POINT]: point = NONE } = tags;
  return gap === undefined || point === NONE ? tags : { ...tags, [ROLLBACK_POINT]: `${point}${BESIDE}${gap}` };
}

export function gapIn(tags: Tags): string | undefined {
  const [, ...gap] = (tags[ROLLBACK_POINT] ?? '').split(BESIDE);
  return gap.length === 0 ? undefined : words.read(gap.join(BESIDE));
}

/** What production had when the clones were made is written with that instant, and never again. */
function withBefore(tags: Record<string, string>, before: string | undefined): Record<string, string> {
  const { [CLONED]: cloned = NONE } = tags;
  return before === undefined || cloned === NONE ? tags : { ...tags, [CLONED]: `${cloned}${BESIDE}${before}` };
}

function beforeIn(tags: Tags): Pick<DeploymentRecord, 'before'> {
  const [, ...parts] = (tags[CLONED] ?? '').split(BESIDE);
  const before = parts.join(BESIDE);
  return isBesideText(before) ? { before } : {};
}

const BESIDE = '|';
const CLONED = 'zdd-cloned';
const ROLLBACK_POINT = 'zdd-rollback-point';
const INTENT = 'zdd-swap-intent';
const STOPPED_APPS = 'zdd-stopped-apps';
const COMPANIONS = 'zdd-companions';
const SUSPENDED = 'zdd-suspended';

function readLists(tags: Tags): Parsed<Pick<DeploymentRecord, 'stoppedApps' | 'companions' | 'suspended'>> {
  const [stoppedApps, companions] = [listIn(STOPPED_APPS, tags), listIn(COMPANIONS, tags)];
  const suspended = listIn(SUSPENDED, tags);
  if (suspended === null || suspended?.some((entry) => suspendedOf(entry) === undefined)) {
    const allowed = 'auto-swap=, app-setting= or connection-string= and a name, : between two of them, ; at the end';
    return { bad: [{ tag: SUSPENDED, value: tags[SUSPENDED], allowed }] };
  }
  const isCompanion = (entry: string) => /=(read-only|build)$/.test(entry) && isAppOfGroup(entry.split('=')[0] ?? '');
  const bad = [
    ...(stoppedApps === null || stoppedApps?.some((app) => !isAppOfGroup(app)) ? [STOPPED_APPS] : []),
    ...(companions === null || companions?.some((entry) => !isCompanion(entry)) ? [COMPANIONS] : []),
  ];
  if (bad.length > 0) {
    const allowed = 'resource groups and apps, / between them, : between two of them, ; at the end';
    return { bad: bad.map((tag) => ({ tag, value: tags[tag], allowed })) };
  }
  return {
    read: {
      ...(stoppedApps && { stoppedApps }),
      ...(companions && { companions }),
      suspended,
    },
  };
}

const slot = nameOf('the name of a slot', isSlotName);

const whole = parts<ProvenCopy>({ at: instant, copy: oneOf('seen', 'unseen') });
/** Version 1.0 recorded the instant alone. */
const provenCopy: Form<ProvenCopy> = {
  ...whole,
  read: (value) => whole.read(value.includes('|') ? value : `${value}|seen`),
};

export const FIELDS: Fields<
  Omit<DeploymentRecord, 'databases' | 'stoppedApps' | 'companions' | 'suspended' | 'gap' | 'before'>
> = {
  deploymentId: ['zdd-deployment', nameOf('the id of a deployment', isDeploymentId)],
  app: ['zdd-app', nameOf('a resource group and an app, / between', isAppOfGroup)],
  run: ['zdd-run', text],
  actor: ['zdd-actor', words],
  lock: ['zdd-lock', oneOf('claim', 'held')],
  mode: ['zdd-mode', oneOf(...modes)],
  server: ['zdd-server', nameOf('the name of a server', isServerName)],
  readonlySlot: ['zdd-readonly-slot', slot],
  stagingSlot: ['zdd-staging-slot', slot],
  profile: ['zdd-profile', oneOf(...profileNames)],
  requestedAt: ['zdd-requested-at', instant],
  cloned: [CLONED, { ...instant, read: (value) => instant.read(value.split(BESIDE)[0] ?? '') }],
  readOnlyReady: ['zdd-read-only-ready', provenCopy],
  rollbackPoint: [ROLLBACK_POINT, { ...instant, read: (value) => instant.read(value.split(BESIDE)[0] ?? '') }],
  noDatabaseRollback: ['zdd-no-database-rollback', oneOf('yes')],
  intent: [
    INTENT,
    parts({
      number: count,
      purpose: oneOf('switch', 'undo', 'complete', 'return'),
      source: slot,
      sourceMarker: text,
      productionMarker: text,
      swapStatusBefore: text,
      at: instant,
    }),
  ],
  swapApp: ['zdd-swap-app', nameOf('a resource group and an app, / between', isAppOfGroup)],
  movingBack: ['zdd-moving-back', oneOf('switch', 'complete')],
  swaps: ['zdd-swaps', count],
  settledSwaps: ['zdd-settled-swaps', count],
  windowOpenedAt: ['zdd-window-opened-at', instant],
  windowClosedAt: ['zdd-window-closed-at', instant],
  attempt: ['zdd-attempt', count],
  fingerprint: ['zdd-fingerprint', text],
  deployBegun: ['zdd-deploy-begun', text],
  migrated: ['zdd-migrated', count],
  afterStart: ['zdd-after-start', count],
  candidate: ['zdd-candidate', parts({ role: oneOf('new', 'live'), attempt: count, slot })],
  rollbackUnderWay: [
    'zdd-rollback-under-way',
    parts({ scope: oneOf(...rollbackScopes), attempt: count, databases: oneOf('moving', 'settled') }),
  ],
  stoppedJobs: [
    'zdd-stopped-jobs',
    {
      write: (jobs) => stoppedJobsText(jobs, TAG_LENGTH),
      read: (jobs) => {
        const read = stoppedJobsIn(jobs);
        return read.every((job) => isDigest(job) || isWebJobName(job)) ? read : undefined;
      },
      allowed: 'names of WebJobs, : between them',
    },
  ],
  otherWriters: ['zdd-other-writers', words],
  visitorsOnOriginalSince: ['zdd-visitors-on-original-since', instant],
  verdict: ['zdd-verdict', parts({ of: text, result: oneOf('passed', 'failed', 'overridden'), by: words })],
  completedAt: ['zdd-completed-at', instant],
  entry: ['zdd-entry', count],
};

export function isAppOfGroup(value: string): boolean {
  const [group = '', app = '', ...more] = value.split('/');
  return isResourceGroupName(group) && isAppName(app) && more.length === 0;
}

/** What the claim has from the first. */
const NEEDED = [
  'deploymentId',
  'app',
  'run',
  'actor',
  'lock',
  'mode',
  'readonlySlot',
  'stagingSlot',
  'profile',
  'requestedAt',
] as const;

/** Database names hold no `|`? They may; Azure forbids only `<>*%&:\/?` and control characters, so a colon parts them. */
function databaseTags(names: readonly string[]): Record<string, string> {
  const tags: Record<string, string> = {};
  let line = '';
  let index = 0;
  for (const name of names) {
    if (line.length + 1 + name.length > TAG_LENGTH) {
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
