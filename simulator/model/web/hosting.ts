import type { Answer } from '../arm/answer.ts';
import type { World } from '../world.ts';
import { viewOf } from './content.ts';
import { environmentOf } from './environment.ts';
import { type Arriving, atFrontDoor } from './front-door.ts';
import { exited, listening } from './instances.ts';
import { allSlots, slotOfInstance } from './lookup.ts';
import type { Slot } from './state.ts';
import { stepSwap, swapWaitingFor, wantsWarmUp } from './swap.ts';
import { type WarmUp, warmUpRequest } from './warm-up.ts';
import { scmIsUp, webJobsOf } from './webjobs.ts';

/** How slow the first requests are in the variant `slow-warm-up`. */
const SLOW_REQUEST_MS = 4_000;

/** A process that has to run. A restart is a new `instanceId`; equal ids are the same process. */
export interface WantedProcess {
  readonly instanceId: string;
  readonly kind: 'app' | 'webjob';
  /** Name of the app, or of the WebJob. */
  readonly name: string;
  readonly site: string;
  readonly slot: string;
  /** For {@link filesOf}: what the process's root folder holds. */
  readonly contentId: string;
  /** The configured start command of an app (`appCommandLine`), when there is one. */
  readonly startCommand: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly startedAt: number;
}

/** Every process that has to run now: one per running app instance and per enabled continuous WebJob. */
export function wantedProcesses(world: World, _now: number): WantedProcess[] {
  const wanted: WantedProcess[] = [];
  for (const slot of allSlots(world)) {
    const { instance } = slot.occupant;
    if (instance !== undefined && instance.state !== 'exited') {
      wanted.push({
        instanceId: instance.id,
        kind: 'app',
        name: slot.site,
        site: slot.site,
        slot: slot.name,
        contentId: instance.contentId,
        startCommand: startCommand(slot),
        environment: instance.environment,
        startedAt: instance.startedAt,
      });
    }
    wanted.push(...wantedWebJobs(world, slot));
  }
  return wanted;
}

type Route =
  /** `ready` is false while the process starts: App Service holds requests meanwhile. `delayMs`: how long this one takes at least. */
  | { readonly kind: 'app'; readonly instanceId: string; readonly ready: boolean; readonly delayMs?: number }
  | { readonly kind: 'scm'; readonly site: string; readonly slot: string }
  /** Answered with 403, `Error 403 - This web app is stopped.` */
  | { readonly kind: 'stopped' }
  /** Answered with 503. */
  | { readonly kind: 'unavailable' };

/** Where a request goes by its Host header; undefined for a host that nobody has. A swap changes this in one instant. */
export function routeOf(world: World, host: string, now: number): Route | undefined {
  const wanted = host.toLowerCase();
  for (const slot of allSlots(world)) {
    if (slot.scmHost === wanted) {
      return scmIsUp(world, slot) ? { kind: 'scm', site: slot.site, slot: slot.name } : { kind: 'stopped' };
    }
    if (slot.host === wanted || slot.customHosts.includes(wanted)) return appRoute(world, slot, now);
  }
  return undefined;
}

/** Where a visitor's request goes: what the front end answers itself stands in `answer`. */
export type Arrival = Route | { readonly kind: 'answered'; readonly answer: Answer };

/** Where a request goes that arrives at a host; a stopped app is stopped for everybody. */
export function arrivalAt(world: World, arriving: Arriving, now: number): Arrival | undefined {
  const route = routeOf(world, arriving.host, now);
  const slot = slotOfHost(world, arriving.host);
  if (slot === undefined || route?.kind === 'stopped' || route?.kind === 'scm') return route;
  const answer = atFrontDoor(slot, arriving);
  return answer === undefined ? route : { kind: 'answered', answer };
}

function slotOfHost(world: World, host: string): Slot | undefined {
  for (const slot of allSlots(world)) if ([slot.host, ...slot.customHosts].includes(host)) return slot;
  return undefined;
}

/** The files of a {@link WantedProcess}, by path below its root folder. */
export function filesOf(world: World, contentId: string): Readonly<Record<string, Uint8Array>> {
  return viewOf(world, contentId);
}

type InstanceReport =
  | { readonly kind: 'listening' }
  | { readonly kind: 'exited'; readonly code: number }
  /** The answer to the warm-up request of {@link wantedWarmUps}. */
  | { readonly kind: 'warmed'; readonly status: number };

/** Takes in what a process did. Reports about instances that are no longer wanted change nothing. */
export function reportInstance(world: World, instanceId: string, report: InstanceReport, now: number): void {
  const slot = slotOfInstance(world, instanceId);
  if (slot === undefined) return;
  const swap = swapWaitingFor(world, slot);
  if (report.kind === 'listening') listening(world, instanceId);
  else if (report.kind === 'exited') {
    if (swap !== undefined) swap.sourceExited = true;
    exited(world, instanceId, report.code, now);
  } else if (swap !== undefined) swap.warmed = { instanceId, status: report.status };
  if (swap !== undefined) stepSwap(world, swap, now);
}

/** Warm-up requests that a swap in flight waits for: to be sent once, and their answers reported. */
export function wantedWarmUps(world: World, now: number): (WarmUp & { readonly instanceId: string })[] {
  const wanted = [];
  for (const slot of allSlots(world)) {
    const { instance } = slot.occupant;
    if (instance !== undefined && wantsWarmUp(world, slot, instance, now)) {
      wanted.push({ instanceId: instance.id, ...warmUpRequest(world, slot) });
    }
  }
  return wanted;
}

function appRoute(world: World, slot: Slot, now: number): Route {
  if (slot.state === 'Stopped') return { kind: 'stopped' };
  const former = formerSlot(world, slot, now);
  const instance = former?.occupant.instance ?? slot.occupant.instance;
  if (former?.state === 'Stopped') return { kind: 'stopped' };
  if (instance === undefined || instance.state === 'exited' || now < slot.unavailableUntil)
    return { kind: 'unavailable' };
  const slow = now < slot.slowUntil ? { delayMs: SLOW_REQUEST_MS } : {};
  return { kind: 'app', instanceId: instance.id, ready: instance.state === 'listening', ...slow };
}

/** Whose process served before a swap, in those seconds in which a front end still sends visitors there. */
function formerSlot(world: World, { site, mixed }: Slot, now: number): Slot | undefined {
  if (mixed === undefined || now >= mixed.until || Math.floor(now / 1000) % 2 === 1) return undefined;
  const other = world.web.sites[site.toLowerCase()]?.slots[mixed.with];
  return mixed.lingers || other?.occupant.instance?.state === 'listening' ? other : undefined;
}

/** WebJobs run beside Kudu, not in the app: they go on while the app is stopped. */
function wantedWebJobs(world: World, slot: Slot): WantedProcess[] {
  return webJobsOf(world, slot)
    .filter((job) => job.type === 'continuous' && job.runs)
    .map((job) => {
      const instanceId = `${slot.occupant.scmInstanceId}-${job.name}`;
      return {
        instanceId,
        kind: 'webjob' as const,
        name: job.name,
        site: slot.site,
        slot: slot.name,
        contentId: job.contentId,
        startCommand: undefined,
        environment: {
          ...environmentOf(world, slot, instanceId),
          WEBJOBS_NAME: job.name,
          WEBJOBS_TYPE: 'continuous',
        },
        startedAt: slot.occupant.instance?.startedAt ?? 0,
      };
    });
}

function startCommand(slot: Slot): string | undefined {
  const command = slot.occupant.config.appCommandLine;
  return typeof command === 'string' && command !== '' ? command : undefined;
}
