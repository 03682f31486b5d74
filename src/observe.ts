import type { Database } from './azure/database-shapes.ts';
import { listDatabases } from './azure/databases.ts';
import { findServer } from './azure/servers.ts';
import { isReadOnly, schemaVersion } from './azure/sql-statements.ts';
import { findDatabases, sameHost } from './connection-strings.ts';
import type { Context } from './context.ts';
import { cloneName, parseName } from './deployment/names.ts';
import type { Observed, Other, Pair, Server, Slot, SqlFacts } from './deployment/observed.ts';
import type { ThisRun } from './deployment/this-run.ts';
import { Stop } from './errors.ts';
import { withRecord } from './inputs/with-record.ts';
import {
  byCodeUnits,
  type FoundRecord,
  findRecords,
  lookAtDatabases,
  pairsOf,
  provenCopies,
} from './observe/databases.ts';
import { begunWithoutRecord, join, mintId, runOf } from './observe/join.ts';
import { lookAtProduction, lookAtSlot } from './observe/slots.ts';
import type { Phase } from './phases/phase.ts';
import { profileOf } from './profiles/profile.ts';
import type { Settings } from './settings.ts';

/**
 * One look at everything that the phase decides on. Only reads. `settings` come back with what the record adds to them.
 */
export async function observe(
  context: Context,
  phase: Phase,
  thisRun: ThisRun,
): Promise<{ observed: Observed; settings: Settings }> {
  const ahead = lookAhead(context);
  const { app, production } = await lookAtProduction(context);
  const server = await serverOf(context, production);
  const originals = originalNames(context.settings, production, server);
  const listed = await (ahead.listed ?? listDatabases(context.arm, server.id));
  const look = await lookAtDatabases(context, server, originals, listed, !REREADS.has(phase.name));
  const appName = `${app.resourceGroup}/${app.name}`.toLowerCase();
  const joined = join(
    context.settings,
    phase.name,
    appName,
    originals,
    findRecords(look),
    context.known.deploymentId ??
      begunWithoutRecord(context.settings, appName, originals, look.named) ??
      mintId(context.settings, appName, today(context)),
  );
  const record = joined.found?.record ?? null;
  context.known.deploymentId = joined.deploymentId;
  const settings = record ? withRecord(context.settings, record) : context.settings;
  const names = record ? record.databases : originals;
  const pairs = pairsOf(look, joined.deploymentId, names);
  const [readonlySlot, stagingSlot, madeByCopy, sql] = await Promise.all([
    ahead.slots.get(settings.readonlySlot) ?? lookAtSlot(context, settings.readonlySlot),
    ahead.slots.get(settings.stagingSlot) ?? lookAtSlot(context, settings.stagingSlot),
    provenCopies(context, server, pairs),
    lookInside(context, settings, phase, pairs),
  ]);
  const observed: Observed = {
    now: new Date(context.arm.azureTime() ?? context.ports.clock.now()).toISOString(),
    app,
    production,
    readonlySlot,
    stagingSlot,
    server,
    databases: pairs,
    ours: look.named.filter((database) => parseName(database.name)?.deploymentId === joined.deploymentId),
    record,
    recordIn: joined.found?.from ?? null,
    recordDatabase: recordDatabase(joined.found, pairs, joined.deploymentId),
    madeByCopy,
    strays: joined.strays.map(({ database }) => database),
    others: joined.others.map(otherOf),
    sql,
    deploymentId: joined.deploymentId,
    run: runOf(context.settings),
    package: context.package,
    thisRun,
  };
  return { observed, settings };
}

/** Phases that change tags of more databases than bear the record, or that look at the claims of others. */
const REREADS: ReadonlySet<Phase['name']> = new Set(['preflight', 'clone', 'rollback', 'cleanup', 'status']);

interface Ahead {
  readonly listed: Promise<readonly Database[]> | undefined;
  readonly slots: ReadonlyMap<string, Promise<Slot | null>>;
}

/** Asks for what the last look has named already: visitors may not write meanwhile, and a look is mostly the way there and back. */
function lookAhead(context: Context): Ahead {
  const { arm, known } = context;
  const begun = <T>(work: Promise<T>): Promise<T> => {
    // Whoever awaits it meets its failure; when the look ends before, another failure has ended it.
    work.catch(() => undefined);
    return work;
  };
  const slots = [...known.slots].filter((name) => name !== 'production');
  return {
    listed: known.server && begun(listDatabases(arm, known.server.id)),
    slots: new Map(slots.map((name) => [name, begun(lookAtSlot(context, name))])),
  };
}

function recordDatabase(found: FoundRecord | null, pairs: readonly Pair[], deploymentId: string): string {
  return found?.from === 'mirror' ? found.database.name : cloneName(pairs[0]?.name ?? '', deploymentId);
}

/** The server that production's connection strings name, unless input sql-server says it. */
async function serverOf(context: Context, production: Slot): Promise<Server> {
  const { known } = context;
  if (known.server) return known.server;
  const { sqlServer, sqlAccess } = context.settings;
  const found = findDatabases(production).map(({ address }) => address);
  const hosts = [...new Set(found.map((address) => address.host.toLowerCase()))];
  const given = sqlServer?.kind === 'resource-id' ? sqlServer.id : sqlServer?.name;
  const wanted = given ?? (hosts.length === 1 ? hosts[0] : undefined);
  if (wanted === undefined) {
    throw new Stop(
      'bad-input',
      hosts.length === 0
        ? 'No connection string of production names an SQL server that could be understood.'
        : `Production's connection strings name several SQL servers: ${hosts.join(', ')}.`,
      'Name the server with input sql-server, and the databases with input databases.',
    );
  }
  const facts = await findServer(context.arm, context.app.subscriptionId, wanted, context.app.resourceGroup);
  const address = found.find(({ host }) => sameHost(host, facts.hostName));
  const login = sqlAccess.kind === 'connection-string' ? sqlAccess : undefined;
  known.facts = facts;
  known.server = {
    id: facts.id,
    name: facts.name,
    host: login?.host ?? address?.host ?? facts.hostName,
    port: login?.port ?? address?.port ?? 1433,
  };
  return known.server;
}

/** Names of the originals: input, or production's connection strings, where in the window a clone stands for its original. */
function originalNames(settings: Settings, production: Slot, server: Server): readonly string[] {
  if (settings.databases) return [...settings.databases].sort(byCodeUnits);
  const names = findDatabases(production)
    .filter(({ address }) => sameHost(address.host, server.host))
    .map(({ address }) => parseName(address.database)?.database ?? address.database);
  const distinct = new Map(names.map((name) => [name.toLowerCase(), name]));
  return [...distinct.values()].sort(byCodeUnits);
}

function otherOf({ record, database }: FoundRecord): Other {
  return {
    deploymentId: record.deploymentId,
    app: record.app,
    run: record.run,
    actor: record.actor,
    lock: record.lock,
    databases: record.databases,
    clone: database.name,
  };
}

/** State and schema version of the databases that the phase decides on, as far as they can be reached. */
async function lookInside(
  context: Context,
  settings: Settings,
  phase: Phase,
  pairs: readonly Pair[],
): Promise<Readonly<Record<string, SqlFacts>>> {
  const names = pairs.flatMap((pair) => [
    ...(phase.looksInside.includes('clones') && pair.clone?.status === 'Online' ? [pair.clone.name] : []),
    ...(phase.looksInside.includes('originals') && pair.original?.status === 'Online' ? [pair.original.name] : []),
  ]);
  const query = phase.looksInside.includes('schema')
    ? (settings.schemaVersionQuery ?? profileOf(settings.profile).schemaVersionQuery)
    : undefined;
  const facts = await Promise.all(
    names.map(async (name): Promise<[string, SqlFacts] | null> => {
      const seen = await context.databases.look(name, async (connection) => ({
        readOnly: await isReadOnly(connection),
        schemaVersion: query === undefined ? undefined : await schemaVersion(connection, query),
      }));
      return seen === null ? null : [name, seen];
    }),
  );
  return Object.fromEntries(facts.filter((fact) => fact !== null));
}

/** The day by Azure's clock, `yyyymmdd`. */
function today(context: Context): string {
  const now = new Date(context.arm.azureTime() ?? context.ports.clock.now());
  return now.toISOString().slice(0, 10).replaceAll('-', '');
}
