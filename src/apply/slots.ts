import { isDeepStrictEqual } from 'node:util';
import { azureSaid } from '../azure/failure.ts';
import { scmIsStopped } from '../azure/scm.ts';
import {
  getAppSettings,
  getConnectionStrings,
  getWebConfig,
  patchWebConfig,
  putAppSettings,
  putConnectionStrings,
} from '../azure/site-config.ts';
import { createSlot, getSite, patchSite, slotId, startSite, stopSite } from '../azure/sites.ts';
import { mergeTags } from '../azure/tags.ts';
import { listSchedules } from '../azure/webjob-places.ts';
import { listWebJobs, startWebJob, stopWebJob } from '../azure/webjobs.ts';
import { MARKER_SETTING } from '../deployment/marker.ts';
import { Stop } from '../errors.ts';
import { SLOT_TAG } from '../phases/prepare-slot.ts';
import type { StepOf } from '../steps.ts';
import { together, waitFor } from '../wait.ts';
import { writeRecord } from './record.ts';
import { type Change, type Scene, slotNamed } from './scene.ts';

type SlotStep = StepOf<
  | 'create-slot'
  | 'tag-slot'
  | 'match-config'
  | 'stop-slot'
  | 'start-slot'
  | 'stop-webjobs'
  | 'start-webjobs'
  | 'write-settings'
>;

const STATE_MS = 300_000;

export async function applySlot(scene: Scene, step: SlotStep): Promise<Change> {
  refuseProduction(step.slot);
  const { arm } = scene.context;
  const id = slotId(scene.context.app, step.slot);
  switch (step.kind) {
    case 'create-slot':
      return create(scene, id);
    case 'tag-slot':
      await mergeTags(arm, id, step.tags);
      await shown(scene, id, `the tags of slot ${step.slot}`, (site) =>
        Object.entries(step.tags).every(([name, value]) => site?.tags[name] === value),
      );
      return {};
    case 'match-config':
      await patchWebConfig(arm, id, step.properties);
      return { ...unproven(step.slot), matched: [step.slot] };
    case 'stop-slot':
      await stopSite(arm, id);
      await shown(scene, id, `slot ${step.slot} to stop`, (site) => site?.state === 'Stopped');
      return unproven(step.slot);
    case 'start-slot':
      await startSite(arm, id);
      await shown(scene, id, `slot ${step.slot} to start`, (site) => site?.state === 'Running');
      return unproven(step.slot);
    case 'stop-webjobs':
      return stopWebJobs(scene, step.slot);
    case 'start-webjobs':
      return startWebJobs(scene, step);
    case 'write-settings':
      return writeSettings(scene, step, id);
  }
}

/** Safety rule 1: the slot that serves visitors is never written to; everything arrives there by swap. */
function refuseProduction(slot: string): void {
  if (slot.toLowerCase() !== 'production') return;
  throw new Stop(
    'refused',
    'A step would have changed the production slot.',
    'This is a defect of the action; please report it.',
  );
}

/** Safety rule 3: a slot's PUT onto an existing one would silently update it. What a swap does not carry is given here, once. */
async function create(scene: Scene, id: string): Promise<Change> {
  const { arm } = scene.context;
  if (await getSite(arm, id)) return {};
  const { site } = scene.observed.production;
  const config = await getWebConfig(arm, scene.observed.production.id);
  const userAssigned = Object.fromEntries(site.identity.userAssigned.map((identity) => [identity, {}]));
  await createSlot(arm, id, {
    location: site.location,
    kind: site.kind,
    tags: { ...site.tags, [SLOT_TAG]: 'yes' },
    ...(site.identity.userAssigned.length > 0
      ? {
          identity: {
            type: site.identity.type.includes('System') ? 'SystemAssigned, UserAssigned' : 'UserAssigned',
            userAssignedIdentities: userAssigned,
          },
        }
      : site.identity.type.includes('System')
        ? { identity: { type: 'SystemAssigned' } }
        : {}),
    properties: {
      serverFarmId: site.serverFarmId,
      reserved: site.reserved,
      httpsOnly: site.httpsOnly,
      clientCertEnabled: site.clientCertEnabled,
      ...(site.clientCertMode ? { clientCertMode: site.clientCertMode } : {}),
      ...(site.virtualNetworkSubnetId ? { virtualNetworkSubnetId: site.virtualNetworkSubnetId } : {}),
      ...(site.publicNetworkAccess ? { publicNetworkAccess: site.publicNetworkAccess } : {}),
      ...(site.keyVaultReferenceIdentity ? { keyVaultReferenceIdentity: site.keyVaultReferenceIdentity } : {}),
      siteConfig: Object.fromEntries(NOT_SWAPPED.map((name) => [name, config[name] ?? null])),
    },
  });
  return {};
}

/** Parts of config/web that stay with a slot and that a build needs to run as in production. */
const NOT_SWAPPED = [
  'alwaysOn',
  'minTlsVersion',
  'scmMinTlsVersion',
  'ftpsState',
  'ipSecurityRestrictions',
  'ipSecurityRestrictionsDefaultAction',
  'scmIpSecurityRestrictions',
  'scmIpSecurityRestrictionsUseMain',
  'vnetRouteAllEnabled',
] as const;

/**
 * Whole sets, right after a fresh look: when somebody changed the slot since the plan was made nothing is written, and
 * the next look decides anew. Both sets are read back.
 */
async function writeSettings(scene: Scene, step: StepOf<'write-settings'>, id: string): Promise<Change> {
  const { arm } = scene.context;
  const planned = [scene.observed.readonlySlot, scene.observed.stagingSlot].find((slot) => slot?.name === step.slot);
  const [appSettings, connectionStrings] = await Promise.all([getAppSettings(arm, id), getConnectionStrings(arm, id)]);
  const changed =
    planned !== undefined &&
    planned !== null &&
    (step.once
      ? !isDeepStrictEqual(appSettings, planned.appSettings) ||
        !isDeepStrictEqual(connectionStrings, planned.connectionStrings)
      : (appSettings[MARKER_SETTING] ?? '') !== planned.markerText);
  if (changed) {
    scene.context.ports.log.warning(`Slot ${step.slot} has changed since it was looked at; looking again.`);
    return unproven(step.slot);
  }
  if (!isDeepStrictEqual({ ...connectionStrings }, { ...step.settings.connectionStrings })) {
    await putConnectionStrings(arm, id, step.settings.connectionStrings);
  }
  // Last, because it holds the marker: a slot that shows the marker has its connection strings, too.
  await putAppSettings(arm, id, step.settings.appSettings);
  return unproven(step.slot);
}

/**
 * WebJobs belong to SCM and go on when the app is stopped. Those that ran are recorded first, so that a rollback can start
 * exactly them again. https://github.com/projectkudu/kudu/wiki/WebJobs
 */
async function stopWebJobs(scene: Scene, slot: string): Promise<Change> {
  const { arm } = scene.context;
  const { scmHost } = slotNamed(scene, slot);
  // Where SCM stops with the app its WebJobs have stopped, too, and come back with it.
  const [jobs, scheduled] = await Promise.all([listWebJobs(arm, scmHost), listSchedules(arm, scmHost)]).catch(
    (error: unknown) => {
      if (scmIsStopped(error)) return [[], []];
      throw error;
    },
  );
  const running = jobs.filter(({ kind, status }) => kind === 'continuous' && !/stopped|disabled/i.test(status));
  const known = scene.observed.record?.stoppedJobs ?? [];
  const toStart = [...new Set([...known, ...running.map(({ name }) => name)])].sort();
  // Visitors may not write meanwhile: what is recorded already is not written again.
  if (!isDeepStrictEqual(toStart, [...known].sort())) await writeRecord(scene, { stoppedJobs: toStart });
  try {
    await Promise.all(running.map(({ name }) => stopWebJob(arm, scmHost, name)));
  } catch (error) {
    if (azureSaid(error)?.status !== 409) throw error;
    await stopScmToo(scene, slot, 'its WebJobs are in a mounted package');
    return { jobsStopped: [slot] };
  }
  if (scheduled.length > 0) {
    await stopScmToo(scene, slot, `WebJobs run by schedule: ${scheduled.map(({ name }) => name).join(', ')}`);
  }
  return { jobsStopped: [slot] };
}

/**
 * Neither a WebJob in a mounted package, where SCM cannot write that it is stopped, nor one with a schedule can be stopped by
 * itself. Then SCM stops with the app, and both come back together. Azure is known to ignore this now and then: whoever
 * still writes will be seen, or refused by READ_ONLY, until "deploy" begins.
 * https://github.com/projectkudu/kudu/wiki/Full-stopping-a-Web-App
 */
async function stopScmToo(scene: Scene, slot: string, because: string): Promise<void> {
  const { arm, app, ports } = scene.context;
  const id = slotId(app, slot);
  ports.log.info(`The SCM site of slot ${slot} is stopped with the app, because ${because}.`);
  await patchSite(arm, id, { scmSiteAlsoStopped: true });
  await stopSite(arm, id);
  await shown(scene, id, `slot ${slot} to stop with its SCM site`, (site) => site?.state === 'Stopped');
  const site = await getSite(arm, id);
  if (site?.scmSiteAlsoStopped) return;
  ports.log.warning(
    `Azure did not stop the SCM site of slot ${slot}, and ${because}: stop them in the portal, or they go on beside the new build.`,
  );
}

async function startWebJobs(scene: Scene, { slot, jobs }: StepOf<'start-webjobs'>): Promise<Change> {
  const { scmHost } = slotNamed(scene, slot);
  await together(jobs.map((name) => startOne(scene, scmHost, name)));
  return { jobsStarted: [slot] };
}

/** SCM may have been stopped with the app, and comes back a little after it. */
async function startOne(scene: Scene, scmHost: string, name: string): Promise<void> {
  const { arm, ports, signal } = scene.context;
  await waitFor(ports.clock, ports.log, {
    what: `WebJob ${name} to be started`,
    deadlineMs: STATE_MS,
    otherwise: 'Run the phase again.',
    signal,
    async look() {
      try {
        await startWebJob(arm, scmHost, name);
      } catch (error) {
        if (scmIsStopped(error)) return { seen: 'its SCM site is still stopped' };
        // One in a mounted package was never stopped by itself: it came back with its SCM site.
        if (azureSaid(error)?.status !== 409) throw error;
      }
      return { done: undefined };
    },
  });
}

/** What was proven of a slot is void once the slot was changed. */
export function unproven(slot: string): Change {
  return { proven: { [slot]: null }, started: { [slot]: null } };
}

async function shown(
  scene: Scene,
  id: string,
  what: string,
  isThere: (site: Awaited<ReturnType<typeof getSite>>) => boolean,
): Promise<void> {
  const { arm, ports, signal } = scene.context;
  await waitFor(ports.clock, ports.log, {
    what,
    deadlineMs: STATE_MS,
    otherwise: 'Run the phase again.',
    signal,
    async look() {
      const site = await getSite(arm, id);
      return isThere(site) ? { done: undefined } : { seen: site?.state ?? 'no such slot' };
    },
  });
}
