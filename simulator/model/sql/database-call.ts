import type { Answer } from '../arm/answer.ts';
import type { ArmCall, ArmHandler } from '../arm/call.ts';
import { notFound } from '../arm/refusal.ts';
import type { Database, SqlServer } from './state.ts';

/** A request about a server that exists. */
export interface ServerCall extends ArmCall {
  readonly server: SqlServer;
}

/** A request about a database that exists. */
export interface DatabaseCall extends ServerCall {
  readonly database: Database;
}

/** Finds the `{server}` of a route, in the resource group that it names. */
export function withServer(handler: (call: ServerCall) => Answer): ArmHandler {
  return (call) => {
    const { server: name = '' } = call.names;
    const group = call.path.resourceGroup ?? '';
    const server = call.world.sql.servers[name.toLowerCase()];
    if (server === undefined || server.resourceGroup.toLowerCase() !== group.toLowerCase()) {
      throw notFound(`Microsoft.Sql/servers/${name}`, group);
    }
    return handler({ ...call, server });
  };
}

/** Finds the `{server}` and the `{database}` of a route. */
export function withDatabase(handler: (call: DatabaseCall) => Answer): ArmHandler {
  return withServer((call) => {
    const { server, names } = call;
    const { database: name = '' } = names;
    const database = server.databases[name.toLowerCase()];
    if (database === undefined) {
      throw notFound(`Microsoft.Sql/servers/${server.name}/databases/${name}`, server.resourceGroup);
    }
    return handler({ ...call, database });
  });
}
