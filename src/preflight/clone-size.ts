import type { Database } from '../azure/database-shapes.ts';
import type { Scene } from '../context/scene.ts';
import { type Seen, see } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import { onServer, shell } from '../deployment/commands.ts';
import type { DatabasePart, Server } from '../deployment/observed.ts';
import { serverNames, serverOf } from '../deployment/servers.ts';
import type { Settings } from '../settings/settings.ts';
import { presentOriginals } from './databases.ts';
import { databasesIn, lookAtPools, mostDatabases, NO_POOLS, type PoolFacts, poolName } from './pools.ts';
import { allFine, failed, listed, passed, unseen, warning } from './verdicts.ts';

const NAME = 'size of the clones';

/** Whether the clones fit where they are to be made: the same kind of tier, and a pool that exists and has room. */
export async function checkCloneSize({ context, settings, observed }: Scene<DatabasePart>): Promise<readonly Check[]> {
  const { arm, signal } = context;
  const pooled =
    settings.cloneElasticPool !== undefined || presentOriginals(observed).some(({ elasticPoolId }) => elasticPoolId);
  const facts = await see(signal, async () => (pooled ? lookAtPools(arm, observed.servers) : NO_POOLS));
  return cloneSize(settings, observed, facts);
}

/** Pure. https://learn.microsoft.com/azure/azure-sql/database/database-copy */
export function cloneSize(settings: Settings, observed: DatabasePart, facts: Seen<PoolFacts>): readonly Check[] {
  const originals = presentOriginals(observed);
  if (settings.cloneElasticPool === undefined && settings.cloneServiceObjective !== undefined) {
    return objective(observed, originals, settings.cloneServiceObjective);
  }
  const wanted = originals.flatMap((database) => {
    const pool = poolName(settings.cloneElasticPool ?? database.elasticPoolId ?? undefined);
    return pool === undefined ? [] : [{ database, pool }];
  });
  if (wanted.length === 0) return [passed(NAME, 'As the originals.')];
  if (facts.why !== undefined) return [unseen(NAME, facts)];
  return observed.servers.flatMap((server) => {
    const here = wanted.filter(({ database }) => serverOf(observed, database.name) === server);
    return [...new Set(here.map(({ pool }) => pool.toLowerCase()))].flatMap((name) =>
      inPool(
        server,
        facts.value,
        name,
        here.filter(({ pool }) => pool.toLowerCase() === name).map(({ database }) => database),
      ),
    );
  });
}

function objective(observed: DatabasePart, originals: readonly Database[], wanted: string): readonly Check[] {
  const group = tierOfObjective(wanted);
  const list = `az sql db list-editions --location ${shell(originals[0]?.location ?? '')} --output table`;
  if (group === undefined) {
    return [warning(NAME, `Service objective ${wanted} is not known here.`, list)];
  }
  return allFine(
    NAME,
    `${wanted} for every clone, on ${serverNames(observed)}.`,
    originals
      .filter((database) => !fits(group, database.sku.tier ?? ''))
      .map((database) =>
        failed(
          NAME,
          `A copy of ${database.name} (${database.sku.tier}) cannot be made as ${wanted}: a copy stays in its kind of tier.`,
          `clone-service-objective: ${database.serviceObjective || '<one of the same tier>'}`,
        ),
      ),
  );
}

function inPool(server: Server, facts: PoolFacts, name: string, clones: readonly Database[]): readonly Check[] {
  const pool = facts.pools.find(
    (each) => each.name.toLowerCase() === name && each.id.toLowerCase().startsWith(`${server.id.toLowerCase()}/`),
  );
  const list = `az sql elastic-pool list ${onServer(server)} --query '[].name'`;
  if (!pool) return [failed(NAME, `There is no elastic pool ${name} on server ${server.name}.`, list)];
  const inside = databasesIn(facts, pool);
  const limit = mostDatabases(pool);
  const foreign = clones.filter((database) => !fits(pool.tier, database.sku.tier ?? ''));
  return allFine(NAME, `In pool ${pool.name} (${pool.tier}), beside ${inside.length} databases.`, [
    ...foreign.map((database) =>
      failed(
        NAME,
        `A copy of ${database.name} (${database.sku.tier}) cannot be made in pool ${pool.name} (${pool.tier}).`,
        'clone-elastic-pool: <a pool of the same tier>',
      ),
    ),
    ...(inside.length + clones.length > limit
      ? [
          failed(
            NAME,
            `Pool ${pool.name} holds ${inside.length} databases, and takes ${limit} at most at its size (${pool.tier} ${pool.capacity}): ${listed(clones.map((each) => `the clone of ${each.name}`))} would not fit.`,
            'clone-service-objective: <a size outside the pool>',
          ),
        ]
      : []),
  ]);
}

function tierOfObjective(name: string): string | undefined {
  if (/^Basic$/i.test(name)) return 'Basic';
  if (/^S\d+$/i.test(name)) return 'Standard';
  if (/^P\d+$/i.test(name)) return 'Premium';
  if (/^GP_/i.test(name)) return 'GeneralPurpose';
  if (/^BC_/i.test(name)) return 'BusinessCritical';
  return /^HS_/i.test(name) ? 'Hyperscale' : undefined;
}

/** Standard and General Purpose take each other's copies, as do Premium and Business Critical. */
const KINDS: readonly (readonly string[])[] = [
  ['basic'],
  ['standard', 'generalpurpose'],
  ['premium', 'businesscritical'],
  ['hyperscale'],
];

function fits(one: string, other: string): boolean {
  const kind = (tier: string) => KINDS.findIndex((kinds) => kinds.includes(tier.toLowerCase()));
  return kind(one) === kind(other);
}
