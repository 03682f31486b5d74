import type { Answer } from '../arm/answer.ts';
import { isJson, type Json, propertiesOf } from '../arm/call.ts';
import { type Refusal, webRefusal } from '../arm/refusal.ts';
import { refusePrepared } from './conflict.ts';
import { isConnectionStringType } from './environment.ts';
import { newEtag } from './etag.ts';
import { restart } from './instances.ts';
import { showLate, shownOf } from './late-view.ts';
import { CONFIG_TYPE, idOf } from './lookup.ts';
import { interruptDeployment } from './scm/deployment.ts';
import type { SlotCall } from './slot-call.ts';
import type { ConnectionString, Slot } from './state.ts';

/** One collection of a slot's settings, under the name that Azure gives it. */
interface Collection {
  readonly name: string;
  read(slot: Slot, now: number): Json;
  /** Replaces all. */
  replace(slot: Slot, properties: Json): void;
}

export const appSettings: Collection = {
  name: 'appsettings',
  read: (slot, now) => shownOf(slot, now).settings,
  replace: replaceSettings,
};

export const connectionStrings: Collection = {
  name: 'connectionstrings',
  read: (slot, now) => shownOf(slot, now).connectionStrings,
  replace: replaceConnectionStrings,
};

export const storageMounts: Collection = {
  name: 'azurestorageaccounts',
  read: ({ occupant }) => occupant.storageMounts,
  replace(slot, properties) {
    slot.occupant.storageMounts = { ...properties };
  },
};

/** `POST config/{collection}/list` */
export function list(collection: Collection): (call: SlotCall) => Answer {
  return (call) => ({ status: 200, body: bodyOf(call, collection) });
}

/** `PUT config/{collection}`: replaces all of it and restarts the slot, changed or not. */
export function replace(collection: Collection): (call: SlotCall) => Answer {
  return (call) => {
    const { world, slot } = call;
    refusePrepared(call.site, slot);
    showLate(world, slot, call.now);
    collection.replace(slot, propertiesOf(call.body));
    changed(call);
    return {
      status: 200,
      headers: { etag: slot.etag },
      body: bodyOf(call, collection),
      delayMs: world.durations.settingsWrite,
    };
  };
}

/** What every write of configuration brings with it. */
export function changed(call: Pick<SlotCall, 'world' | 'slot' | 'now'>): void {
  const { world, slot, now } = call;
  slot.lastModified = now;
  slot.etag = newEtag(world, now);
  interruptDeployment(world, slot);
  restart(world, slot, now);
}

/** Replaces all app settings. Values that are no strings are written as text, as Azure does with numbers and booleans. */
export function replaceSettings(slot: Slot, properties: Json): void {
  refuseTwins(Object.keys(properties));
  const settings = Object.entries(properties).map(([name, value]) => {
    if (isJson(value) || Array.isArray(value)) throw invalid(name);
    return [name, value === null ? '' : String(value)];
  });
  // Whatever the names: one may be `__proto__`.
  slot.occupant.settings = Object.fromEntries(settings);
}

/** Replaces all connection strings. */
export function replaceConnectionStrings(slot: Slot, properties: Json): void {
  refuseTwins(Object.keys(properties));
  const strings: Record<string, ConnectionString> = {};
  for (const [name, given] of Object.entries(properties)) {
    const { value, type } = isJson(given) ? given : {};
    if (typeof value !== 'string' || typeof type !== 'string' || !isConnectionStringType(type)) throw invalid(name);
    strings[name] = { value, type };
  }
  slot.occupant.connectionStrings = strings;
}

/** Names that differ only by case. https://github.com/microsoft/azure-pipelines-tasks/issues/14689 */
function refuseTwins(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name.toLowerCase())) {
      throw webRefusal(409, 'Conflict', 'Parameter with name {0} already exists.', [name]);
    }
    seen.add(name.toLowerCase());
  }
}

function invalid(name: string): Refusal {
  return webRefusal(400, 'BadRequest', 'The parameter {0} has an invalid value.', [name]);
}

function bodyOf(call: SlotCall, { name, read }: Collection): Json {
  return {
    id: `${idOf(call.world, call.slot)}/config/${name}`,
    name,
    type: CONFIG_TYPE,
    location: call.site.location,
    properties: read(call.slot, call.now),
  };
}
