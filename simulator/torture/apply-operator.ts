import type { VirtualClock } from '../in-process/virtual-clock.ts';
import { swapInFlight } from '../model/web/conflict.ts';
import { site } from './facts.ts';
import type { Start } from './invariant.ts';
import type { Operator } from './operator.ts';
import { watchOver } from './watch.ts';

const LOOKS_ON_MS = 120_000;

/** Lets an operator act, and watches without us until what was begun has ended. Answers the invariants that this broke: not ours. */
export async function applyOperator(
  operator: Operator,
  start: Start,
  clock: VirtualClock,
): Promise<ReadonlySet<string>> {
  const { world } = start;
  const watch = watchOver(start);
  clock.onTick = (now) => watch.until(now);
  operator.apply(world, clock.now(), start.history);
  do await clock.sleep(LOOKS_ON_MS);
  while (swapInFlight(world, site(world)) !== undefined);
  watch.end(true);
  return new Set(watch.violations().map(({ invariant }) => invariant));
}
