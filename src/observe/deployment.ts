import type { Database } from '../azure/database-shapes.ts';
import type { Context } from '../context/context.ts';
import { appKey } from '../deployment/app-key.ts';
import type { Marker } from '../deployment/marker.ts';
import { cloneName, parseName, sameName } from '../deployment/names.ts';
import type { Companion, DatabasePart, Other, OtherAppLook, Pair, SqlFacts, TeamSlot } from '../deployment/observed.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import type { Stop } from '../errors.ts';
import { bareName } from '../settings/database-key.ts';
import type { PhaseTraits } from '../settings/phases.ts';
import type { Settings } from '../settings/settings.ts';
import { withRecord } from '../settings/with-record.ts';
import type { DatabaseLook } from './database-look.ts';
import { mustBelieve, refuseDrawnIn } from './drawn-in.ts';
import { begunWithoutRecord, type Joined, join, mintId, refuseForeignId } from './join.ts';
import { pairsOf } from './pairs.ts';
import { concerns, type FoundRecord, findRecords } from './records.ts';

/** The deployment that this run works on, and its databases. */
export interface Deployment {
  readonly joined: Joined;
  readonly record: DeploymentRecord | null;
  /** With what the record adds to them. */
  readonly settings: Settings;
  readonly pairs: readonly Pair[];
}

/** `<resource group>/<app>` as records name it. */
export function appName({ app }: Context): string {
  return appKey(app);
}

/**
 * Finds the deployment among the records on the servers. Stops when inputs contradict it, or tags that cannot be read.
 * @param ours the originals, each with its server.
 * @param serves production's marker, when it could be read.
 */
export function deploymentIn(
  context: Context,
  phase: PhaseTraits,
  originals: readonly string[],
  ours: readonly string[],
  look: DatabaseLook,
  serves?: Marker,
): Deployment {
  const app = appName(context);
  const inTheWay = unreadRecord(context, ours, look);
  if (inTheWay) throw inTheWay;
  const { records } = findRecords(look);
  const joined = join(
    context.settings,
    phase,
    app,
    ours,
    records,
    context.known.deploymentId ??
      begunWithoutRecord(context.settings, app, originals, look.named) ??
      mintId(context.settings, phase, app, today(context), serves),
  );
  const record = joined.found?.record ?? null;
  // Not at the end of a cleanup, when only the other one is left.
  if (record === null && context.known.deploymentId === undefined) refuseForeignId(context.settings, records);
  context.known.deploymentId = joined.deploymentId;
  const pairs = pairsOf(look, joined.deploymentId, record ? record.databases : originals);
  if (joined.found && mustBelieve(phase, context.settings)) refuseDrawnIn(joined.found, pairs, originals, phase);
  return { joined, record, settings: record ? withRecord(context.settings, record) : context.settings, pairs };
}

/** What is wrong with a record of this app, or of these databases, that nobody can read. */
export function unreadRecord(context: Context, ours: readonly string[], look: DatabaseLook): Stop | undefined {
  return findRecords(look).unread.find((record) => concerns(record, appName(context), ours))?.stop;
}

/** Other deployments whose record is not to be seen: those that are in our way, and all that may not be read. */
export interface RecordsUnseen {
  readonly pointedTo: readonly Other[];
  readonly unreadable: readonly Pick<Other, 'deploymentId'>[];
}

/** All that a look at the databases tells. */
export function databasePart(
  servers: DatabasePart['servers'],
  look: DatabaseLook,
  { joined, record, pairs }: Deployment,
  unseen: RecordsUnseen,
  madeByCopy: DatabasePart['madeByCopy'],
  sql: Readonly<Record<string, SqlFacts>>,
  rules: Pick<DatabasePart, 'strayRules' | 'leftoverRules'>,
  otherApps: readonly OtherAppLook[] = [],
  companions: readonly Companion[] = [],
  teamSlots: readonly TeamSlot[] = [],
): DatabasePart {
  const { deploymentId, found } = joined;
  return {
    servers,
    databases: pairs,
    ours: look.named.filter((database) => isOurs(database.name, deploymentId, pairs)),
    record,
    recordIn: found?.from ?? null,
    recordDatabase: found?.from === 'mirror' ? found.database.name : cloneName(pairs[0]?.name ?? '', deploymentId),
    madeByCopy,
    strays: joined.strays.map(({ database }) => database),
    others: [...joined.others.map(otherOf), ...unseen.pointedTo],
    leftovers: leftoversIn(look, openOn(look, unseen)),
    ...rules,
    sql,
    otherApps,
    companions,
    teamSlots,
    deploymentId,
  };
}

/** Ids of the deployments of whichever app that are open on the servers, and of those of which a copy is there, with a record or without. */
export interface OpenDeployments {
  readonly ids: ReadonlySet<string>;
  readonly copied: ReadonlySet<string>;
}

export function openOn(look: DatabaseLook, { pointedTo, unreadable }: RecordsUnseen): OpenDeployments {
  const { records, unread } = findRecords(look);
  const known = [...pointedTo, ...unreadable, ...records.map(({ record }) => record), ...unread];
  const names = look.named.flatMap(({ name }) => parseName(bareName(name)) ?? []);
  return {
    ids: new Set(known.map((one) => one.deploymentId)),
    copied: new Set(names.filter(({ kind }) => kind === 'clone').map((one) => one.deploymentId)),
  };
}

/** What is there of deployments that ended, or lost their record. */
function leftoversIn(look: DatabaseLook, { ids }: OpenDeployments): readonly Database[] {
  return look.named.filter(({ name }) => !ids.has(parseName(bareName(name))?.deploymentId ?? ''));
}

/** A user who gives ids may give the same one to another app on the server: then the id alone says nothing. */
function isOurs(name: string, deploymentId: string, pairs: readonly Pair[]): boolean {
  const parsed = parseName(name);
  return parsed?.deploymentId === deploymentId && pairs.some((pair) => sameName(pair.name, parsed.database));
}

function otherOf({ record, database }: FoundRecord): Other {
  return {
    deploymentId: record.deploymentId,
    app: record.app,
    run: record.run,
    actor: record.actor,
    lock: record.lock,
    databases: record.databases,
    claim: database.id,
  };
}

/** The day by Azure's clock, `yyyymmdd`. */
function today(context: Context): string {
  const now = new Date(context.arm.azureTime() ?? context.ports.clock.now());
  return now.toISOString().slice(0, 10).replaceAll('-', '');
}
