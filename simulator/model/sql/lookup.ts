import type { World } from '../world.ts';
import type { Database, SqlServer } from './state.ts';

/** Resource id of a server. */
export function serverId(world: World, server: SqlServer): string {
  return `/subscriptions/${world.subscriptionId}/resourceGroups/${server.resourceGroup}/providers/Microsoft.Sql/servers/${server.name}`;
}

/** Resource id of a database of that name. */
export function databaseId(world: World, server: SqlServer, name: string): string {
  return `${serverId(world, server)}/databases/${name}`;
}

/** The server and database of a resource id such as a `sourceDatabaseId`. */
export function findByResourceId(world: World, id: string): { server: SqlServer; database: Database } | undefined {
  const match = /\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Sql\/servers\/([^/]+)\/databases\/([^/]+)$/i.exec(id);
  if (match === null) return undefined;
  const server = world.sql.servers[decodeURIComponent(match[2] ?? '').toLowerCase()];
  if (server === undefined || server.resourceGroup.toLowerCase() !== match[1]?.toLowerCase()) return undefined;
  const database = server.databases[decodeURIComponent(match[3] ?? '').toLowerCase()];
  return database === undefined ? undefined : { server, database };
}

/** The database with this `databaseId`, whatever it is called now. */
export function findDatabase(world: World, id: string): { server: SqlServer; database: Database } | undefined {
  for (const server of Object.values(world.sql.servers)) {
    for (const database of Object.values(server.databases)) {
      if (database.databaseId === id) return { server, database };
    }
  }
  return undefined;
}
