import { keepJobs } from '../app/jobs.ts';
import { answerWarmUp, startApp } from '../app/run.ts';
import { beginWork, work } from '../app/work.ts';
import type { World } from '../world.ts';
import { reportInstance, wantedWarmUps } from './hosting.ts';
import { canPull } from './image.ts';
import { slotOfInstance, slotOfVolume } from './lookup.ts';
import { schedule, takeDue } from './pending.ts';
import { replaceInstances } from './plans.ts';
import { endDeployment } from './scm/deployment.ts';
import { hasStartScript } from './start-script.ts';
import type { WebPending } from './state.ts';
import { canFetch } from './stored-package.ts';
import { restartLater, stepSwap } from './swap.ts';

/** Carries out, in order, everything of the web part that is due until `now`. */
export function advanceWeb(world: World, now: number): void {
  for (let event = takeDue(world, now); event !== undefined; event = takeDue(world, now)) carryOut(world, event);
}

/** Carries out something of the web part that is due. */
export function carryOut(world: World, event: WebPending): void {
  const { at } = event;
  if (event.kind === 'swap-step') {
    const swap = world.web.swaps[event.swapId];
    if (swap !== undefined) stepSwap(world, swap, at);
  } else if (event.kind === 'app-starts') appStarts(world, event.instanceId, at);
  else if (event.kind === 'app-warms') appWarms(world, event.instanceId, at);
  else if (event.kind === 'app-works') work(world, event.instanceId, at);
  else if (event.kind === 'plan-scaled') replaceInstances(world, event.plan, at);
  else if (event.kind === 'restart') {
    const slot = slotOfVolume(world, event.volumeId);
    if (slot !== undefined) restartLater(world, slot, event.ofInstance, at);
  } else endDeployment(world, event.volumeId, event.deploymentId, at);
  if (world.web.instances === 'abstract') warmAbstractApps(world, at);
  keepJobs(world, at);
}

/** The abstract application has come up, or has not. */
function appStarts(world: World, instanceId: string, now: number): void {
  const slot = slotOfInstance(world, instanceId);
  if (slot?.occupant.instance === undefined) return;
  const isThere = canPull(world, slot) && canFetch(world, slot, now) && hasStartScript(world, slot);
  const starts = isThere && startApp(world, slot.occupant.instance, now);
  if (starts) beginWork(world, slot.occupant.instance, now);
  reportInstance(world, instanceId, starts ? { kind: 'listening' } : { kind: 'exited', code: 1 }, now);
}

/** Where no processes run, the warm-up requests are answered after a while by the abstract application. */
function warmAbstractApps(world: World, now: number): void {
  for (const { instanceId } of wantedWarmUps(world, now)) {
    const isUnderWay = world.web.pending.some((event) => event.kind === 'app-warms' && event.instanceId === instanceId);
    if (!isUnderWay) schedule(world, { kind: 'app-warms', at: now + world.durations.swapWarmUp, instanceId });
  }
}

function appWarms(world: World, instanceId: string, now: number): void {
  const slot = slotOfInstance(world, instanceId);
  if (slot?.occupant.instance === undefined) return;
  const request = wantedWarmUps(world, now).find((wanted) => wanted.instanceId === instanceId);
  if (request === undefined) return;
  const status = request.status ?? answerWarmUp(world, slot.occupant.instance, request.path, now);
  reportInstance(world, instanceId, { kind: 'warmed', status }, now);
}
