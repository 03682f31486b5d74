import type { Answer } from '../arm/answer.ts';
import type { ServerCall } from './database-call.ts';
import { endSessionsOf } from './end-session.ts';
import { accepted, beginOperation } from './operations.ts';

/**
 * `DELETE …/databases/{name}`: 202, also when it is being dropped already (as recorded); 204 when there is none.
 * Sessions end at once, a copy or restore under way is cancelled.
 */
export function dropDatabase(call: ServerCall): Answer {
  const { world, server, now } = call;
  const database = server.databases[(call.names.database ?? '').toLowerCase()];
  if (database === undefined) return { status: 204 };
  let operation = world.sql.operations[database.operationId ?? ''];
  if (operation?.kind !== 'DropLogicalDatabase') {
    if (operation !== undefined) operation.state = 'Cancelled';
    endSessionsOf(world, database, now);
    operation = beginOperation(world, server, database, 'DropLogicalDatabase', world.durations.drop, now);
  }
  return accepted(call, operation);
}
