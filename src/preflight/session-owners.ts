import { type Running, whatRuns } from '../azure/processes.ts';
import type { Site } from '../azure/site-shapes.ts';
import { listSlots, slotId, slotName } from '../azure/sites.ts';
import { processOf, type Session } from '../azure/sql-sessions.ts';
import type { Scene } from '../context/scene.ts';
import { see } from '../context/seen.ts';
import { appKey, appOfKey } from '../deployment/app-key.ts';
import { groupOf } from '../deployment/commands.ts';
import { appsAtOnce, sitesAround } from './other-apps.ts';

/** Whose a process in an original is. */
export interface Owner {
  /** `<resource group>/<app>`, lower case. */
  readonly key: string;
  readonly slot: string;
}

export interface Owners {
  /** By `<host>/<process id>`. */
  readonly of: ReadonlyMap<string, Owner>;
  /** Processes of production were recognised, so that those of others would be, too. */
  readonly recognises: boolean;
  /** Workers of the app and of the apps that other-apps names; undefined when they could not be counted. */
  readonly instances: number | undefined;
}

/**
 * Looks up which app runs the processes that are in the originals: drivers tell SQL Server host and process, and Kudu tells those of
 * an app. First the app itself and the apps that are named; only where somebody else is left, all others, and the slots.
 */
export async function ownersOf(scene: Scene, sessions: readonly Session[]): Promise<Owners> {
  const { app } = scene.context;
  const { observed } = scene;
  const wanted = new Set(sessions.flatMap((session) => processOf(session) ?? []));
  const found = new Map<string, Owner>();
  if (wanted.size === 0) return { of: found, recognises: false, instances: undefined };
  const known = [observed.app.id, ...[...observed.companions, ...observed.otherApps].map(({ key }) => idOf(key))];
  const running = await Promise.all(known.map((id) => processesOf(id)));
  const recognises = [...found.values()].some(({ key }) => key === appKey(app));
  if (recognises && wanted.size > 0) await askAround();
  const counted = running.flatMap((each) => each ?? []);
  const isComplete = counted.length === running.length;
  const instances = isComplete ? counted.reduce((sum, each) => sum + each.instances, 0) : undefined;
  return { of: found, recognises, instances };

  async function processesOf(id: string): Promise<Running | undefined> {
    const { value } = await see(scene.context.signal, () => whatRuns(scene.context.arm, id));
    for (const { hostName, processId } of value?.processes ?? []) {
      const process = `${hostName}/${processId}`;
      if (!wanted.delete(process)) continue;
      found.set(process, { key: appKey({ resourceGroup: groupOf(id), name: nameOf(id) }), slot: slotName(id) });
    }
    return value;
  }

  async function askAround(): Promise<void> {
    const { value } = await see(scene.context.signal, () => sitesAround(scene));
    const asked = new Set(known.map((id) => id.toLowerCase()));
    const sites = value?.sites ?? [];
    for (let from = 0; from < sites.length && wanted.size > 0; from += appsAtOnce) {
      await Promise.all(sites.slice(from, from + appsAtOnce).map((site) => askSite(site, asked)));
    }
  }

  async function askSite({ id, state }: Site, asked: ReadonlySet<string>): Promise<void> {
    const slots = await see(scene.context.signal, () => listSlots(scene.context.arm, id));
    const running = [{ id, state }, ...(slots.value ?? [])].filter((each) => each.state !== 'Stopped');
    await Promise.all(running.filter((each) => !asked.has(each.id.toLowerCase())).map((each) => processesOf(each.id)));
  }

  function idOf(key: string): string {
    return slotId({ ...app, ...appOfKey(key) }, 'production');
  }
}

function nameOf(id: string): string {
  return /\/sites\/([^/]+)/i.exec(id)?.[1] ?? '';
}
