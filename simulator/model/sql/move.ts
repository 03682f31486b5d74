import type { Answer } from '../arm/answer.ts';
import { armRefusal } from '../arm/refusal.ts';
import type { World } from '../world.ts';
import type { DatabaseCall } from './database-call.ts';
import { sessionsOf } from './end-session.ts';
import { refuseWhileBusy } from './operations.ts';
import type { Database, SqlServer } from './state.ts';

/**
 * `POST …/databases/{name}/move`: a rename, answered 200 with nothing (as recorded). The `databaseId` stays.
 * Logins under the new name work `durations.move` later: in Azure the request itself takes that long.
 *
 * Open connections: what the ARM request does is not documented; T-SQL refuses with 5030, and so does the model.
 * Variant `rename-waits-for-connections`: the request gets no answer in time (504) and the rename happens when the
 * last connection has gone.
 */
export function moveDatabase({ world, server, database, body, now }: DatabaseCall): Answer {
  const target = targetName(world, server, body);
  refuseWhileBusy(server, database);
  if (isReplicated(server, database)) {
    throw armRefusal(
      409,
      'InvalidOperationForDatabaseInReplicationRelationship',
      `The operation cannot be performed since the database '${database.name}' is in a replication relationship.`,
    );
  }
  if (server.databases[target.toLowerCase()] !== undefined || target.toLowerCase() === 'master') {
    throw armRefusal(
      400,
      'DatabaseNameInUse',
      `The database name '${target}' is already in use on server '${server.name}'.`,
    );
  }
  if (sessionsOf(world, database).length > 0) {
    if (world.variants['rename-waits-for-connections']) {
      database.renameTo = target;
      throw armRefusal(504, 'RequestTimeout', 'The request did not complete in the allotted time.');
    }
    throw armRefusal(409, '5030', 'The database could not be exclusively locked to perform the operation.');
  }
  delete server.databases[database.name.toLowerCase()];
  database.name = target;
  server.databases[target.toLowerCase()] = database;
  database.availableFrom = now + world.durations.move;
  return { status: 200 };
}

function targetName(world: World, server: SqlServer, body: unknown): string {
  const id = typeof body === 'object' && body !== null && 'id' in body ? String(body.id) : '';
  const match =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Sql\/servers\/([^/]+)\/databases\/([^/]+)$/i.exec(
      id,
    );
  if (match === null) throw armRefusal(400, 'InvalidMoveTargetResourceId', `'${id}' is not the id of a database.`);
  const [, subscription = '', group = '', serverName = '', name = ''] = match;
  const mismatch = (what: string) =>
    armRefusal(400, `Mismatching${what}WithUrl`, `The ${what} in the target id differs from the one in the url.`);
  if (subscription.toLowerCase() !== world.subscriptionId.toLowerCase()) throw mismatch('Subscription');
  if (group.toLowerCase() !== server.resourceGroup.toLowerCase()) throw mismatch('ResourceGroupName');
  if (serverName.toLowerCase() !== server.name.toLowerCase()) throw mismatch('ServerName');
  return decodeURIComponent(name);
}

function isReplicated(server: SqlServer, database: Database): boolean {
  if (database.replicationLinks.length > 0) return true;
  return Object.values(server.failoverGroups).some((group) =>
    group.databases.some((name) => name.toLowerCase() === database.name.toLowerCase()),
  );
}
