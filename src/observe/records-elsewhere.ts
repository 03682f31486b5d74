import type { Database } from '../azure/database-shapes.ts';
import { getDatabase } from '../azure/databases.ts';
import { azureSaid } from '../azure/failure.ts';
import { seekServer } from '../azure/servers.ts';
import type { Context } from '../context/context.ts';
import { type CloneTags, parseCloneTags, RECORD_ON } from '../deployment/clone-tags.ts';
import { parseName, sameName } from '../deployment/names.ts';
import type { Other } from '../deployment/observed.ts';
import { inKey } from '../settings/database-key.ts';
import { absoluteOf, type DatabaseLook } from './database-look.ts';
import { findRecords } from './records.ts';

/**
 * What the clones of another app's deployment say of it where it has databases on several servers: its record may lie on one that
 * this app has nothing to do with.
 */
export interface Elsewhere {
  /** Databases with records, on other servers than those of this app. */
  readonly records: readonly Database[];
  /** Deployments whose record this identity may not read. */
  readonly unreadable: ReadonlySet<string>;
}

/** Reads the records of other apps that clones on these servers name. @param servers names of those that are looked at. */
export async function recordsElsewhere(
  context: Context,
  { named }: DatabaseLook,
  servers: readonly string[],
): Promise<Elsewhere> {
  const far = pointers(named).filter(({ on, isBad }) => !isBad && !servers.some((name) => sameName(name, on.server)));
  const distinct = [...new Map(far.map((each) => [each.tags.recordOn, each])).values()];
  const unreadable = new Set(pointers(named).flatMap(({ isBad, tags }) => (isBad ? [tags.deploymentId] : [])));
  const records = await Promise.all(
    distinct.map(async ({ tags, on }) => {
      try {
        const { arm, app } = context;
        const server = await seekServer(arm, app.subscriptionId, on.server ?? '', app.resourceGroup);
        if (server) return await getDatabase(arm, server.id, on.name);
      } catch (error) {
        if (azureSaid(error)?.status !== 403) throw error;
      }
      unreadable.add(tags.deploymentId);
      return null;
    }),
  );
  return { records: records.filter((database) => database !== null), unreadable };
}

/** The servers of this app's own records, as its clones name them. */
export function ownRecordServers({ named }: DatabaseLook, app: string): readonly string[] {
  return pointers(named).flatMap(({ tags, on }) => (tags.app === app && on.server !== undefined ? [on.server] : []));
}

/**
 * Deployments of which only a clone tells. A record that may not be read counts as held; one that is not there as a claim: it is about
 * to come, or to go, and whoever has the larger id gives way.
 * @param ours the originals of this app, each with its server.
 */
export function onlyPointedTo(
  look: DatabaseLook,
  { unreadable }: Elsewhere,
  app: string,
  ours: readonly string[],
  deploymentId: string,
): readonly Other[] {
  const { records, unread } = findRecords(look);
  const known = new Set([...records.map(({ record }) => record), ...unread].map((of) => of.deploymentId));
  const found = pointers(look.named).filter(
    ({ tags, original }) =>
      tags.deploymentId !== deploymentId &&
      !known.has(tags.deploymentId) &&
      (tags.app === app || ours.includes(original)),
  );
  const distinct = [...new Map(found.map((each) => [each.tags.deploymentId, each])).values()];
  return distinct.map(({ tags, database, original }) => ({
    deploymentId: tags.deploymentId,
    app: tags.app ?? 'another app',
    run:
      tags.recordOn === undefined
        ? 'that nobody can read'
        : `that its record on server ${inKey(tags.recordOn).server} names`,
    actor: 'somebody',
    lock: unreadable.has(tags.deploymentId) ? 'held' : 'claim',
    databases: [original],
    claim: database.id,
  }));
}

/** Clones that say where their record is, also in words that nobody can read. */
function pointers(named: readonly Database[]) {
  return named.flatMap((database) => {
    const [parsed, name] = [parseCloneTags(database.tags), parseName(database.name)];
    if (parsed === undefined || name?.kind !== 'clone') return [];
    const isBad = 'bad' in parsed;
    const tags: Pick<CloneTags, 'deploymentId' | 'app' | 'recordOn'> = isBad ? name : parsed.read;
    if (isBad ? database.tags[RECORD_ON] === undefined : tags.recordOn === undefined) return [];
    const original = absoluteOf({ ...database, name: name.database });
    return [{ database, isBad, tags, on: inKey(tags.recordOn ?? ''), original }];
  });
}
