import { armRefusal } from '../arm/refusal.ts';
import type { World } from '../world.ts';
import type { DatabaseRequest } from './database-request.ts';
import { earliestRestore } from './databases.ts';
import { restoreOf } from './derive.ts';
import { inject, refuseSource, shape, sourceOf } from './new-database.ts';
import { beginOperation } from './operations.ts';
import { waitForTurn } from './restores-at-once.ts';
import type { Database, SqlServer } from './state.ts';

/**
 * Restores to an instant. When the log of that instant is not backed up yet, the service waits for the backup
 * (recorded: 8 minutes for a point 6 s old, 3 to 4.5 for older ones). A point before the earliest one is refused by
 * the operation, not by the request; one in the future by the request: which codes Azure uses there is not known.
 */
export function beginRestore(
  world: World,
  server: SqlServer,
  name: string,
  request: DatabaseRequest,
  now: number,
): Database {
  const source = sourceOf(world, request);
  if (source.server !== server)
    throw armRefusal(400, 'InvalidLiveDatabase', 'A database can be restored on its own server only.');
  if (request.restorePointInTime === undefined) {
    throw armRefusal(
      400,
      'MissingRestorePointInTime',
      `The point in time was not specified for restoring live database '${source.database.name}'.`,
    );
  }
  const point = request.restorePointInTime;
  if (point > now)
    throw armRefusal(
      400,
      'InvalidRestorePointInTime',
      `The restore point '${new Date(point).toISOString()}' lies in the future.`,
    );
  if (world.variants['restores-refused'])
    throw armRefusal(
      400,
      'ServerDtuQuotaExceeded',
      `Could not perform the operation because server would exceed the allowed Database Throughput Unit quota.`,
    );
  if (source.database.status === 'Copying' || source.database.status === 'Restoring') refuseSource(source.database);
  const earliest = earliestRestore(source.database, now);
  const tooEarly = earliest === undefined || point < earliest;
  const database = restoreOf(world, source.database, name, point);
  shape(server, database, request);
  database.status = 'Restoring';
  database.tags = request.tags ?? {};
  database.isReadOnly = world.variants['read-only-carried-by-restore'] ? source.database.isReadOnly : false;
  const wait = Math.max(0, nextLogBackup(world, source.database, point) - now, waitForTurn(world, database, now));
  const fails = tooEarly || world.variants['restores-fail'] || inject(world, 'restore-failed');
  const operation = beginOperation(
    world,
    server,
    database,
    'CreateRestoreRequest',
    world.durations.restore + wait,
    now,
    fails ? 'failed' : undefined,
  );
  database.creationDate = operation.endsAt;
  return database;
}

/** Log backups come at a regular pace, here one and a half restores apart. */
function nextLogBackup(world: World, database: Database, point: number): number {
  const pace = Math.max(1, Math.round(world.durations.restore * 1.5));
  return database.backupsFrom + Math.ceil(Math.max(0, point - database.backupsFrom) / pace) * pace;
}
