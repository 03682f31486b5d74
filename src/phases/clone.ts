import { besideText } from '../deployment/beside.ts';
import { cloneName } from '../deployment/names.ts';
import type { Observed, Other } from '../deployment/observed.ts';
import { serverNames } from '../deployment/servers.ts';
import { windowOpen } from '../deployment/stage.ts';
import { Stop } from '../errors.ts';
import { schemaVersionChecks } from '../preflight/schema-version.ts';
import type { Settings } from '../settings/settings.ts';
import { deleteDatabase, recordFields } from '../steps/constructors.ts';
import { inOrder } from '../steps/in-order.ts';
import type { Plan, Step } from '../steps/steps.ts';
import { awaitCopy, copy, dropFailed, dropStray, stamp, tagLost } from './clone-copies.ts';
import { checkAgain, refuseFailed } from './guard.ts';
import { lockDecision } from './lock.ts';
import { changing } from './phase.ts';
import { refuse, refuseDuringRollback, stopOnDrift } from './refusals.ts';
import { slotUserSteps } from './slot-users.ts';
import { deleteRules } from './stray-rules.ts';

/**
 * Every database has a clone that this deployment made by a copy, online and read-only; this deployment holds the lock.
 */
export const clone = changing('clone', plan);

function plan(settings: Settings, observed: Observed): Plan {
  const { record } = observed;
  if (observed.databases.length === 0) {
    refuse(
      `No database of server ${serverNames(observed)} was found in production's connection strings.`,
      'Name the databases with input "databases".',
    );
  }
  if (record?.cloned !== undefined && windowOpen(observed)) {
    refuseDuringRollback('clone', observed, record);
    return [];
  }
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
  // A run without a claim yet came later than every claim that shows, whatever the ids say.
  const [claimed] = decision.kind === 'wait' ? decision.claims : [];
  if (record === null && claimed) return withdraw(observed, claimed);
  const failed = observed.databases.filter((pair) => pair.clone?.status === 'Suspect');
  if (failed.length > 0) return [failed.map((pair) => dropFailed(observed, pair))];

  if (record === null) refuseUsedId(observed);
  const checks = record === null ? checkAgain('clone', settings, observed) : [];
  const toCopy = observed.databases.filter((pair) => !pair.clone);
  const copying = observed.databases.filter((pair) => pair.clone && pair.clone.status !== 'Online');
  const unstamped = observed.databases.filter((pair) => pair.clone && pair.cloneTags?.completedAt === undefined);
  if (toCopy.length > 0 && record?.cloned !== undefined) {
    refuse(
      `The clone of ${toCopy.map((pair) => pair.name).join(', ')} is gone although "clone" had ended.`,
      'Someone deleted it. Run "cleanup", then begin again with "clone".',
    );
  }
  if (record?.lock === 'held' && record.cloned === undefined) refuseQuery(settings, observed);
  const before = besideText(observed, [settings.readonlySlot, settings.stagingSlot]);
  return inOrder(
    checks,
    toCopy.map((pair) => copy(observed, pair)),
    [...toCopy, ...copying].map((pair) => awaitCopy(observed, pair)),
    [...toCopy, ...unstamped].map((pair) => stamp(observed, pair)),
    ...lockSteps(observed, toCopy.length + unstamped.length > 0),
    ...slotUserSteps(settings, observed),
    deleteRules(observed),
    readOnlySteps(settings, observed),
    record?.cloned === undefined &&
      recordFields(
        { cloned: observed.now, ...(before === undefined ? {} : { before }) },
        'a tag written after READ_ONLY proves that the record can still be kept',
      ),
  );
}

/** Another deployment was first: delete what our claim has made, then refuse. */
function withdraw(observed: Observed, owner: Other): Plan {
  const made = observed.databases.flatMap((pair) => (pair.clone && pair.cloneTags ? [pair.clone] : []));
  if (made.length > 0 && observed.record?.lock !== 'held') {
    return [made.map((database) => deleteDatabase(database, `deployment ${owner.deploymentId} was first`))];
  }
  refuse(
    `Deployment ${owner.deploymentId} of ${owner.app} is open on ${owner.databases.join(', ')}; ${owner.actor} began it in run ${owner.run}.`,
    `Wait until it has been cleaned up, or run "cleanup" with deployment-id: ${owner.deploymentId}.`,
  );
}

function missing(name: string): Stop {
  return new Stop(
    'refused',
    `Database ${name} does not exist.`,
    'Check input "databases" and production\'s connection strings.',
  );
}

/** The clones have the schema of the originals: what fails there would fail in the window. */
function refuseQuery(settings: Settings, { databases, sql }: Observed): void {
  const answers = databases.flatMap(({ clone }) => {
    const answer = clone && sql[clone.name];
    return answer ? [{ database: clone.name, answer }] : [];
  });
  refuseFailed('clone', schemaVersionChecks(settings, answers));
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
      because: 'nothing may be written to the copy that would be lost with it',
    }));
}
