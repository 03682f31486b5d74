import { PRODUCTION, slotOfInstance } from '../web/lookup.ts';
import { schedule } from '../web/pending.ts';
import type { Instance } from '../web/state.ts';
import type { World } from '../world.ts';
import { writeRow } from './database.ts';
import { buildOf, connected } from './run.ts';

/** Has the work of a build begin: its first turn comes one interval after the start. */
export function beginWork(world: World, instance: Instance, now: number): void {
  const works = buildOf(world, instance)?.works;
  if (works !== undefined) schedule(world, { kind: 'app-works', at: now + works.everyMs, instanceId: instance.id });
}

/** One turn of the work of an instance that still runs, and the next one after it. */
export function work(world: World, instanceId: string, now: number): void {
  const slot = slotOfInstance(world, instanceId);
  const instance = slot?.occupant.instance;
  const app = world.web.apps[instanceId];
  const build = instance && buildOf(world, instance);
  if (slot === undefined || instance === undefined || app === undefined || build?.works === undefined) return;
  if (build.works.on === 'elsewhere') leave(world, instance, build.version, `work-${world.nextId++}`, now);
  else {
    const id = `work-${world.nextId++}`;
    const refused = connected(world, instance, now, ([session]) =>
      session === undefined ? undefined : writeRow(world, session, id, build.version, now),
    );
    if (refused !== undefined) app.refusedWork = (app.refusedWork ?? 0) + 1;
  }
  beginWork(world, instance, now);
}

/** Something reaches the world outside of Azure SQL: a mail, a message in a queue, an entry of a search index. */
export function leave(world: World, instance: Instance, version: string, id: string, now: number): void {
  const slot = slotOfInstance(world, instance.id)?.name ?? PRODUCTION;
  world.web.elsewhere.push({ id, at: now, slot, by: version });
}
