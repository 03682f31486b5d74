import type { Database } from '../azure/database-shapes.ts';
import { createRestore, getDatabase } from '../azure/databases.ts';
import type { Scene } from '../context/scene.ts';
import { cloneTags } from '../deployment/clone-tags.ts';
import { OUR_TAG, RESTORED_TO } from '../deployment/our-tags.ts';
import { placeOf } from '../deployment/servers.ts';
import { Stop } from '../errors.ts';

/** What is restored where, and what its tags say of it beside deployment and instant. */
export interface NewRestore {
  readonly source: Database;
  readonly target: string;
  /** ISO 8601, UTC. */
  readonly point: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Asks for a restore that is like its source in size, pool, redundancy and tags; nothing when the name is there already.
 * Safety rule 3: the name must be free, and Azure must call the operation a restore.
 * @param again how to go on, as the end of a sentence. @throws Stop `drifted` when Azure has taken the request for something else.
 */
export async function askForRestore(
  scene: Scene,
  { source, target, point, tags }: NewRestore,
  again: string,
): Promise<void> {
  const { arm } = scene.context;
  const { deploymentId } = scene.observed;
  const at = placeOf(scene.observed, target);
  scene.context.known.made.add(target);
  if (await getDatabase(arm, ...at)) return;
  const operation = await createRestore(arm, ...at, source.id, point, {
    location: source.location,
    ...(source.elasticPoolId
      ? { elasticPoolId: source.elasticPoolId }
      : { sku: source.sku, ...(source.zoneRedundant ? { zoneRedundant: true } : {}) }),
    ...(source.backupStorageRedundancy ? { backupStorageRedundancy: source.backupStorageRedundancy } : {}),
    ...(source.autoPauseDelay === null ? {} : { autoPauseDelay: source.autoPauseDelay }),
    ...(source.autoPauseDelay === null || source.minCapacity === null ? {} : { minCapacity: source.minCapacity }),
    tags: {
      ...Object.fromEntries(Object.entries(source.tags).filter(([name]) => !OUR_TAG.test(name))),
      ...cloneTags({ deploymentId }),
      [RESTORED_TO]: point,
      ...tags,
    },
  });
  if (operation === 'CreateRestoreRequest') return;
  throw new Stop(
    'drifted',
    `Azure answered the request to restore to ${target} with the operation "${operation}".`,
    `A database ${target} may have appeared in the same moment: look at it in the portal, then ${again}.`,
  );
}
