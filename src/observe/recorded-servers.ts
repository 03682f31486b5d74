import { listDatabases } from '../azure/databases.ts';
import { azureSaid } from '../azure/failure.ts';
import { findServer, listServers, listServersElsewhere, type Server as ServerFacts } from '../azure/servers.ts';
import type { Context } from '../context/context.ts';
import { inKey } from '../settings/database-key.ts';
import { lookAtDatabases } from './database-look.ts';
import { appName } from './deployment.ts';
import { findRecords, type Recorded } from './records.ts';

/**
 * The servers of the deployment of the app that is recorded somewhere, when nothing else tells which they are: near the app first,
 * then anywhere in the subscription. None when none is seen, or records on more than one.
 */
export async function serversWithRecord(context: Context): Promise<readonly ServerFacts[]> {
  const { arm, app } = context;
  const near = await recording(context, await listServers(arm, app.subscriptionId, app.resourceGroup));
  const found = near.length > 0 ? near : await recording(context, await listServers(arm, app.subscriptionId));
  return withTheOthers(context, found);
}

/** The same in all other subscriptions that the identity sees. */
export async function serversWithRecordElsewhere(context: Context): Promise<readonly ServerFacts[]> {
  const servers = await listServersElsewhere(context.arm, context.app.subscriptionId);
  return withTheOthers(context, await recording(context, servers));
}

interface Recording {
  readonly server: ServerFacts;
  readonly records: readonly Recorded[];
}

/** Names of the servers on which the originals of a record lie, beside the one that has it. */
export function otherServersOf({ databases }: Pick<Recorded, 'databases'>): readonly string[] {
  return [...new Set(databases.flatMap((key) => inKey(key).server ?? []))];
}

async function withTheOthers(context: Context, found: readonly Recording[]): Promise<readonly ServerFacts[]> {
  const [only, ...more] = found;
  if (only === undefined || more.length > 0) return [];
  const { arm, app } = context;
  const names = [...new Set(only.records.flatMap(otherServersOf))];
  const others = names.map((name) => findServer(arm, app.subscriptionId, name, app.resourceGroup));
  return [only.server, ...(await Promise.all(others))];
}

async function recording(context: Context, servers: readonly ServerFacts[]): Promise<readonly Recording[]> {
  const recordsOn = async (server: ServerFacts): Promise<readonly Recorded[]> => {
    const look = await lookAtDatabases(context, server, [], await listDatabases(context.arm, server.id), false);
    const { records, unread } = findRecords(look);
    return [...records.map(({ record }) => record), ...unread].filter((of) => of.app === appName(context));
  };
  const found = await Promise.all(
    servers.map(async (server) => {
      // An identity that may not see a server's databases made no clone there.
      const records = await recordsOn(server).catch((error: unknown) => {
        if (azureSaid(error)?.status === 403) return [];
        throw error;
      });
      return records.length > 0 ? [{ server, records }] : [];
    }),
  );
  return found.flat();
}
