import type { VirtualClock } from '../in-process/virtual-clock.ts';
import { swapInFlight } from '../model/web/conflict.ts';
import { site } from './facts.ts';
import type { ForeignHand } from './foreign-hands.ts';
import type { Start } from './invariant.ts';
import { watchOver } from './watch.ts';

const LOOKS_ON_MS = 120_000;

/** Lays the hand and looks on without us until what it began has ended. Answers the invariants that it broke: not ours. */
export async function layHand(hand: ForeignHand, start: Start, clock: VirtualClock): Promise<ReadonlySet<string>> {
  const { world } = start;
  const watch = watchOver(start);
  clock.onTick = (now) => watch.until(now);
  hand.lay(world, clock.now(), start.history);
  do await clock.sleep(LOOKS_ON_MS);
  while (swapInFlight(world, site(world)) !== undefined);
  watch.end(true);
  return new Set(watch.violations().map(({ invariant }) => invariant));
}
