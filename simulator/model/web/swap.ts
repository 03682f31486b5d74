import { newGuid, type World } from '../world.ts';
import { swapInFlight } from './conflict.ts';
import { restart, restartApp } from './instances.ts';
import { showLate } from './late-view.ts';
import { isProduction, siteOf, slotOf } from './lookup.ts';
import { schedule } from './pending.ts';
import type { Instance, Slot, Swap } from './state.ts';
import { kindsOf, withStickyOf } from './sticky.ts';
import { settleConfig } from './travelling.ts';
import { failureOf, warmUpDeadlineMs } from './warm-up.ts';

/** How long the front door answers 503 after a swap (variant `503-after-swap`). */
const UNAVAILABLE_MS = 15_000;
/** How long requests are slow after a swap (variant `slow-warm-up`). */
const SLOW_MS = 60_000;
/** When the new production instance restarts once more (variant `late-restart`). */
const LATE_RESTART_MS = 180_000;

/** How long both builds answer at most (variant `routes-linger`). */
const LINGERS_MS = 23_000;

/**
 * Starts a swap: the target's sticky settings are applied to the source, which restarts, unless a preview has done
 * that already. https://learn.microsoft.com/azure/app-service/deploy-staging-slots#what-happens-during-a-swap
 */
export function beginSwap(world: World, source: Slot, target: Slot, now: number): Swap {
  const site = siteOf(world, source);
  const restarts = site.preview === undefined ? world.durations.swapRestartSource : 0;
  const swap: Swap = {
    id: newGuid(world),
    site: site.name.toLowerCase(),
    source: source.name.toLowerCase(),
    target: target.name.toLowerCase(),
    startedAt: now,
    stage: 'restarting',
    notBefore: now + restarts,
    deadline: now + restarts + warmUpDeadlineMs(world, source),
    before: site.preview?.before ?? kindsOf(source.occupant),
  };
  if (site.preview === undefined) applyTargetSettings(world, source, target, now);
  delete site.preview;
  world.web.swaps[swap.id] = swap;
  for (const at of [swap.notBefore, swap.notBefore + warmUpDelay(world), swap.deadline]) {
    schedule(world, { kind: 'swap-step', at, swapId: swap.id });
  }
  return swap;
}

/** First stage, also of a preview: the source gets the target's sticky settings and restarts. */
export function applyTargetSettings(world: World, source: Slot, target: Slot, now: number): void {
  const { slotConfigNames } = siteOf(world, source);
  Object.assign(source.occupant, withStickyOf(source.occupant, target.occupant, slotConfigNames));
  restart(world, source, now);
}

/** Takes a swap as far as it can go at this instant. Called when time has come or an instance has reported. */
export function stepSwap(world: World, swap: Swap, now: number): void {
  const source = slotOf(world, swap.site, swap.source);
  const target = slotOf(world, swap.site, swap.target);
  if (swap.stage === 'restarting' && now >= swap.notBefore) swap.stage = 'warming';
  if (swap.stage === 'warming') warm(world, swap, source, target, now);
  else if (swap.stage === 'switching' && now >= swap.notBefore) switchRoutes(world, swap, source, target, now);
  else if (swap.stage === 'settling' && now >= swap.notBefore) close(world, swap, 'succeeded');
}

/** The swap that waits for this slot's instance, when there is one. */
export function swapWaitingFor(world: World, slot: Slot): Swap | undefined {
  const swap = swapInFlight(world, siteOf(world, slot));
  if (swap === undefined || swap.source !== slot.name.toLowerCase()) return undefined;
  return swap.stage === 'restarting' || swap.stage === 'warming' ? swap : undefined;
}

/** Whether an instance may be warmed now: it listens, and the swap has come so far. */
export function wantsWarmUp(world: World, slot: Slot, instance: Instance, now: number): boolean {
  const swap = swapWaitingFor(world, slot);
  if (swap?.stage !== 'warming' || instance.state !== 'listening' || swap.warmed?.instanceId === instance.id)
    return false;
  return now >= swap.notBefore + warmUpDelay(world);
}

/** In the variant `slow-warm-up` an instance listens for a long while before it can be warmed. */
function warmUpDelay(world: World): number {
  return world.variants['slow-warm-up'] ? 20 * world.durations.swapWarmUp : 0;
}

function warm(world: World, swap: Swap, source: Slot, target: Slot, now: number): void {
  const failure = failureOf(world, swap, source, target, now);
  if (failure !== undefined) {
    fail(world, swap, source, failure, now);
    return;
  }
  if (swap.warmed?.instanceId !== source.occupant.instance?.id || swap.warmed === undefined) return;
  swap.stage = 'switching';
  swap.notBefore = now + world.durations.swapSwitch;
  schedule(world, { kind: 'swap-step', at: swap.notBefore, swapId: swap.id });
}

/** Ends a swap: nothing of it happens any more, but its result can still be polled. */
function close(world: World, swap: Swap, stage: 'succeeded' | 'failed'): void {
  swap.stage = stage;
  world.web.pending = world.web.pending.filter((event) => event.kind !== 'swap-step' || event.swapId !== swap.id);
}

/** The source gets back what it had, and restarts. */
function fail(world: World, swap: Swap, source: Slot, failure: string, now: number): void {
  close(world, swap, 'failed');
  swap.failure = failure;
  Object.assign(source.occupant, kindsOf(swap.before));
  restart(world, source, now);
}

/** The one instant at which visitors move: content, settings that are not sticky and the running instance change places. */
function switchRoutes(world: World, swap: Swap, source: Slot, target: Slot, now: number): void {
  swap.stage = 'settling';
  swap.notBefore = now + world.durations.swapRestartTarget;
  schedule(world, { kind: 'swap-step', at: swap.notBefore, swapId: swap.id });
  if (world.variants['swap-does-nothing']) {
    Object.assign(source.occupant, kindsOf(swap.before));
    restart(world, source, now);
    return;
  }
  for (const slot of [source, target]) showLate(world, slot, now);
  const { slotConfigNames } = siteOf(world, source);
  const incoming = source.occupant;
  source.occupant = target.occupant;
  target.occupant = incoming;
  Object.assign(source.occupant, withStickyOf(source.occupant, swap.before, slotConfigNames));
  for (const slot of [source, target]) {
    slot.slotSwapStatus = { timestampUtc: now, sourceSlotName: source.name, destinationSlotName: shownName(target) };
    slot.lastModified = now;
  }
  settleConfig(world, source, target);
  surprise(world, target, now);
  if (world.variants['both-builds-answer'] || world.variants['routes-linger'])
    answerTogether(world, source, target, now);
  else restart(world, source, now);
}

/**
 * Not every front end learns of new routes at once: for a while both builds answer production's visitors, 7 to 23 s as
 * measured (https://github.com/yeongseon/azure-paas-troubleshooting-labs, slot-swap-warmup).
 */
function answerTogether(world: World, source: Slot, target: Slot, now: number): void {
  const lingers = world.variants['routes-linger'] === true;
  const until = now + (lingers ? LINGERS_MS : world.durations.bothBuildsAnswer);
  target.mixed = { until, with: source.name.toLowerCase(), lingers };
  schedule(world, { kind: 'restart', at: target.mixed.until, volumeId: source.occupant.volumeId });
}

function surprise(world: World, target: Slot, now: number): void {
  if (world.variants['503-after-swap']) target.unavailableUntil = now + UNAVAILABLE_MS;
  if (world.variants['slow-warm-up']) target.slowUntil = now + SLOW_MS;
  if (world.variants['late-restart']) {
    schedule(world, { kind: 'restart', at: now + LATE_RESTART_MS, volumeId: target.occupant.volumeId });
  }
}

/** Production is called `Production` in a swap's status, other slots as they are. */
function shownName(slot: Slot): string {
  return isProduction(slot) ? 'Production' : slot.name;
}

/** Carries out a restart that was waiting: one of the variant, or of a process that had ended by itself. */
export function restartLater(world: World, slot: Slot, ofInstance: string | undefined, now: number): void {
  const { instance } = slot.occupant;
  if (instance === undefined || (ofInstance !== undefined && instance.id !== ofInstance)) return;
  restartApp(world, slot, now, ofInstance === undefined ? 0 : instance.exits);
}
