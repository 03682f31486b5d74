import type { Durations } from '../model/world.ts';

/**
 * How long Azure takes where it was recorded or measured, in milliseconds; the rest as in every world.
 *
 * - A swap of an empty app, Windows S1: at least 81 s until the routes change, then at most 11 s (2021); 59 s and at most 5 s when a
 *   preview had come before (2025). https://github.com/Azure/azure-cli, recordings `test_webapp_slot.yaml` and
 *   `test_webapp_slot_swap.yaml`. On Linux P1v3 83 to 92 s in all, and both builds answered for 7 s and for 23 s.
 *   https://github.com/yeongseon/azure-paas-troubleshooting-labs (slot-swap-warmup)
 * - A copy into a pool took 76 s, a rename 12 s, a slot 20 s (same recordings).
 * - A CMS starts in about half a minute. Nothing was found on how long tags of a database take: they are measured at several lengths.
 */
export const RECORDED: Partial<Durations> = {
  swapRestartSource: 26_000,
  swapWarmUp: 5_000,
  swapSwitch: 54_000,
  swapRestartTarget: 5_000,
  bothBuildsAnswer: 7_000,
  appStart: 30_000,
};

/** What a tag write of a database may take, in seconds: nobody has recorded one. */
export const TAG_WRITES: readonly number[] = [1, 5, 15, 60];

/** A request there and back: within a region, and across an ocean. */
export const LATENCIES_MS: readonly number[] = [40, 300];
