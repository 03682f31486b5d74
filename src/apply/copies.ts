import { isBeingCopied } from '../azure/conflicts.ts';
import type { Database } from '../azure/database-shapes.ts';
import { createCopy, getDatabase, type NewDatabase } from '../azure/databases.ts';
import { azureSaid } from '../azure/failure.ts';
import { azureNow, type Change, type Scene, sevenDecimals } from '../context/scene.ts';
import { writeTags } from '../context/write-record.ts';
import { claimTags } from '../deployment/claim.ts';
import { cloneTags } from '../deployment/clone-tags.ts';
import { OUR_TAG } from '../deployment/our-tags.ts';
import { placeOf, serverOf } from '../deployment/servers.ts';
import { Stop } from '../errors.ts';
import { bareName } from '../settings/database-key.ts';
import type { StepOf } from '../steps/steps.ts';
import { waitFor } from '../wait.ts';
import { awaitedDatabase } from './awaited-database.ts';
import { contentAtFirst } from './copy-content.ts';
import { databaseProgress } from './database-progress.ts';
import { whenNotBusy } from './when-idle.ts';

type CopyStep = StepOf<'copy-database' | 'await-copy' | 'tag-clone' | 'stamp-clone'>;

/** Copies of large databases take hours; the job's own limit ends the wait, and a new run goes on with it. */
const COPY_MS = 24 * 3_600_000;
/** A rival that withdraws deletes its copy within this. */
const RIVAL_MS = 300_000;
const ABSENT_MS = 60_000;

export async function applyCopy(scene: Scene, step: CopyStep): Promise<Change> {
  switch (step.kind) {
    case 'copy-database':
      return begunCopy(scene, step);
    case 'await-copy':
      return awaitCopy(scene, step.clone);
    case 'tag-clone':
      await writeTags(scene, step.clone, step.tags);
      return {};
    case 'stamp-clone': {
      // One second later than the Date header, which is cut to seconds: never before the copy was complete.
      const completedAt = sevenDecimals(new Date(azureNow(scene).getTime() + 1000));
      const content = await contentAtFirst(scene, step.clone);
      await writeTags(scene, step.clone, cloneTags({ completedAt, ...(content ? { content } : {}) }));
      return {};
    }
  }
}

/** Safety rule 3: GET must say 404, each time, and Azure must call the operation a copy. */
async function copyDatabase(scene: Scene, step: StepOf<'copy-database'>): Promise<Change> {
  const { arm } = scene.context;
  const { observed, settings } = scene;
  const { databases, deploymentId } = observed;
  const source = await getDatabase(arm, ...placeOf(observed, step.database));
  if (!source)
    throw new Stop('failed', `Database ${step.database} is gone.`, 'Look at the server, then run "clone" again.');
  if (await getDatabase(arm, ...placeOf(observed, step.clone))) return {};
  const pair = databases.find((each) => each.underName?.databaseId === source.databaseId);
  const tags = {
    ...Object.fromEntries(Object.entries(source.tags).filter(([name]) => !OUR_TAG.test(name))),
    ...cloneTags({
      deploymentId,
      source: bareName(pair?.name ?? source.name),
      sourceId: source.databaseId,
      requestedAt: sevenDecimals(azureNow(scene)),
    }),
    ...claimTags(settings, observed, step.clone, sevenDecimals(azureNow(scene))),
  };
  scene.context.known.made.add(step.clone);
  const wanted = { ...sizeOf(scene, step, source), tags };
  const operation = await createCopy(arm, ...placeOf(observed, step.clone), source.id, wanted);
  if (operation !== 'CreateDatabaseAsCopy') {
    throw new Stop(
      'drifted',
      `Azure answered the request to copy ${step.database} to ${step.clone} with the operation "${operation}".`,
      `A database ${step.clone} may have appeared in the same moment: look at it in the portal, then run "clone" again.`,
    );
  }
  return { copies: { [step.clone]: 'accepted' } };
}

/**
 * Azure makes one copy of a database at a time. Whose the other one is decides about us: look again first. When it is not
 * known, the rival may be one that is withdrawing: that is waited for.
 */
async function begunCopy(scene: Scene, step: StepOf<'copy-database'>): Promise<Change> {
  const { ports, signal } = scene.context;
  const mayWait = scene.observed.thisRun.copies[step.clone] === 'refused';
  return waitFor<Change>(ports.clock, ports.log, {
    what: `Azure to copy database ${step.database}`,
    deadlineMs: RIVAL_MS,
    otherwise: `Somebody else copies ${step.database}: wait until that copy has ended, then run "clone" again.`,
    signal,
    async look() {
      try {
        return { done: await whenNotBusy(scene, `copy database ${step.database}`, () => copyDatabase(scene, step)) };
      } catch (error) {
        if (!isBeingCopied(azureSaid(error))) throw error;
        if (mayWait) return { seen: 'another copy of it is under way' };
        return { done: { copies: { [step.clone]: 'refused' } } };
      }
    },
  });
}

/** The clone's size: as the user says, otherwise the original's, so that it carries production's load. */
function sizeOf(
  { settings, observed }: Scene,
  { clone }: StepOf<'copy-database'>,
  source: Database,
): Omit<NewDatabase, 'tags'> {
  const { cloneElasticPool: pool, cloneServiceObjective: objective } = settings;
  const common = {
    location: source.location,
    ...(source.backupStorageRedundancy ? { backupStorageRedundancy: source.backupStorageRedundancy } : {}),
  };
  if (pool !== undefined) {
    return { ...common, elasticPoolId: `${serverOf(observed, clone).id}/elasticPools/${pool}` };
  }
  if (objective === undefined && source.elasticPoolId) return { ...common, elasticPoolId: source.elasticPoolId };
  const sku = objective === undefined ? source.sku : { name: objective };
  return { ...common, sku, ...(isServerless(sku) ? { autoPauseDelay: NEVER } : {}) };
}

/**
 * A serverless clone must not fall asleep under the visitors: where nothing is said it does so after an hour. Only these
 * sizes know the property. https://learn.microsoft.com/azure/azure-sql/database/serverless-tier-overview
 */
const NEVER = -1;

function isServerless({ name }: { readonly name: string }): boolean {
  return /^GP_S_/i.test(name);
}

async function awaitCopy(scene: Scene, clone: string): Promise<Change> {
  const { ports, signal } = scene.context;
  let absentSince: number | undefined;
  return waitFor<Change>(ports.clock, ports.log, {
    what: `the copy ${clone}`,
    deadlineMs: COPY_MS,
    otherwise: 'Look at the copy in the Azure portal, then run "clone" again.',
    signal,
    progress: () => databaseProgress(scene, clone),
    async look() {
      const database = await awaitedDatabase(scene, clone);
      // What becomes of a copy that failed is for the plan to say.
      if (database?.status === 'Online' || database?.status === 'Suspect') return { done: {} };
      // Azure may need a while until it shows what it has accepted; a copy that vanished has failed.
      absentSince = database ? undefined : (absentSince ?? ports.clock.now());
      if (absentSince !== undefined && ports.clock.now() - absentSince > ABSENT_MS) {
        throw new Stop(
          'failed',
          `The copy ${clone} is not there (any more): Azure gave it up, or somebody deleted it.`,
          'Production is untouched. Look at the activity log of the server for the reason (quota, size, policy), then run "clone" again.',
        );
      }
      return { seen: database ? database.status : 'not shown yet' };
    },
  });
}
