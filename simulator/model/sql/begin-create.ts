import { propertiesOf } from '../arm/call.ts';
import { Unmodelled } from '../world.ts';
import { addDatabase } from './create.ts';
import type { ServerCall } from './database-call.ts';
import type { DatabaseRequest } from './database-request.ts';
import { shape } from './new-database.ts';
import { beginOperation } from './operations.ts';
import { usualSize } from './size.ts';
import type { Database } from './state.ts';

/** The collation of every database of the model. */
const COLLATION = 'SQL_Latin1_General_CP1_CI_AS';

/** Begins an empty database. It has the size of Azure's choice where none is named: GP_Gen5_2. */
export function beginCreate(call: ServerCall, name: string, request: DatabaseRequest): Database {
  const { world, server, now } = call;
  const { collation = COLLATION } = propertiesOf(call.body);
  if (collation !== COLLATION && collation !== null) throw new Unmodelled(`a database with the collation ${collation}`);
  const database = addDatabase(
    world,
    server,
    {
      name,
      status: 'Creating',
      sku: { name: 'GP_Gen5', tier: 'GeneralPurpose', family: 'Gen5', capacity: 2 },
      tags: request.tags ?? {},
      creationDate: now,
      availableFrom: Number.MAX_SAFE_INTEGER,
      // Not before the operation has ended; set then.
      backupsFrom: Number.MAX_SAFE_INTEGER,
    },
    now,
  );
  shape(server, database, request);
  if (request.change.maxSizeBytes === undefined) database.maxSizeBytes = usualSize(database.sku.tier);
  beginOperation(world, server, database, 'CreateLogicalDatabase', world.durations.copy, now);
  return database;
}
