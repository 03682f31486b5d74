import { canonicalHost, isServer } from '../azure/server-names.ts';
import { findServer, listServers, type Server as ServerFacts, seekServer, withOtherNames } from '../azure/servers.ts';
import type { SlotSettings } from '../azure/slot-settings.ts';
import type { Address } from '../connection-strings/address.ts';
import { findDatabases } from '../connection-strings/connection-strings.ts';
import { mayNameAnother } from '../connection-strings/unsure.ts';
import type { Context, KnownServers } from '../context/context.ts';
import { byCodeUnits, sameName } from '../deployment/names.ts';
import type { Server } from '../deployment/observed.ts';
import { Stop } from '../errors.ts';
import type { SqlLogin } from '../settings/azure.ts';
import { inKey } from '../settings/database-key.ts';
import { begun } from './ahead.ts';
import type { Lists } from './lists.ts';
import { serversWithRecord, serversWithRecordElsewhere } from './recorded-servers.ts';
import { attempt, type Missing, miss } from './unseen.ts';

export type Servers = readonly [Server, ...Server[]];

/** The servers, also when production's connection strings could not be read: then inputs or the record tell them. */
export async function lookAtServers(
  context: Context,
  missing: Missing,
  production: SlotSettings | undefined,
): Promise<Servers | undefined> {
  const part = {
    what: 'SQL server',
    so: 'which databases there are and whether a deployment is open',
    at: groupId(context),
  };
  if (production || namedServers(context).length > 0) {
    return attempt(context, missing, part, () => serversOf(context, production ?? NO_SETTINGS));
  }
  const recorded = await attempt(context, { ...missing, parts: [] }, part, () => serversOf(context, NO_SETTINGS));
  if (!recorded) miss(missing, part, unread());
  return recorded;
}

/** Of a slot whose settings could not be read. */
export const NO_SETTINGS: SlotSettings = { appSettings: {}, connectionStrings: {} };

/**
 * Asks for the servers of the resource group beside the slots, which tell the one that is wanted; where there is one only, also for its
 * databases. Mostly it is there: visitors may not write meanwhile, and a first look is mostly the way there and back.
 */
export function serversAhead(context: Context, lists: Lists): void {
  const { known, arm, app } = context;
  if (known.servers || namedServers(context).some((name) => name.startsWith('/'))) return;
  known.serversInGroup ??= begun(listServers(arm, app.subscriptionId, app.resourceGroup));
  begun(known.serversInGroup.then((servers) => (servers.length === 1 ? servers.map(({ id }) => lists.of(id)) : [])));
}

/** Takes these servers for those of the deployment from now on, the first one first. */
export async function knowServers(
  context: Context,
  production: SlotSettings,
  found: readonly ServerFacts[],
  first?: string,
): Promise<Servers> {
  const { known, settings, arm } = context;
  const before = known.servers ?? [];
  const isFirst = (name: string) => sameName(name, first);
  const sorted = found
    .filter(({ id }, index) => found.findIndex((other) => sameName(other.id, id)) === index)
    .toSorted(
      (one, other) => Number(isFirst(other.name)) - Number(isFirst(one.name)) || byCodeUnits(one.name, other.name),
    );
  const addresses = findDatabases(production).map(({ address }) => address);
  const login = settings.sqlAccess.kind === 'connection-string' ? settings.sqlAccess : undefined;
  const [one, ...more] = await Promise.all(
    sorted.map(async (plain) => {
      const there = before.find(({ facts }) => sameName(facts.id, plain.id));
      if (there) return there;
      const facts = await withOtherNames(arm, plain);
      return { facts, server: { ...entrance(facts, login, addresses), ...pick(facts) } };
    }),
  );
  if (one === undefined) throw unnamed([]);
  if (more.length > 0 && login?.host !== undefined) throw oneLogin(login.host, [one, ...more]);
  known.servers = [one, ...more];
  return serversIn(known.servers);
}

function serversIn([first, ...more]: KnownServers): Servers {
  return [first.server, ...more.map(({ server }) => server)];
}

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
 * The servers of the databases: inputs name them, or production's connection strings do. Where these do not tell them for certain
 * (several servers, references that only App Service can read), they are those of the app's record.
 */
async function serversOf(context: Context, production: SlotSettings): Promise<Servers> {
  const { servers } = context.known;
  if (servers) return serversIn(servers);
  const hosts = findDatabases(production).map(({ address }) => canonicalHost(address.host));
  return knowServers(context, production, await foundServers(context, production, [...new Set(hosts)]));
}

async function foundServers(
  context: Context,
  production: SlotSettings,
  hosts: readonly string[],
): Promise<readonly ServerFacts[]> {
  const { arm, app, known } = context;
  const find = (name: string) => findServer(arm, app.subscriptionId, name, app.resourceGroup, known.serversInGroup);
  const named = namedServers(context);
  if (named.length > 0) return Promise.all(named.map(find));
  const [only, ...others] = hosts;
  const isCertain = only !== undefined && others.length === 0 && !mayNameAnother(production);
  const recorded = isCertain ? [] : await serversWithRecord(context);
  if (recorded.length > 0) return recorded;
  if (only !== undefined && others.length === 0) return [await find(only)];
  const seen = await Promise.all(hosts.map((host) => seekServer(arm, app.subscriptionId, host, app.resourceGroup)));
  const unseen = hosts.filter((_, index) => seen[index] === undefined);
  if (hosts.length > 0 && unseen.length === 0) return seen.flatMap((server) => server ?? []);
  const elsewhere = await serversWithRecordElsewhere(context);
  if (elsewhere.length > 0) return elsewhere;
  throw unnamed(hosts, unseen);
}

/** By input sql-server, or by the databases of input databases. */
function namedServers({ settings: { sqlServers, databases = [] } }: Context): readonly string[] {
  if (sqlServers.length > 0) return sqlServers.map((each) => (each.kind === 'resource-id' ? each.id : each.name));
  return [...new Set(databases.flatMap((key) => inKey(key).server ?? []))];
}

function unnamed(hosts: readonly string[], unseen: readonly string[] = hosts): Stop {
  return new Stop(
    'bad-input',
    hosts.length === 0
      ? 'No connection string of production names an SQL server that could be understood.'
      : `Production's connection strings name several SQL servers (${hosts.join(', ')}), and the identity may see no server ${unseen.join(', ')}.`,
    hosts.length === 0
      ? 'Name the server with input sql-server, and the databases with input databases.'
      : 'Name the servers whose databases belong to the deployment with input sql-server; or let the identity read the others, too (Microsoft.Sql/servers/read).',
  );
}

/** It says where to sign in, which for several servers it cannot. */
function oneLogin(host: string, servers: KnownServers): Stop {
  return new Stop(
    'bad-input',
    `Input sql-access names the server ${host}, and the databases lie on several: ${servers.map(({ facts }) => facts.name).join(', ')}.`,
    'Give sql-access without a server, when user and password are the same on all of them; or leave it out: then the identity of the run signs in.',
  );
}

/**
 * Where to sign in: at the server's own name, which its certificate carries, unless input sql-access leads through a host of
 * another name. https://github.com/MicrosoftDocs/azure-docs/issues/52778 for the name of the private link.
 */
function entrance(facts: ServerFacts, login: LoginHost | undefined, addresses: readonly Address[]) {
  const isElsewhere = login?.host !== undefined && !isServer(facts, login.host);
  const port = addresses.find(({ host }) => isServer(facts, host))?.port;
  return { host: isElsewhere ? login.host : facts.hostName, port: login?.port ?? port ?? 1433 };
}

type LoginHost = Pick<Extract<SqlLogin, { kind: 'connection-string' }>, 'host' | 'port'>;

function pick({ id, name, names, minimalTlsVersion }: ServerFacts) {
  return { id, name, names, minimalTlsVersion };
}
