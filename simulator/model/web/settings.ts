import { type Answer, webError } from '../arm/answer.ts';
import { isJson, type Json, propertiesOf } from '../arm/call.ts';
import { refusePrepared } from './conflict.ts';
import { isConnectionStringType } from './environment.ts';
import { newEtag } from './etag.ts';
import { restart } from './instances.ts';
import { CONFIG_TYPE, idOf } from './lookup.ts';
import { interruptDeployment } from './scm/deployment.ts';
import { type SlotCall, unmodelled } from './slot-call.ts';
import type { ConnectionString, Slot } from './state.ts';

/**
 * App settings, connection strings, storage mounts: `POST {name}/list` reads, `PUT {name}` replaces all of them and
 * restarts the slot, changed or not.
 */
export function settingsRequest(call: SlotCall): Answer {
  const { world, slot } = call;
  const kind = KINDS[call.rest[1] ?? ''];
  const name = call.path.segments[call.path.segments.length - (call.rest.length - 1)] ?? '';
  if (kind === undefined) throw unmodelled(call);
  const body = (): Json => ({
    id: `${idOf(world, slot)}/config/${name}`,
    name,
    type: CONFIG_TYPE,
    location: call.site.location,
    properties: kind.read(slot),
  });
  if (call.method === 'POST' && call.rest.length === 3 && call.rest[2] === 'list') return { status: 200, body: body() };
  if (call.method !== 'PUT' || call.rest.length !== 2) throw unmodelled(call);
  const refused = refusePrepared(call.site, slot) ?? kind.replace(slot, propertiesOf(call.body));
  if (refused !== undefined) return refused;
  changed(call);
  return { status: 200, headers: { etag: slot.etag }, body: body(), delayMs: world.durations.settingsWrite };
}

/** What every write of configuration brings with it. */
export function changed(call: Pick<SlotCall, 'world' | 'slot' | 'now'>): void {
  const { world, slot, now } = call;
  slot.lastModified = now;
  slot.etag = newEtag(world, now);
  interruptDeployment(world, slot);
  restart(world, slot, now);
}

interface Kind {
  read(slot: Slot): Json;
  /** Replaces all, or says why not. */
  replace(slot: Slot, properties: Json): Answer | undefined;
}

const KINDS: Readonly<Record<string, Kind>> = {
  appsettings: { read: ({ occupant }) => occupant.settings, replace: replaceSettings },
  connectionstrings: { read: ({ occupant }) => occupant.connectionStrings, replace: replaceConnectionStrings },
  azurestorageaccounts: {
    read: ({ occupant }) => occupant.storageMounts,
    replace(slot, properties) {
      slot.occupant.storageMounts = { ...properties };
      return undefined;
    },
  },
};

/** Replaces all app settings. Values that are no strings are written as text, as Azure does with numbers and booleans. */
export function replaceSettings(slot: Slot, properties: Json): Answer | undefined {
  const refused = refuseTwins(Object.keys(properties));
  if (refused !== undefined) return refused;
  const settings: Record<string, string> = {};
  for (const [name, value] of Object.entries(properties)) {
    if (isJson(value) || Array.isArray(value)) return invalid(name);
    settings[name] = value === null ? '' : String(value);
  }
  slot.occupant.settings = settings;
  return undefined;
}

/** Replaces all connection strings. */
export function replaceConnectionStrings(slot: Slot, properties: Json): Answer | undefined {
  const refused = refuseTwins(Object.keys(properties));
  if (refused !== undefined) return refused;
  const strings: Record<string, ConnectionString> = {};
  for (const [name, given] of Object.entries(properties)) {
    const { value, type } = isJson(given) ? given : {};
    if (typeof value !== 'string' || typeof type !== 'string' || !isConnectionStringType(type)) return invalid(name);
    strings[name] = { value, type };
  }
  slot.occupant.connectionStrings = strings;
  return undefined;
}

/** Names that differ only by case. https://github.com/microsoft/azure-pipelines-tasks/issues/14689 */
function refuseTwins(names: readonly string[]): Answer | undefined {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name.toLowerCase())) {
      return webError(409, 'Conflict', 'Parameter with name {0} already exists.', [name]);
    }
    seen.add(name.toLowerCase());
  }
  return undefined;
}

function invalid(name: string): Answer {
  return webError(400, 'BadRequest', 'The parameter {0} has an invalid value.', [name]);
}
