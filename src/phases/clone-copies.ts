import type { Database } from '../azure/database-shapes.ts';
import { claimTags } from '../deployment/claim.ts';
import { cloneTags } from '../deployment/clone-tags.ts';
import { cloneName } from '../deployment/names.ts';
import type { Observed, Pair } from '../deployment/observed.ts';
import { Stop } from '../errors.ts';
import { bareName } from '../settings/database-key.ts';
import type { Settings } from '../settings/settings.ts';
import { deleteDatabase } from '../steps/constructors.ts';
import { isDone } from '../steps/done.ts';
import type { Step } from '../steps/steps.ts';
import { refuse } from './refusals.ts';

export function copy(observed: Observed, pair: Pair): Step {
  const clone = cloneName(pair.name, observed.deploymentId);
  return {
    kind: 'copy-database',
    database: pair.underName?.name ?? pair.name,
    clone,
    because: 'visitors will be served from it while the original is updated',
  };
}

export function awaitCopy(observed: Observed, pair: Pair): Step {
  return {
    kind: 'await-copy',
    clone: cloneName(pair.name, observed.deploymentId),
    because: 'nothing can be done with a copy before it is online',
  };
}

export function stamp(observed: Observed, pair: Pair): Step {
  return {
    kind: 'stamp-clone',
    clone: cloneName(pair.name, observed.deploymentId),
    because: 'its content dates from before this instant',
  };
}

/** A copy came out without the tags of its PUT: they are written again when its making is proven. */
export function tagLost(observed: Observed, pair: Pair, settings: Settings): Step {
  const name = pair.clone?.name ?? '';
  const began = observed.madeByCopy[name];
  if (observed.thisRun.copies[name] !== 'accepted' && began === undefined) {
    refuse(
      `Database ${name} has the name of our clone but none of our tags, and Azure does not know that it was made by a copy.`,
      'It is left alone. Rename or delete it, then run "clone" again.',
    );
  }
  return {
    kind: 'tag-clone',
    clone: name,
    tags: {
      ...cloneTags({
        deploymentId: observed.deploymentId,
        source: bareName(pair.name),
        sourceId: pair.underName?.databaseId ?? '',
        // Content may date from any time after the request, and the database is created only half a minute into the copy.
        requestedAt: began || pair.clone?.creationDate || observed.now,
      }),
      ...claimTags(settings, observed, name),
    },
    because: 'the copy came out without the tags of its request',
  };
}

export function dropFailed(observed: Observed, pair: Pair): Step {
  const { clone } = pair;
  if (!clone || isDone(observed, 'delete-database', clone.name)) {
    throw new Stop(
      'failed',
      `Azure could not copy database ${pair.name}: the copy ended as Suspect twice.`,
      'Production is untouched. Look at the health of the original, choose another clone-service-objective, then run "clone" again.',
    );
  }
  return deleteDatabase(clone, 'the copy failed and can only be made again');
}

export function dropStray(database: Database): Step {
  return deleteDatabase(database, 'an earlier attempt of this run asked for it and Azure made it late');
}
