import type { Database } from '../azure/database-shapes.ts';
import { cloneTags } from '../deployment/clone-tags.ts';
import { cloneName } from '../deployment/names.ts';
import type { Observed, Other, Pair } from '../deployment/observed.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { recordTags } from '../deployment/record-tags.ts';
import { windowOpen } from '../deployment/state.ts';
import { Stop } from '../errors.ts';
import { redirected } from '../preflight/connections.ts';
import { checkOriginals } from '../preflight/databases.ts';
import { refuseFailed } from '../preflight/guard.ts';
import { checkNames, checkTags } from '../preflight/names.ts';
import { checkSticky } from '../preflight/sticky.ts';
import type { Settings } from '../settings.ts';
import type { Plan, Step } from '../steps.ts';
import { lockDecision } from './lock.ts';
import { inOrder, type Phase, refuse, stopOnDrift } from './phase.ts';

export const clone: Phase = {
  name: 'clone',
  promise:
    'Every database has a clone that this deployment made by a copy, online and read-only; this deployment holds the lock.',
  changes: true,
  looksInside: ['clones'],
  plan,
};

function plan(settings: Settings, observed: Observed): Plan {
  const { record } = observed;
  if (observed.databases.length === 0) {
    refuse(
      `No database of server ${observed.server.host} was found in production's connection strings.`,
      'Name the databases with input "databases".',
    );
  }
  if (record?.cloned !== undefined && windowOpen(observed)) return [];
  stopOnDrift(observed);
  if (observed.strays.length > 0) return [observed.strays.map(dropStray)];
  const decision = lockDecision(observed);
  const lost = observed.databases.filter((pair) => pair.clone && !pair.cloneTags);
  // A copy without our tags cannot be withdrawn: it is tagged first.
  if (decision.kind === 'refuse' && lost.length === 0) return withdraw(observed, decision.owner);
  for (const pair of observed.databases) if (!pair.clone && !pair.underName) throw missing(pair.name);

  // Tags may show late, and a database that is being copied takes none for as long as that lasts.
  const unready = lost.filter((pair) => pair.clone?.status === 'Copying' || pair.clone?.status === 'Creating');
  if (unready.length > 0) return [unready.map((pair) => awaitCopy(observed, pair))];
  if (lost.length > 0) return [lost.map((pair) => tagLost(observed, pair, settings))];
  // Whoever has no claim yet came later than every claim that shows, whatever the ids say.
  const [claimed] = decision.kind === 'wait' ? decision.claims : [];
  if (record === null && claimed) return withdraw(observed, claimed);
  const failed = observed.databases.filter((pair) => pair.clone?.status === 'Suspect');
  if (failed.length > 0) return [failed.map((pair) => dropFailed(observed, pair))];

  if (record === null) {
    refuseUsedId(observed);
    refuseFailed('clone', [
      ...checkOriginals(observed),
      ...checkNames(observed),
      ...checkTags(observed),
      ...redirected(settings, observed),
      ...checkSticky(settings, observed),
    ]);
  }
  const toCopy = observed.databases.filter((pair) => !pair.clone);
  const copying = observed.databases.filter((pair) => pair.clone && pair.clone.status !== 'Online');
  const unstamped = observed.databases.filter((pair) => pair.clone && pair.cloneTags?.completedAt === undefined);
  if (toCopy.length > 0 && record?.cloned !== undefined) {
    refuse(
      `The clone of ${toCopy.map((pair) => pair.name).join(', ')} is gone although "clone" had ended.`,
      'Someone deleted it. Run "cleanup", then begin again with "clone".',
    );
  }
  return inOrder(
    toCopy.map((pair) => copy(observed, pair)),
    [...toCopy, ...copying].map((pair) => awaitCopy(observed, pair)),
    [...toCopy, ...unstamped].map((pair) => stamp(observed, pair)),
    ...lockSteps(observed, toCopy.length + unstamped.length > 0),
    readOnlySteps(settings, observed),
    record?.cloned === undefined
      ? [
          {
            kind: 'record',
            fields: { cloned: observed.now },
            because: 'a tag written after READ_ONLY proves that the record can still be kept',
          },
        ]
      : [],
  );
}

/** What an earlier deployment left would be taken for ours: its build in production, a database that it set aside. */
function refuseUsedId({ production, databases, deploymentId }: Observed): void {
  const isServed = production.marker?.deploymentId === deploymentId;
  const setAside = databases.flatMap((pair) => pair.setAside.map(({ name }) => name));
  if (!isServed && setAside.length === 0) return;
  refuse(
    `Deployment ${deploymentId} has been before: ${isServed ? `production still carries its marker ${production.markerText}` : `it set aside ${setAside.join(', ')}`}.`,
    'Ids are never used again: leave input deployment-id out, or give one that was never used.',
  );
}

/** The record as `clone` writes it into its first PUT: the claim. */
export function claim(settings: Settings, observed: Observed): DeploymentRecord {
  return {
    deploymentId: observed.deploymentId,
    app: `${observed.app.resourceGroup}/${observed.app.name}`.toLowerCase(),
    run: observed.run,
    actor: settings.github.actor,
    lock: 'claim',
    mode: settings.mode,
    databases: observed.databases.map((pair) => pair.name),
    readonlySlot: settings.readonlySlot,
    stagingSlot: settings.stagingSlot,
    profile: settings.profile,
    requestedAt: observed.now,
    swaps: 0,
    settledSwaps: 0,
    attempt: 0,
  };
}

/** Another deployment was first: delete what our claim has made, then refuse. */
function withdraw(observed: Observed, owner: Other): Plan {
  const made = observed.databases.flatMap((pair) => (pair.clone && pair.cloneTags ? [pair.clone] : []));
  if (made.length > 0 && observed.record?.lock !== 'held') {
    return [
      made.map((database) => ({
        kind: 'delete-database',
        database: database.name,
        databaseId: database.databaseId,
        because: `deployment ${owner.deploymentId} was first`,
      })),
    ];
  }
  refuse(
    `Deployment ${owner.deploymentId} of ${owner.app} is open on ${owner.databases.join(', ')}; ${owner.actor} began it in run ${owner.run}.`,
    `Wait until it has been cleaned up, or run "cleanup" with deployment-id: ${owner.deploymentId}.`,
  );
}

function dropStray(database: Database): Step {
  return {
    kind: 'delete-database',
    database: database.name,
    databaseId: database.databaseId,
    because: 'an earlier attempt of this run asked for it and Azure made it late',
  };
}

function missing(name: string): Stop {
  return new Stop(
    'refused',
    `Database ${name} does not exist on the server.`,
    'Check input "databases" and production\'s connection strings.',
  );
}

function copy(observed: Observed, pair: Pair): Step {
  const clone = cloneName(pair.name, observed.deploymentId);
  return {
    kind: 'copy-database',
    database: pair.underName?.name ?? pair.name,
    clone,
    withRecord: clone === observed.recordDatabase,
    because: 'visitors will be served from it while the original is updated',
  };
}

function awaitCopy(observed: Observed, pair: Pair): Step {
  return {
    kind: 'await-copy',
    clone: cloneName(pair.name, observed.deploymentId),
    because: 'nothing can be done with a copy before it is online',
  };
}

function stamp(observed: Observed, pair: Pair): Step {
  return {
    kind: 'stamp-clone',
    clone: cloneName(pair.name, observed.deploymentId),
    because: 'its content dates from before this instant',
  };
}

/** A copy came out without the tags of its PUT: they are written again when its making is proven. */
function tagLost(observed: Observed, pair: Pair, settings: Settings): Step {
  const name = pair.clone?.name ?? '';
  const began = observed.madeByCopy[name];
  if (!observed.thisRun.copied.includes(name) && began === undefined) {
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
        source: pair.name,
        sourceId: pair.underName?.databaseId ?? '',
        // Content may date from any time after the request, and the database is created only half a minute into the copy.
        requestedAt: began || pair.clone?.creationDate || observed.now,
      }),
      ...(name === observed.recordDatabase ? recordTags(claim(settings, observed)) : {}),
    },
    because: 'the copy came out without the tags of its request',
  };
}

function dropFailed(observed: Observed, pair: Pair): Step {
  const { clone } = pair;
  if (!clone || observed.thisRun.failedCopies.includes(clone.name)) {
    throw new Stop(
      'failed',
      `Azure could not copy database ${pair.name}: the copy ended as Suspect twice.`,
      'Production is untouched. Look at the health of the original, choose another clone-service-objective, then run "clone" again.',
    );
  }
  return {
    kind: 'delete-database',
    database: clone.name,
    databaseId: clone.databaseId,
    because: 'the copy failed and can only be made again',
  };
}

function lockSteps(observed: Observed, early: boolean): Step[][] {
  if (!early && observed.record?.lock === 'held') return [];
  const decision = lockDecision(observed);
  const hold: Step = { kind: 'hold-lock', because: 'at most one deployment may be open' };
  if (decision.kind !== 'wait') return [[hold]];
  const wait: Step = {
    kind: 'await-others',
    claims: decision.claims.map((other) => other.deploymentId),
    because: 'the smaller id wins and the later claim withdraws',
  };
  return [[wait], [hold]];
}

function readOnlySteps(settings: Settings, observed: Observed): Step[] {
  if (settings.mode === 'read-write') return [];
  return observed.databases
    .map((pair) => cloneName(pair.name, observed.deploymentId))
    .filter((name) => observed.sql[name]?.readOnly !== true)
    .map((database) => ({
      kind: 'set-read-only',
      database,
      noWait: false,
      because: 'nothing may be written to the copy that would be lost with it',
    }));
}
