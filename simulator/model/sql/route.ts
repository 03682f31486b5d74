import type { World } from '../world.ts';
import { Refusal } from './answer.ts';
import type { Database, SqlServer } from './state.ts';

/** Where a request goes: the path taken apart, names as the caller wrote them. */
export interface Route {
  readonly method: string;
  readonly url: URL;
  readonly apiVersion: string;
  readonly subscription: string;
  readonly resourceGroup: string | undefined;
  /** What follows `/providers/Microsoft.Sql/`, in pairs of type and name; types in lower case at even places. */
  readonly segments: readonly string[];
  /** The path ends in `/providers/Microsoft.Resources/tags/default`. */
  readonly isTags: boolean;
}

const PATH =
  /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?\/providers\/Microsoft\.Sql\/(.+?)(\/providers\/Microsoft\.Resources\/tags\/default)?\/?$/i;

/** Takes the address of a Microsoft.Sql request apart; `undefined` when it is none. */
export function parseRoute(method: string, address: string): Route | undefined {
  const url = new URL(address);
  const match = PATH.exec(url.pathname);
  if (match === null) return undefined;
  const [, subscription = '', resourceGroup, rest = '', tags] = match;
  const segments = rest
    .split('/')
    .map((part, place) => decodeURIComponent(place % 2 === 0 ? part.toLowerCase() : part));
  return {
    method,
    url,
    apiVersion: url.searchParams.get('api-version') ?? '',
    subscription,
    resourceGroup: resourceGroup && decodeURIComponent(resourceGroup),
    segments,
    isTags: tags !== undefined,
  };
}

/** The server that a route names, in the resource group that it names. */
export function serverOf(world: World, route: Route): SqlServer {
  const group = route.resourceGroup ?? '';
  if (world.resourceGroups[group.toLowerCase()] === undefined) {
    throw new Refusal(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`);
  }
  const name = route.segments[1] ?? '';
  const server = world.sql.servers[name.toLowerCase()];
  if (server === undefined || server.resourceGroup.toLowerCase() !== group.toLowerCase()) {
    throw notFound(`servers/${name}`, group);
  }
  return server;
}

/** The database that a route names. */
export function databaseOf(server: SqlServer, route: Route): Database {
  const name = route.segments[3] ?? '';
  const database = server.databases[name.toLowerCase()];
  if (database === undefined) throw notFound(`servers/${server.name}/databases/${name}`, server.resourceGroup);
  return database;
}

/** ARM's own 404. */
export function notFound(resource: string, group: string): Refusal {
  return new Refusal(
    404,
    'ResourceNotFound',
    `The Resource 'Microsoft.Sql/${resource}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

export function serverId(world: World, server: SqlServer): string {
  return `/subscriptions/${world.subscriptionId}/resourceGroups/${server.resourceGroup}/providers/Microsoft.Sql/servers/${server.name}`;
}

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
