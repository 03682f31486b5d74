import type { World } from '../world.ts';
import { pingAtSignIn } from './front-door.ts';
import { planOf, siteOf } from './lookup.ts';
import type { Slot, Swap } from './state.ts';

/** Windows: a warm-up request may take 90 s and is repeated up to five times. */
const WINDOWS_WARM_UP_MS = 5 * 90_000;
/** Linux: a swap whose container never answers is given up after some 25 minutes (measured by users, not documented). */
const LINUX_WARM_UP_MS = 25 * 60_000;

/** How long a swap waits for the source to be warm. */
export function warmUpDeadlineMs(world: World, source: Slot): number {
  return isLinux(world, source) ? LINUX_WARM_UP_MS : WINDOWS_WARM_UP_MS;
}

/** The request that decides whether an instance is warm: plain http, straight to the process. */
export interface WarmUp {
  readonly path: string;
  /** Statuses that count as warm; absent: any. */
  readonly statuses?: readonly number[];
  /** The answer that comes before the process is asked at all, of site authentication. */
  readonly status?: number;
}

/**
 * https://learn.microsoft.com/azure/app-service/reference-app-settings. The path is encoded: a query becomes part of it,
 * `/ready?x=1` is asked for as `/ready%3Fx=1` (https://haacked.com/archive/2020/09/28/azure-swap-with-warmup-aspnetcore).
 */
export function warmUpRequest(world: World, slot: Slot): WarmUp {
  const { settings } = slot.occupant;
  const path = (settings.WEBSITE_SWAP_WARMUP_PING_PATH ?? '/').replaceAll('?', '%3F');
  const statuses = settings.WEBSITE_SWAP_WARMUP_PING_STATUSES;
  const status = pingAtSignIn(slot, path, world.variants['pings-must-sign-in'] === true);
  return {
    path,
    ...(statuses !== undefined && statuses.trim() !== '' && { statuses: statuses.split(',').map(Number) }),
    ...(status !== undefined && { status }),
  };
}

/** Why a swap cannot go on, in Azure's words; nothing while it may still succeed. */
export function failureOf(world: World, swap: Swap, source: Slot, target: Slot, now: number): string | undefined {
  const stopped = [source, target].find((slot) => slot.state !== 'Running');
  const { instance } = source.occupant;
  if (stopped !== undefined || instance === undefined || swap.sourceExited) {
    if (isLinux(world, source)) return giveUp(world, swap, source, now);
    return `Cannot swap slots for site '${source.site}' because the worker process for '${(stopped ?? source).name}' slot could not be started.`;
  }
  if (swap.warmed !== undefined && swap.warmed.instanceId === instance.id) {
    const { statuses } = warmUpRequest(world, source);
    if (statuses === undefined || statuses.includes(swap.warmed.status)) return undefined;
    return isLinux(world, source)
      ? noPing(source)
      : `Cannot swap slots for site '${source.site}' because the application initialization in '${source.name}' slot either took too long or failed. Please check AppInit module configuration or try using swap with preview if application initialization time is very long.`;
  }
  return giveUp(world, swap, source, now);
}

function giveUp(world: World, swap: Swap, source: Slot, now: number): string | undefined {
  if (now < swap.deadline) return undefined;
  return isLinux(world, source)
    ? noPing(source)
    : `Cannot swap slots for site '${source.site}' because the warmup requests to application in '${source.name}' slot have timed out. Please check the application logs.`;
}

function noPing(source: Slot): string {
  return `Cannot swap site slots for site '${source.site}' because the '${source.name}' slot did not respond to http ping.`;
}

function isLinux(world: World, slot: Slot): boolean {
  return planOf(world, siteOf(world, slot)).reserved;
}
