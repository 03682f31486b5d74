import type { ModelResponse, World } from '../world.ts';
import { answer } from './answer.ts';
import { endSessionsOf } from './end-session.ts';
import { beginOperation, operationHeaders, startedBody } from './operations.ts';
import { type Route, serverOf } from './route.ts';

/**
 * `DELETE …/databases/{name}`: 202, also when it is being dropped already (as recorded); 204 when there is none.
 * Sessions end at once, a copy or restore under way is cancelled.
 */
export function dropDatabase(world: World, route: Route, now: number): ModelResponse {
  const server = serverOf(world, route);
  const database = server.databases[(route.segments[3] ?? '').toLowerCase()];
  if (database === undefined) return answer(world, now, 204);
  let operation = world.sql.operations[database.operationId ?? ''];
  if (operation?.kind !== 'DropLogicalDatabase') {
    if (operation !== undefined) operation.state = 'Cancelled';
    endSessionsOf(world, database, now);
    operation = beginOperation(world, server, database, 'DropLogicalDatabase', world.durations.drop, now);
  }
  return answer(world, now, 202, startedBody(operation), operationHeaders(world, server, route, operation));
}
