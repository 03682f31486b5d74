import { listDatabases } from '../azure/databases.ts';
import { azureSaid } from '../azure/failure.ts';
import { findServer, listServers, type Server as ServerFacts } from '../azure/servers.ts';
import type { SlotSettings } from '../azure/slot-settings.ts';
import { type Address, sameHost } from '../connection-strings/address.ts';
import { findDatabases, findUnsure } from '../connection-strings/connection-strings.ts';
import type { Context } from '../context/context.ts';
import type { Server } from '../deployment/observed.ts';
import { Stop } from '../errors.ts';
import { lookAtDatabases } from './database-look.ts';
import { appName } from './deployment.ts';
import { findRecords } from './records.ts';
import { attempt, type Missing, miss } from './unseen.ts';

/** The server, also when production's connection strings could not be read: then input sql-server or the record tells it. */
export async function lookAtServer(
  context: Context,
  missing: Missing,
  production: SlotSettings | undefined,
): Promise<Server | undefined> {
  const part = {
    what: 'SQL server',
    so: 'which databases there are and whether a deployment is open',
    at: groupId(context),
  };
  if (production || context.settings.sqlServer) {
    return attempt(context, missing, part, () => serverOf(context, production ?? NO_SETTINGS));
  }
  const recorded = await attempt(context, { ...missing, parts: [] }, part, () => serverOf(context, NO_SETTINGS));
  if (!recorded) miss(missing, part, unread());
  return recorded;
}

/** Of a slot whose settings could not be read. */
export const NO_SETTINGS: SlotSettings = { appSettings: {}, connectionStrings: {} };

function groupId({ app }: Context): string {
  return `/subscriptions/${app.subscriptionId}/resourceGroups/${app.resourceGroup}`;
}

function unread(): Stop {
  return new Stop(
    'bad-input',
    "It is named by production's connection strings, which could not be read.",
    'Let the identity read them, or name the server with input sql-server and the databases with input databases.',
  );
}

/**
 * The server of the databases: input sql-server names it, or production's connection strings do. Where these do not tell it
 * for certain (several servers, references that only App Service can read), it is the one that has the app's record.
 */
async function serverOf(context: Context, production: SlotSettings): Promise<Server> {
  const { known, settings, arm, app } = context;
  if (known.server) return known.server;
  const { sqlServer } = settings;
  const found = findDatabases(production).map(({ address }) => address);
  const hosts = [...new Set(found.map((address) => address.host.toLowerCase()))];
  const given = sqlServer?.kind === 'resource-id' ? sqlServer.id : sqlServer?.name;
  const only = hosts.length === 1 ? hosts[0] : undefined;
  const isCertain = given !== undefined || (only !== undefined && findUnsure(production, domainOf(only)).length === 0);
  const recorded = isCertain ? undefined : await serverWithRecord(context);
  const facts =
    recorded ?? (await findServer(arm, app.subscriptionId, given ?? only ?? unnamed(hosts), app.resourceGroup));
  return remember(
    context,
    facts,
    found.find(({ host }) => sameHost(host, facts.hostName)),
  );
}

/** `database.windows.net` of `shop.database.windows.net`: what a setting that leads to another server holds. */
function domainOf(host: string): string {
  return host.slice(host.indexOf('.') + 1);
}

function unnamed(hosts: readonly string[]): never {
  throw new Stop(
    'bad-input',
    hosts.length === 0
      ? 'No connection string of production names an SQL server that could be understood.'
      : `Production's connection strings name several SQL servers: ${hosts.join(', ')}.`,
    'Name the server with input sql-server, and the databases with input databases.',
  );
}

/**
 * The server on which a deployment of the app is recorded, when nothing else tells which it is: near the app first, then
 * anywhere in the subscription. Undefined when none is seen, or more than one.
 */
async function serverWithRecord(context: Context): Promise<ServerFacts | undefined> {
  const { arm, app } = context;
  const near = await recording(context, await listServers(arm, app.subscriptionId, app.resourceGroup));
  const found = near.length > 0 ? near : await recording(context, await listServers(arm, app.subscriptionId));
  return found.length === 1 ? found[0] : undefined;
}

async function recording(context: Context, servers: readonly ServerFacts[]): Promise<readonly ServerFacts[]> {
  const isOn = async (server: ServerFacts): Promise<boolean> => {
    const look = await lookAtDatabases(context, server, [], await listDatabases(context.arm, server.id), false);
    const { records, unread } = findRecords(look);
    return [...records.map(({ record }) => record), ...unread].some((of) => of.app === appName(context));
  };
  const found = await Promise.all(
    servers.map(async (server) => {
      // An identity that may not see a server's databases made no clone there.
      const isRecorded = await isOn(server).catch((error: unknown) => {
        if (azureSaid(error)?.status === 403) return false;
        throw error;
      });
      return isRecorded ? [server] : [];
    }),
  );
  return found.flat();
}

function remember(context: Context, facts: ServerFacts, address: Address | undefined): Server {
  const { known } = context;
  const { sqlAccess } = context.settings;
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
