import { canonicalHost, isServer } from '../azure/server-names.ts';
import { findServer, listServers, type Server as ServerFacts, withOtherNames } from '../azure/servers.ts';
import type { SlotSettings } from '../azure/slot-settings.ts';
import { findDatabases } from '../connection-strings/connection-strings.ts';
import { mayNameAnother } from '../connection-strings/unsure.ts';
import type { Context } from '../context/context.ts';
import type { Server } from '../deployment/observed.ts';
import { Stop } from '../errors.ts';
import type { SqlLogin } from '../settings/azure.ts';
import { serverWithRecord, serverWithRecordElsewhere } from './recorded-server.ts';
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
  const { known, settings, arm } = context;
  if (known.server) return known.server;
  const found = findDatabases(production).map(({ address }) => address);
  const hosts = [...new Set(found.map(({ host }) => canonicalHost(host)))];
  const facts = await withOtherNames(arm, await serverFacts(context, production, hosts));
  const login = settings.sqlAccess.kind === 'connection-string' ? settings.sqlAccess : undefined;
  const port = found.find(({ host }) => isServer(facts, host))?.port;
  known.facts = facts;
  known.server = { ...entrance(facts, login, port), ...pick(facts) };
  return known.server;
}

async function serverFacts(context: Context, production: SlotSettings, hosts: readonly string[]): Promise<ServerFacts> {
  const { settings, app } = context;
  const { sqlServer } = settings;
  const find = (name: string) => findServer(context.arm, app.subscriptionId, name, app.resourceGroup);
  if (sqlServer) return find(sqlServer.kind === 'resource-id' ? sqlServer.id : sqlServer.name);
  const [only, ...others] = hosts;
  const isCertain = only !== undefined && others.length === 0 && !mayNameAnother(production);
  const recorded = isCertain ? undefined : await serverWithRecord(context);
  if (recorded) return recorded;
  if (only !== undefined && others.length === 0) return find(only);
  const elsewhere = (await serverOfAll(context, hosts)) ?? (await serverWithRecordElsewhere(context));
  if (elsewhere) return elsewhere;
  throw unnamed(hosts);
}

function unnamed(hosts: readonly string[]): Stop {
  return new Stop(
    'bad-input',
    hosts.length === 0
      ? 'No connection string of production names an SQL server that could be understood.'
      : `Production's connection strings name several SQL servers: ${hosts.join(', ')}.`,
    'Name the server with input sql-server, and the databases with input databases.',
  );
}

/** The server that has all of these names. */
async function serverOfAll({ arm, app }: Context, hosts: readonly string[]): Promise<ServerFacts | undefined> {
  if (hosts.length === 0) return undefined;
  // An identity with rights at the resource group need not have any at the subscription.
  const near = await listServers(arm, app.subscriptionId, app.resourceGroup);
  const plain = [...near, ...(await listServers(arm, app.subscriptionId))];
  const servers = await Promise.all(plain.map((server) => withOtherNames(arm, server)));
  return servers.find((server) => hosts.every((host) => isServer(server, host)));
}

/**
 * Where to sign in: at the server's own name, which its certificate carries, unless input sql-access leads through a host of
 * another name. https://github.com/MicrosoftDocs/azure-docs/issues/52778 for the name of the private link.
 */
function entrance(facts: ServerFacts, login: LoginHost | undefined, port: number | undefined) {
  const isElsewhere = login?.host !== undefined && !isServer(facts, login.host);
  return { host: isElsewhere ? login.host : facts.hostName, port: login?.port ?? port ?? 1433 };
}

type LoginHost = Pick<Extract<SqlLogin, { kind: 'connection-string' }>, 'host' | 'port'>;

function pick({ id, name, names, minimalTlsVersion }: ServerFacts) {
  return { id, name, names, minimalTlsVersion };
}
