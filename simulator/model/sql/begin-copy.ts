import { armRefusal } from '../arm/refusal.ts';
import type { World } from '../world.ts';
import type { DatabaseRequest } from './database-request.ts';
import { copyOf } from './derive.ts';
import { inject, refuseSource, shape, sourceOf } from './new-database.ts';
import { beginOperation } from './operations.ts';
import { touch } from './serverless.ts';
import type { Database, SqlServer } from './state.ts';

/** Copies by seeding: consistent at one instant somewhere between request and end; here at 60 % of the way. */
export function beginCopy(
  world: World,
  server: SqlServer,
  name: string,
  request: DatabaseRequest,
  now: number,
): Database {
  const source = sourceOf(world, request);
  const busy = Object.values(world.sql.operations).some(
    (one) =>
      one.kind === 'CreateDatabaseAsCopy' &&
      one.state === 'InProgress' &&
      copiesFrom(world, one.databaseId, source.database.contentId),
  );
  if (busy) {
    throw armRefusal(
      409,
      '40565',
      'Database copy failed. No more than 1 concurrent database copy from the same source is allowed. Please drop target database and try again later.',
    );
  }
  if (!['Online', 'Paused', 'Resuming'].includes(source.database.status)) refuseSource(source.database);
  touch(world, source.database, now);
  const duration = world.durations.copy;
  const database = copyOf(world, source.database, name, now + Math.round(duration * 0.6));
  shape(server, database, request);
  database.status = 'Copying';
  database.tags = world.variants['tags-lost-on-copy'] ? {} : (request.tags ?? {});
  database.creationDate = now + Math.round(duration * 0.46);
  const outcome = inject(world, 'copy-suspect') ? 'suspect' : inject(world, 'copy-failed') ? 'failed' : undefined;
  beginOperation(world, server, database, 'CreateDatabaseAsCopy', duration, now, outcome);
  return database;
}

function copiesFrom(world: World, databaseId: string, contentId: string): boolean {
  for (const server of Object.values(world.sql.servers)) {
    for (const database of Object.values(server.databases)) {
      if (database.databaseId === databaseId)
        return world.sql.contents[database.contentId]?.from?.contentId === contentId;
    }
  }
  return false;
}
