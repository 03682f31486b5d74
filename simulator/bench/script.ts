import type { Durations } from '../model/world.ts';

/** What `bench/az-script.sh` takes by the same table of durations: computed, not run. */
export interface ScriptMeasure {
  readonly seconds: number;
  readonly windowSeconds: number;
  /** Requests to Azure Resource Manager that look at a state. */
  readonly stateCalls: number;
}

/** A call of the Azure CLI starts Python and signs in; sqlcmd signs in to the database. */
export const AZ_MS = 1500;
const SQL_MS = 300;
/**
 * The CLI asks how far an operation is right after it began, then about every 15 s, as recorded (`test_webapp_slot_swap.yaml`). Version 2.45
 * asked the simulator every 30 s only, which would make the window longer.
 */
const FIRST_POLL_MS = 2000;
const POLL_MS = 15_000;
/** The script's own rule, as ours: the old build is stopped so long after the route change. */
const LINGERS_MS = 25_000;
/** A health check that succeeds was preceded by one that failed, half a second on average. */
const HEALTHY_MS = 500;
/** First looks, as counted in a run with Azure CLI 2.45 (`npm run az-script`). Polls of operations are computed. */
const FIRST_LOOKS = 34;

/** @param azMs how long a call of the CLI takes that waits for nothing */
export function measureScript(durations: Durations, azMs = AZ_MS): ScriptMeasure {
  const { swapRestartSource, swapWarmUp, swapSwitch, swapRestartTarget, appStart, settingsWrite } = durations;
  const { slotCreate, deployment, copy, drop, firewall } = durations;
  const untilRoute = Math.max(swapRestartSource, appStart) + swapWarmUp + swapSwitch;
  const swap = noticed(untilRoute + swapRestartTarget);
  const prepared =
    azMs +
    firewall +
    azMs +
    noticed(copy) +
    SQL_MS +
    2 * (azMs + slotCreate) +
    azMs +
    3 * (azMs + settingsWrite) +
    2 * (azMs + deployment) +
    2 * azMs +
    HEALTHY_MS +
    appStart;
  const inWindow =
    Math.max(swap - untilRoute + azMs, LINGERS_MS) +
    2 * azMs +
    4 * SQL_MS +
    azMs +
    settingsWrite +
    azMs +
    appStart +
    HEALTHY_MS +
    azMs +
    untilRoute;
  const after = swap - untilRoute + azMs + 2 * azMs + azMs + noticed(drop) + azMs;
  return {
    seconds: (prepared + azMs + untilRoute + inWindow + after) / 1000,
    windowSeconds: inWindow / 1000,
    stateCalls: FIRST_LOOKS + 2 * polls(untilRoute + swapRestartTarget) + polls(copy) + polls(drop),
  };
}

/** When the CLI knows that an operation has ended, in milliseconds from its begin. */
function noticed(ms: number): number {
  return FIRST_POLL_MS + (polls(ms) - 1) * POLL_MS;
}

function polls(ms: number): number {
  return 1 + Math.max(0, Math.ceil((ms - FIRST_POLL_MS) / POLL_MS));
}
