import { findServer, type Server as ServerFacts } from '../azure/servers.ts';
import type { SlotSettings } from '../azure/slot-settings.ts';
import { type Address, sameHost } from '../connection-strings/address.ts';
import { findDatabases } from '../connection-strings/connection-strings.ts';
import { findUnsure } from '../connection-strings/unsure.ts';
import type { Context } from '../context/context.ts';
import type { Server } from '../deployment/observed.ts';
import { Stop } from '../errors.ts';
import { serverWithRecord } from './recorded-server.ts';
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
