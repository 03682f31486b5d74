import { listDatabases } from '../azure/databases.ts';
import { azureSaid } from '../azure/failure.ts';
import { listServers, listServersElsewhere, type Server as ServerFacts } from '../azure/servers.ts';
import type { Context } from '../context/context.ts';
import { lookAtDatabases } from './database-look.ts';
import { appName } from './deployment.ts';
import { findRecords } from './records.ts';

/**
 * The server on which a deployment of the app is recorded, when nothing else tells which it is: near the app first, then
 * anywhere in the subscription. Undefined when none is seen, or more than one.
 */
export async function serverWithRecord(context: Context): Promise<ServerFacts | undefined> {
  const { arm, app } = context;
  const near = await recording(context, await listServers(arm, app.subscriptionId, app.resourceGroup));
  const found = near.length > 0 ? near : await recording(context, await listServers(arm, app.subscriptionId));
  return found.length === 1 ? found[0] : undefined;
}

/** The same in all other subscriptions that the identity sees. */
export async function serverWithRecordElsewhere(context: Context): Promise<ServerFacts | undefined> {
  const found = await recording(context, await listServersElsewhere(context.arm, context.app.subscriptionId));
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
