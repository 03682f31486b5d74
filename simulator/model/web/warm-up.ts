import type { World } from '../world.ts';
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

/** The request that decides whether an instance is warm. https://learn.microsoft.com/azure/app-service/reference-app-settings */
export function warmUpRequest(settings: Readonly<Record<string, string>>): { path: string; statuses?: number[] } {
  const path = settings.WEBSITE_SWAP_WARMUP_PING_PATH ?? '/';
  const statuses = settings.WEBSITE_SWAP_WARMUP_PING_STATUSES;
  if (statuses === undefined || statuses.trim() === '') return { path };
  return { path, statuses: statuses.split(',').map(Number) };
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
    const { statuses } = warmUpRequest(source.occupant.settings);
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
