import { processOf } from '../app/connection.ts';
import type { Answer } from '../arm/answer.ts';
import { type Json, propertiesOf } from '../arm/call.ts';
import { notFound } from '../arm/refusal.ts';
import { wantedProcesses } from './hosting.ts';
import { armNameOf, armTypeOf, CONFIG_TYPE, idOf, planOf, siteOf } from './lookup.ts';
import type { SlotCall } from './slot-call.ts';

/** `GET instances`: the workers that run the slot; a plan of the model has one. */
export function listInstances(call: SlotCall): Answer {
  const { world, slot } = call;
  const { instance } = slot.occupant;
  const value = instance === undefined || slot.state === 'Stopped' ? [] : [instance];
  return {
    status: 200,
    body: {
      value: value.map(({ id, state }) => ({
        id: `${idOf(world, slot)}/instances/${id}`,
        name: id,
        type: `${armTypeOf(slot)}/instances`,
        location: call.site.location,
        properties: { state: state === 'listening' ? 'READY' : 'STOPPED', statusUrl: null, detectorUrl: null },
      })),
      nextLink: null,
    },
  };
}

/**
 * `GET instances/{instance}/processes`: what Kudu of that worker sees. On Windows those are the processes of the app and of its
 * WebJobs, with the machine that SQL Server is told as the host; on Linux Kudu has a container of its own, and sees only itself.
 * https://github.com/projectkudu/kudu/blob/master/Kudu.Contracts/Diagnostics/ProcessInfo.cs
 */
export function listProcesses(call: SlotCall): Answer {
  const { slot, site, names } = call;
  const isKnown = slot.occupant.instance?.id === names.instance && slot.state !== 'Stopped';
  if (!isKnown) throw notFound(`Microsoft.Web/sites/${site.name}/instances/${names.instance}`, site.resourceGroup);
  return {
    status: 200,
    body: { value: processesOf(call).map((process) => processBody(call, process)), nextLink: null },
  };
}

interface SeenProcess {
  readonly id: number;
  readonly name: string;
  readonly machineName: string;
}

function processesOf({ world, slot, now }: SlotCall): readonly SeenProcess[] {
  if (planOf(world, siteOf(world, slot)).reserved)
    return [{ id: 1, name: 'dotnet', machineName: slot.occupant.scmInstanceId }];
  const own = wantedProcesses(world, now).filter((each) => each.site === slot.site && each.slot === slot.name);
  return own.map(({ instanceId, kind, name }) => {
    const { hostName, hostProcessId } = processOf(world, { id: instanceId });
    return { id: hostProcessId, name: kind === 'app' ? 'w3wp' : name, machineName: hostName };
  });
}

function processBody({ world, slot, site, names }: SlotCall, process: SeenProcess): Json {
  return {
    id: `${idOf(world, slot)}/instances/${names.instance}/processes/${process.id}`,
    name: String(process.id),
    type: `${armTypeOf(slot)}/instances/processes`,
    location: site.location,
    properties: { ...process, href: `https://${slot.scmHost}/api/processes/${process.id}`, user_name: 'IIS APPPOOL' },
  };
}

/** `GET certificates` and `GET backups`: there are none. */
export function listNone(): Answer {
  return { status: 200, body: { value: [], nextLink: null } };
}

/** `GET config/logs`: what is logged. Nothing is, unless it was written; nothing of the model looks at it. */
export function showLogs(call: SlotCall): Answer {
  return { status: 200, body: logsBody(call) };
}

/** `PUT config/logs`: what is not named stays. */
export function updateLogs(call: SlotCall): Answer {
  const given = Object.entries(propertiesOf(call.body)).filter(([, value]) => value !== null);
  call.slot.logs = { ...call.slot.logs, ...Object.fromEntries(given) };
  return { status: 200, body: logsBody(call) };
}

const NO_BLOB = { sasUrl: null, retentionInDays: null };
const LOGS: Json = {
  applicationLogs: {
    fileSystem: { level: 'Off' },
    azureTableStorage: { level: 'Off', sasUrl: null },
    azureBlobStorage: { level: 'Off', ...NO_BLOB },
  },
  httpLogs: {
    fileSystem: { retentionInMb: 35, retentionInDays: null, enabled: false },
    azureBlobStorage: { ...NO_BLOB, enabled: false },
  },
  failedRequestsTracing: { enabled: false },
  detailedErrorMessages: { enabled: false },
};

function logsBody({ world, slot, site }: SlotCall): Json {
  return {
    id: `${idOf(world, slot)}/config/logs`,
    name: armNameOf(slot) === slot.site ? 'logs' : `${slot.site}/logs`,
    type: CONFIG_TYPE,
    location: site.location,
    properties: { ...LOGS, ...slot.logs },
  };
}
