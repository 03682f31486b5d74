import { wantedProcesses } from '../web/hosting.ts';
import type { World } from '../world.ts';
import { connectTo, disconnect } from './connection.ts';

/**
 * Where no processes run, WebJobs are sessions: each that has to run holds one in every database of its environment,
 * from the moment it starts until it is stopped. Called after everything that may have changed which ones run.
 */
export function keepJobs(world: World, now: number): void {
  if (world.web.instances !== 'abstract') return;
  const wanted = new Map(
    wantedProcesses(world, now)
      .filter((process) => process.kind === 'webjob')
      .map((process) => [process.instanceId, process]),
  );
  for (const id of Object.keys(world.web.jobs)) {
    if (wanted.has(id)) continue;
    disconnect(world, world.web.jobs[id]?.sessions ?? {}, now);
    delete world.web.jobs[id];
  }
  for (const [id, process] of wanted) {
    world.web.jobs[id] ??= { sessions: {} };
    connectTo(world, world.web.jobs[id], { id, environment: process.environment }, now);
  }
}
