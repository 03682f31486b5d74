import { listDatabases } from '../azure/databases.ts';
import { findServer, listServers, type Server as ServerFacts } from '../azure/servers.ts';
import type { SlotSettings } from '../azure/slot-settings.ts';
import { type Address, sameHost } from '../connection-strings/address.ts';
import { findDatabases } from '../connection-strings/connection-strings.ts';
import type { Context } from '../context/context.ts';
import type { Server } from '../deployment/observed.ts';
import { Stop } from '../errors.ts';
import { lookAtDatabases } from './database-look.ts';
import { findRecords } from './records.ts';

/** The server that production's connection strings name, unless input sql-server says it. */
export async function serverOf(context: Context, production: SlotSettings): Promise<Server> {
  const { known } = context;
  if (known.server) return known.server;
  const { sqlServer } = context.settings;
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
  return remember(
    context,
    facts,
    found.find(({ host }) => sameHost(host, facts.hostName)),
  );
}

/**
 * The server on which a deployment of the app is recorded, when nothing else tells which it is: near the app first, then
 * anywhere in the subscription. Undefined when none is seen, or more than one.
 */
export async function serverWithRecord(context: Context, app: string): Promise<Server | undefined> {
  const { arm, app: site } = context;
  const near = await recording(context, app, await listServers(arm, site.subscriptionId, site.resourceGroup));
  const found = near.length > 0 ? near : await recording(context, app, await listServers(arm, site.subscriptionId));
  const [only] = found;
  return only && found.length === 1 ? remember(context, only, undefined) : undefined;
}

async function recording(
  context: Context,
  app: string,
  servers: readonly ServerFacts[],
): Promise<readonly ServerFacts[]> {
  const found = await Promise.all(
    servers.map(async (server) => {
      const look = await lookAtDatabases(context, server, [], await listDatabases(context.arm, server.id), false);
      const { records, unread } = findRecords(look);
      return [...records.map(({ record }) => record), ...unread].some((of) => of.app === app) ? [server] : [];
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
