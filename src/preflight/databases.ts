import {
  type FailoverGroup,
  getDatabaseFeatures,
  listFailoverGroups,
  listReplicationLinks,
  type ReplicationLink,
} from '../azure/database-parts.ts';
import type { Database } from '../azure/database-shapes.ts';
import type { Scene } from '../context/scene.ts';
import { type Seen, see } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import { azDatabase, onServer, shell } from '../deployment/commands.ts';
import type { DatabasePart, Pair } from '../deployment/observed.ts';
import { placeOf, serverNames, serverOf } from '../deployment/servers.ts';
import { neverRestores } from '../deployment/without-restore.ts';
import { bareName } from '../settings/database-key.ts';
import type { Settings } from '../settings/settings.ts';
import { allFine, failed, listed, unseen, warning } from './verdicts.ts';

/** Pure: the originals exist and are Online. Databases of a data warehouse cannot be copied or set READ_ONLY. */
export function checkOriginals(observed: DatabasePart): readonly Check[] {
  const name = 'databases';
  if (observed.databases.length === 0) {
    const found = `No database of server ${serverNames(observed)} was found in production's connection strings.`;
    return [failed(name, found, 'databases: <name of the database>')];
  }
  const said = observed.databases.map(
    ({ name: database, original }) => `${database} (${original?.serviceObjective || original?.sku.name})`,
  );
  return allFine(name, `${listed(said)} on ${listed(observed.servers.map(({ host }) => host))}.`, [
    ...observed.databases.flatMap((pair) => original(observed, name, pair)),
  ]);
}

function original(part: DatabasePart, name: string, pair: Pair): readonly Check[] {
  const database = pair.original ?? pair.underName;
  const show = azDatabase(part, 'show', pair.name);
  if (!database) {
    const server = serverOf(part, pair.name);
    const found = `There is no database ${bareName(pair.name)} on server ${server.name}. One that is on another server is named with it: databases: <server>/${bareName(pair.name)}.`;
    return [failed(name, found, `az sql db list ${onServer(server)} --query '[].name'`)];
  }
  if (/datawarehouse/i.test(database.sku.tier ?? '') || /datawarehouse/i.test(database.kind)) {
    return [
      failed(name, `${pair.name} is a data warehouse, which cannot be set READ_ONLY.`, 'databases: <other databases>'),
    ];
  }
  if (database.status === 'Paused') {
    const found = `${pair.name} is paused; it wakes up by a login, which takes about a minute.`;
    return [warning(name, found, show)];
  }
  return database.status === 'Online' ? [] : [failed(name, `${pair.name} is ${database.status}.`, show)];
}

export interface ReplicationFacts {
  readonly links: readonly { readonly database: Database; readonly links: Seen<readonly ReplicationLink[]> }[];
  readonly groups: Seen<readonly FailoverGroup[]>;
}

/** A replicated database can be neither renamed nor replaced by a restore. */
export async function checkReplication({
  context,
  settings,
  observed,
}: Scene<DatabasePart>): Promise<readonly Check[]> {
  const { arm, signal } = context;
  const originals = presentOriginals(observed);
  const [groups, links] = await Promise.all([
    see(signal, async () => (await Promise.all(observed.servers.map(({ id }) => listFailoverGroups(arm, id)))).flat()),
    Promise.all(
      originals.map(async (database) => ({
        database,
        links: await see(signal, () => listReplicationLinks(arm, ...placeOf(observed, database.name))),
      })),
    ),
  ]);
  return replication(settings, observed, { groups, links });
}

/** Pure. https://learn.microsoft.com/sql/relational-databases/databases/rename-a-database */
function replication(
  settings: Settings,
  observed: DatabasePart,
  { links, groups }: ReplicationFacts,
): readonly Check[] {
  const name = 'replication';
  const { record } = observed;
  const instead = record
    ? ''
    : ' no-database-rollback: true leaves it as it is; a rollback then brings back the code only.';
  const meant = 'no-database-rollback is true: it stays so, and a rollback brings back the code only.';
  const replicated = (found: string, fix: string) =>
    neverRestores(settings, observed)
      ? warning(name, `${found} ${meant}`, 'rollback-scope: code')
      : failed(name, `${found}${instead}`, fix);
  const geo = (link: ReplicationLink) => /^(GEO|NAMED|STANDBY)$/i.test(link.linkType) && link.partnerServer !== '';
  const inGroup = (database: Database) =>
    (groups.value ?? []).find((group) => group.databases.some((id) => id.toLowerCase() === database.id.toLowerCase()))
      ?.name;
  return allFine(name, 'No database is replicated or in a failover group.', [
    ...(groups.why === undefined ? [] : [unseen(name, groups)]),
    ...links.flatMap(({ database, links: its }): Check[] => {
      if (its.why !== undefined) return [unseen(name, its)];
      const group = inGroup(database);
      if (group !== undefined) {
        const found = `${database.name} is in failover group ${group}: it could be neither renamed nor restored in place.`;
        return [
          replicated(
            found,
            `az sql failover-group update ${onServer(serverOf(observed, database.name))} --name ${shell(group)} --remove-db ${shell(bareName(database.name))}`,
          ),
        ];
      }
      // A copy in progress may show as a link, too; ours do not have an original's name, and their partner is on this server.
      return its.value
        .filter(geo)
        .map((link) =>
          replicated(
            `${database.name} is replicated to ${link.partnerDatabase} on ${link.partnerServer}: it could be neither renamed nor restored in place.`,
            `${azDatabase(observed, 'replica delete-link', database.name)} --partner-server ${shell(link.partnerServer)} --yes`,
          ),
        );
    }),
  ]);
}

/** A ledger remembers its restores; a copy of it must not be mistaken for the original. */
export async function checkFeatures({ context, observed }: Scene<DatabasePart>): Promise<readonly Check[]> {
  const name = 'database features';
  const seen = await Promise.all(
    presentOriginals(observed).map(async (database) => ({
      database,
      features: await see(context.signal, () => getDatabaseFeatures(context.arm, ...placeOf(observed, database.name))),
    })),
  );
  return allFine(
    name,
    'Nothing is on that copies or restores would treat in a way of their own.',
    seen.flatMap(({ database, features }): Check[] => {
      if (features.why !== undefined) return [unseen(name, features)];
      const tier = database.sku.tier ?? '';
      return [
        ...(features.value.ledger
          ? [
              warning(
                name,
                `${database.name} is a ledger database: a restore begins a new incarnation of its ledger, so prefer rollback-scope code.`,
                'Try "clone,read-only" and "cleanup" first: that SET READ_ONLY works on a ledger is nowhere documented.',
              ),
            ]
          : []),
        ...(/hyperscale/i.test(tier)
          ? [
              warning(
                name,
                `${database.name} is Hyperscale: that SET READ_ONLY works there is nowhere documented.`,
                'Try "clone,read-only" and "cleanup" first; visitors notice nothing of it.',
              ),
            ]
          : []),
      ];
    }),
  );
}

/** The originals that are there, under whatever name. */
export function presentOriginals(observed: DatabasePart): readonly Database[] {
  return observed.databases.flatMap((pair) => pair.original ?? pair.underName ?? []);
}
