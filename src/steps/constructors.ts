import type { SlotSettings } from '../azure/slot-settings.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import type { StepOf } from './steps.ts';

// The steps that plans name again and again, each with why it is needed now.

export function recordFields(fields: Partial<DeploymentRecord>, because: string): StepOf<'record'> {
  return { kind: 'record', fields, because };
}

export function stopSlot(slot: string, because: string): StepOf<'stop-slot'> {
  return { kind: 'stop-slot', slot, because };
}

export function startSlot(slot: string, because: string): StepOf<'start-slot'> {
  return { kind: 'start-slot', slot, because };
}

export function stopWebJobs(slot: string, because = 'WebJobs go on when an app is stopped'): StepOf<'stop-webjobs'> {
  return { kind: 'stop-webjobs', slot, because };
}

export function stopApp(app: string, because: string): StepOf<'stop-app'> {
  return { kind: 'stop-app', app, because };
}

export function startApp(app: string, because: string): StepOf<'start-app'> {
  return { kind: 'start-app', app, because };
}

/** May be repeated, unlike the one write that a slot with the only copy of the live build's settings gets. */
export function writeSettings(slot: string, settings: SlotSettings, because: string): StepOf<'write-settings'> {
  return { kind: 'write-settings', slot, settings, once: false, because };
}

export function setReadWrite(database: string, because: string): StepOf<'set-read-write'> {
  return { kind: 'set-read-write', database, because };
}

export function deleteDatabase(
  { name, databaseId }: { readonly name: string; readonly databaseId: string },
  because: string,
): StepOf<'delete-database'> {
  return { kind: 'delete-database', database: name, databaseId, because };
}
