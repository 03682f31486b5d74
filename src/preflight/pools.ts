import type { Arm } from '../azure/arm.ts';
import { type ElasticPool, listElasticPools } from '../azure/database-parts.ts';
import type { Database } from '../azure/database-shapes.ts';
import { listDatabases } from '../azure/databases.ts';

export interface PoolFacts {
  readonly pools: readonly ElasticPool[];
  /** All databases of these servers. */
  readonly databases: readonly Database[];
}

/** Where no database is in a pool, nobody asks. */
export const NO_POOLS: PoolFacts = { pools: [], databases: [] };

/** The elastic pools of servers, and what may be in them. */
export async function lookAtPools(arm: Arm, servers: readonly { readonly id: string }[]): Promise<PoolFacts> {
  const [pools, databases] = await Promise.all([
    Promise.all(servers.map(({ id }) => listElasticPools(arm, id))),
    Promise.all(servers.map(({ id }) => listDatabases(arm, id))),
  ]);
  return { pools: pools.flat(), databases: databases.flat() };
}

export function databasesIn({ databases }: PoolFacts, pool: ElasticPool): readonly Database[] {
  return databases.filter(({ elasticPoolId }) => elasticPoolId?.toLowerCase() === pool.id.toLowerCase());
}

/** How many databases a pool takes at its size. */
export function mostDatabases({ tier, capacity }: ElasticPool): number {
  return MOST[tier.toLowerCase()]?.find(([upTo]) => capacity <= upTo)?.[1] ?? 500;
}

/** The name in the resource id of a pool, or the name itself. */
export function poolName(pool: string | undefined): string | undefined {
  return pool?.split('/').at(-1);
}

/**
 * By eDTUs or vCores, ascending: up to so many, so many databases.
 * https://learn.microsoft.com/azure/azure-sql/database/resource-limits-dtu-elastic-pools
 * https://learn.microsoft.com/azure/azure-sql/database/resource-limits-vcore-elastic-pools
 */
const MOST: Readonly<Record<string, readonly (readonly [capacity: number, databases: number])[]>> = {
  basic: [
    [50, 100],
    [100, 200],
    [Infinity, 500],
  ],
  standard: [
    [50, 100],
    [100, 200],
    [Infinity, 500],
  ],
  premium: [
    [125, 50],
    [Infinity, 100],
  ],
  generalpurpose: [
    [2, 100],
    [4, 200],
    [Infinity, 500],
  ],
  businesscritical: [
    [4, 50],
    [Infinity, 100],
  ],
  hyperscale: [[Infinity, 25]],
};
