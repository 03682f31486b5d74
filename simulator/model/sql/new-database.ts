import { armRefusal } from '../arm/refusal.ts';
import { Unmodelled, type World } from '../world.ts';
import type { DatabaseRequest } from './database-request.ts';
import { pooledSku } from './derive.ts';
import { findByResourceId } from './lookup.ts';
import type { Database, ElasticPool, InjectedOutcome, SqlServer } from './state.ts';

/** Gives a database the size and place that the request names. */
export function shape(server: SqlServer, database: Database, request: DatabaseRequest): void {
  const { change } = request;
  if (change.elasticPoolId !== undefined) {
    const pool = Object.values(server.elasticPools).find((one) =>
      change.elasticPoolId?.toLowerCase().endsWith(`/elasticpools/${one.name.toLowerCase()}`),
    );
    if (pool === undefined)
      throw armRefusal(
        400,
        'ElasticPoolNotFound',
        `The elastic pool '${change.elasticPoolId}' does not exist on server '${server.name}'.`,
      );
    refuseWhenFull(server, pool);
    database.sku = pooledSku(pool.sku);
  } else if (change.sku !== undefined) {
    delete database.elasticPoolId;
  }
  if (change.autoPauseDelay !== undefined && !database.sku.name.includes('_S_') && !change.sku?.name.includes('_S_')) {
    throw new Unmodelled(`autoPauseDelay of a database of size ${change.sku?.name ?? database.sku.name}`);
  }
  Object.assign(database, change);
  if (change.sku !== undefined && !change.sku.name.includes('_S_')) {
    delete database.autoPauseDelay;
    delete database.minCapacity;
  }
  if (database.sku.name.includes('_S_')) {
    // Where nothing is said, an hour: https://learn.microsoft.com/azure/azure-sql/database/serverless-tier-overview
    database.autoPauseDelay ??= 60;
    database.minCapacity ??= 0.5;
  }
}

/** A pool takes so many databases and no more; the code is not known from a recording. */
function refuseWhenFull(server: SqlServer, pool: ElasticPool): void {
  const inside = Object.values(server.databases).filter((one) =>
    one.elasticPoolId?.toLowerCase().endsWith(`/elasticpools/${pool.name.toLowerCase()}`),
  );
  if (pool.maxDatabases === undefined || inside.length < pool.maxDatabases) return;
  throw armRefusal(
    400,
    'ElasticPoolDatabaseCountOverLimit',
    `The elastic pool '${pool.name}' has reached its database count limit (${pool.maxDatabases}).`,
  );
}

/** What a copy or restore is made of. */
export function sourceOf(world: World, request: DatabaseRequest): { server: SqlServer; database: Database } {
  if (request.sourceDatabaseId === undefined)
    throw armRefusal(400, 'MissingSourceDatabaseId', 'The source database id is missing.');
  const source = findByResourceId(world, request.sourceDatabaseId);
  if (source === undefined)
    throw armRefusal(
      400,
      'SourceDatabaseNotFound',
      `The source database '${request.sourceDatabaseId}' does not exist.`,
    );
  return source;
}

/** The source is in no state to be read from. */
export function refuseSource(database: Database): never {
  throw armRefusal(
    409,
    'DatabaseUnavailable',
    `The source database '${database.name}' is in state '${database.status}'.`,
  );
}

/** Takes one injected outcome, when there is one. */
export function inject(world: World, outcome: InjectedOutcome): boolean {
  const place = world.sql.injected.indexOf(outcome);
  if (place < 0) return false;
  world.sql.injected.splice(place, 1);
  return true;
}
