import type { Answer } from '../arm/answer.ts';
import { type Json, propertiesOf } from '../arm/call.ts';
import { armNameOf, armTypeOf, CONFIG_TYPE, idOf } from './lookup.ts';
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
