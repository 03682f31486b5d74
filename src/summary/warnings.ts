import { azDatabase, azWebApp, shell } from '../deployment/commands.ts';
import { swappedAway } from '../deployment/drift.ts';
import type { Observed, Slot } from '../deployment/observed.ts';
import { RESTORED_TO } from '../deployment/our-tags.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { copyLostMarker, serving } from '../deployment/stage.ts';
import { isDigest } from '../deployment/stopped-jobs.ts';
import { unsettledSwap } from '../deployment/unsettled-swap.ts';
import { asBefore, differing } from '../deployment/web-config.ts';
import type { Settings } from '../settings/settings.ts';
import { copyWarnings } from './copies.ts';

/**
 * What will be lost, stays off or costs money although nothing failed; sentences, in every summary that can show it.
 * @param before the first look of the phase that looked last: `cleanup` ends with the record, and would forget what it said.
 */
export function warningsOf(settings: Settings, last: Observed | undefined, before = last): string[] {
  const recorded = last?.record ? last : before;
  return [
    ...openSwap(last),
    ...longWindow(settings, last),
    ...dataLoss(settings, last, recorded),
    ...noWayBack(recorded),
    ...(last?.record === null ? keptAway(recorded) : []),
    ...otherWriters(last),
    ...unknownSchema(last),
    ...(last?.thisRun.unproven ?? []),
    ...(recorded?.record ? stoppedJobs(settings, recorded, recorded.record) : []),
    ...stoppedApps(last),
    ...removedWrites(last),
    ...(recorded?.record ? otherConfiguration(recorded, recorded.record) : []),
    ...setAside(last),
    ...copyWarnings(last),
  ];
}

/** `status` fails by it as long as the deployment is open. */
function keptAway(before: Observed | undefined): string[] {
  const away = before && swappedAway(before);
  return away
    ? [
        `${away.happened} It is kept, and stopped. When production is not right as it is, start it, then swap it back: ${away.start}; ${away.back}`,
      ]
    : [];
}

function openSwap(last: Observed | undefined): string[] {
  const swap = last && unsettledSwap(last);
  return swap ? [`${swap.happened} ${swap.next}`] : [];
}

/** `status` fails by it; whoever works on the deployment is told, and goes on: that is what ends it. */
function longWindow({ maxReadOnlyMinutes }: Settings, last: Observed | undefined): string[] {
  const { windowOpenedAt: from, windowClosedAt: to } = last?.record ?? {};
  if (maxReadOnlyMinutes === undefined || last === undefined || from === undefined) return [];
  const minutes = Math.floor((Date.parse(to ?? last.now) - Date.parse(from)) / 60_000);
  if (minutes <= maxReadOnlyMinutes) return [];
  const who = to === undefined ? 'Visitors have been' : 'Visitors were';
  return [
    `${who} on the read-only copy for ${minutes} minutes, longer than max-read-only-minutes (${maxReadOnlyMinutes}).`,
  ];
}

function dataLoss(settings: Settings, last: Observed | undefined, recorded: Observed | undefined): string[] {
  const record = recorded?.record;
  if ((record?.mode ?? settings.mode) !== 'read-write') return [];
  return [`Mode read-write: ${whatIsLost(record, last?.record === null)}`];
}

function whatIsLost(record: DeploymentRecord | null | undefined, isOver: boolean): string {
  const { windowOpenedAt, windowClosedAt } = record ?? {};
  if (windowOpenedAt === undefined) {
    return 'everything that visitors write during the window goes to the clone and will be lost when it is deleted.';
  }
  if (windowClosedAt === undefined && !isOver) {
    return 'everything that visitors write now goes to the clone and will be lost when it is deleted.';
  }
  const written = `what visitors wrote from ${windowOpenedAt} to ${windowClosedAt ?? 'the end of the window'} went to the clone`;
  return isOver
    ? `${written} and was deleted with it.`
    : `${written} and will be lost when "cleanup" deletes it: take out of it before what you need.`;
}

function noWayBack(recorded: Observed | undefined): string[] {
  if (recorded?.record?.noDatabaseRollback === undefined) return [];
  return [
    'no-database-rollback: the databases keep their replication and are never restored by this deployment. A rollback brings back the code only; what the new build does to the databases stays.',
  ];
}

function otherWriters(last: Observed | undefined): string[] {
  const others = last?.record?.otherWriters;
  if (!others) return [];
  return [
    `Others went on writing to the originals (${others}): a rollback of the database would lose what they wrote.`,
  ];
}

/** One that is asked of several databases need not work in all of them. */
function unknownSchema(last: Observed | undefined): string[] {
  return Object.entries(last?.sql ?? {}).flatMap(([database, { schemaRefused: why }]) =>
    why === undefined
      ? []
      : [`schema-version-query failed on database ${database}: ${why} Its schema version counts as unknown.`],
  );
}

/** That a WebJob is stopped lies in the content of its build: a person who brings the live build back by hand brings it back stopped. */
function stoppedJobs(settings: Settings, observed: Observed, record: DeploymentRecord): string[] {
  const jobs = record.stoppedJobs ?? [];
  const slot = liveBuildByHand(settings, observed, record);
  if (jobs.length === 0 || slot === undefined) return [];
  const isServing = slot === observed.production;
  const command = `${azWebApp(observed.app, 'webjob continuous start', slot.name)} --webjob-name`;
  return jobs.map((job) => {
    const [named, word] = isDigest(job) ? ['A WebJob', '<its name>'] : [`WebJob ${job}`, job];
    return `${named} of the live build, ${isServing ? 'which production serves' : `kept in slot ${slot.name}`}, has been stopped since "switch"${isServing ? '. Start it with' : '. When the build is used again, start it with'}: ${command} ${shell(word)}`;
  });
}

/** They stay so over an approval that nobody gives. */
function stoppedApps(last: Observed | undefined): string[] {
  const stopped =
    last?.otherApps.filter(({ key, site }) => site?.state !== 'Running' && last.record?.stoppedApps?.includes(key)) ??
    [];
  return stopped.map(({ key, site }) => {
    if (site === null) return `App ${key} was stopped for this deployment, and does not exist any more.`;
    return `App ${key} is stopped for as long as the originals must be quiet. "complete", "rollback" or, where visitors are on no copy, "cleanup" starts it again.`;
  });
}

/** The live build where no phase will start its WebJobs again: brought to production by a swap by hand, or kept by `cleanup`. */
function liveBuildByHand(settings: Settings, observed: Observed, record: DeploymentRecord): Slot | undefined {
  if (record.completedAt === undefined) {
    const isBack = serving(observed) === 'live-build' && record.windowOpenedAt !== undefined;
    return isBack && !copyLostMarker(observed) ? observed.production : undefined;
  }
  const kept = observed.readonlySlot;
  return settings.keepLiveBuild && kept && kept.marker?.deploymentId !== record.deploymentId ? kept : undefined;
}

/** A swap should have brought what production had; what it did not bring is the owner's to set: production is never written. */
function otherConfiguration(observed: Observed, record: DeploymentRecord): string[] {
  const { production, readonlySlot: live } = observed;
  if (serving(observed) !== 'candidate' || production.marker?.role !== 'new' || live === null) return [];
  if (live.name !== record.readonlySlot || live.marker?.deploymentId === record.deploymentId) return [];
  const missing = differing(asBefore(live.travelling, production.travelling), production.travelling);
  if (Object.keys(missing).length === 0) return [];
  const was = Object.entries(missing).map(
    ([name, value]) =>
      `${name} (${JSON.stringify(value)} before, ${JSON.stringify(production.travelling[name] ?? null)} now)`,
  );
  const url = `${production.id}/config/web?api-version=2024-11-01`;
  const command = `az rest --method patch --url ${shell(url)} --body ${shell(JSON.stringify({ properties: missing }))}`;
  return [
    `Production’s configuration is not what it was before the deployment: ${was.join(', ')}. To set it again, which restarts production: ${command}`,
  ];
}

function setAside(last: Observed | undefined): string[] {
  if (last === undefined) return [];
  return last.databases.flatMap((pair) =>
    pair.setAside.map(({ name }) =>
      last.record
        ? `Database ${name} was set aside and costs as before. Keep it until "cleanup" has run: its backups hold the content of the rollback point.`
        : `Database ${name} was set aside and costs as before. As soon as ${pair.name} has backups of its own, delete it with: ${azDatabase(last, 'delete', name)} --yes`,
    ),
  );
}

/** What a rollback of the database has taken out of the originals; a sentence for each, as long as the record tells. */
function removedWrites(last: Observed | undefined): string[] {
  const { rollbackPoint, visitorsOnOriginalSince: since, rollbackUnderWay } = last?.record ?? {};
  if (last === undefined || rollbackPoint === undefined || rollbackUnderWay !== undefined) return [];
  return last.databases
    .filter(({ successorId, underName }) => successorId !== undefined && underName?.databaseId === successorId)
    .map(({ name, setAside, underName }) => {
      const point = underName?.tags[RESTORED_TO] ?? rollbackPoint;
      // Who came with a "complete" after the rollback writes to the restored database, and loses nothing.
      const cameAfter = Date.parse(since ?? '') >= Date.parse(underName?.creationDate ?? '');
      const visitors = since === undefined || cameAfter ? '' : `, also what visitors wrote since ${since}`;
      const where = setAside.map((database) => database.name).join(', ');
      return `A rollback has taken out of ${name} what was written after ${point}${visitors}.${where === '' ? '' : ` It is still in ${where}.`}`;
    });
}
