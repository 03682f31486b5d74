import type { ElasticPool } from '../azure/database-parts.ts';
import type { Scene } from '../context/scene.ts';
import { type Seen, see } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import { onServer, shell } from '../deployment/commands.ts';
import { sameName } from '../deployment/names.ts';
import type { DatabasePart, Pair } from '../deployment/observed.ts';
import { preparedFor } from '../deployment/prepared-restore.ts';
import { serverOf } from '../deployment/servers.ts';
import type { Settings } from '../settings/settings.ts';
import { databasesIn, lookAtPools, mostDatabases, NO_POOLS, type PoolFacts, poolName } from './pools.ts';
import { allFine, failed, listed, unseen, warning } from './verdicts.ts';

const NAME = 'room for a restore';

/** A rollback of the database restores beside what is there: its pool must take one more for each original, the clones included. */
export async function checkRestoreRoom({
  context,
  settings,
  observed,
}: Scene<DatabasePart>): Promise<readonly Check[]> {
  const { arm, signal } = context;
  const isPooled = observed.databases.some(({ original }) => original?.elasticPoolId);
  const facts = await see(signal, async () => (isPooled ? lookAtPools(arm, observed.servers) : NO_POOLS));
  return restoreRoom(settings, observed, facts);
}

/** Pure. Before the point of no return it may never be needed; once a restore is next, it would be refused half-way. */
function restoreRoom(settings: Settings, observed: DatabasePart, facts: Seen<PoolFacts>): readonly Check[] {
  if (facts.why !== undefined) return [unseen(NAME, facts)];
  const pools = facts.value.pools.filter((pool) => originalsIn(observed, pool).length > 0);
  if (pools.length === 0) return [];
  return allFine(
    NAME,
    'There is room beside the originals.',
    pools.flatMap((pool) => room(settings, observed, facts.value, pool)),
  );
}

function room(settings: Settings, observed: DatabasePart, facts: PoolFacts, pool: ElasticPool): readonly Check[] {
  const originals = originalsIn(observed, pool);
  const point = settings.rollbackPoint ?? observed.record?.rollbackPoint;
  const isThere = (pair: Pair) => ['ready', 'under-way'].includes(preparedFor(pair, observed.deploymentId, point));
  const restores = originals.filter((pair) => pair.restored === null && !isThere(pair)).length;
  const clones = comeHere(settings, pool) ? originals.filter(({ clone }) => clone === null).length : 0;
  const inside = databasesIn(facts, pool).length;
  const limit = mostDatabases(pool);
  if (inside + clones + restores <= limit) return [];
  const found = `Pool ${pool.name} holds ${inside} databases and takes ${limit} at most at its size (${pool.tier} ${pool.capacity}): a rollback of the database could not restore beside ${listed(originals.map(({ name }) => name))}.`;
  const larger = `az sql elastic-pool update ${onServer(serverOf(observed, originals[0]?.name ?? ''))} --name ${shell(pool.name)} --capacity '<more>' (or move databases out of it)`;
  return [observed.record?.deployBegun === undefined ? warning(NAME, found, larger) : failed(NAME, found, larger)];
}

/** The clones go where the originals are, unless the inputs say otherwise. */
function comeHere({ cloneElasticPool, cloneServiceObjective }: Settings, pool: ElasticPool): boolean {
  if (cloneElasticPool !== undefined) return sameName(poolName(cloneElasticPool), pool.name);
  return cloneServiceObjective === undefined;
}

function originalsIn({ databases }: DatabasePart, { id }: ElasticPool): readonly Pair[] {
  return databases.filter(({ original }) => sameName(original?.elasticPoolId ?? '', id));
}
