import type { Durations } from '../model/world.ts';

/** What `bench/az-script.sh` takes by the same table of durations: computed, not run. */
export interface ScriptMeasure {
  readonly seconds: number;
  readonly windowSeconds: number;
  /** Requests to Azure Resource Manager that look at a state. */
  readonly stateCalls: number;
}

/** A call of the Azure CLI starts Python and signs in; sqlcmd signs in to the database. */
const AZ_MS = 1500;
const SQL_MS = 300;
/** The CLI asks how far an operation is right after it began, then about every 15 s, as recorded (`test_webapp_slot_swap.yaml`). */
const FIRST_POLL_MS = 2000;
const POLL_MS = 15_000;
/** The script's own rule, as ours: the old build is stopped so long after the route change. */
const LINGERS_MS = 25_000;
/** A health check that succeeds was preceded by one that failed, half a second on average. */
const HEALTHY_MS = 500;
/** As many as a run against the simulator made until its window (`npm run az-script`), and as the commands after it; polls of operations are counted here. */
const STATE_CALLS = 57;

export function measureScript(durations: Durations): ScriptMeasure {
  const { swapRestartSource, swapWarmUp, swapSwitch, swapRestartTarget, appStart, settingsWrite } = durations;
  const { slotCreate, deployment, copy, drop, firewall } = durations;
  const untilRoute = Math.max(swapRestartSource, appStart) + swapWarmUp + swapSwitch;
  const swap = noticed(untilRoute + swapRestartTarget);
  const prepared =
    AZ_MS +
    firewall +
    AZ_MS +
    noticed(copy) +
    SQL_MS +
    2 * (AZ_MS + slotCreate) +
    AZ_MS +
    3 * (AZ_MS + settingsWrite) +
    2 * (AZ_MS + deployment) +
    2 * AZ_MS +
    HEALTHY_MS +
    appStart;
  const inWindow =
    Math.max(swap - untilRoute + AZ_MS, LINGERS_MS) +
    2 * AZ_MS +
    4 * SQL_MS +
    AZ_MS +
    settingsWrite +
    AZ_MS +
    appStart +
    HEALTHY_MS +
    AZ_MS +
    untilRoute;
  const after = swap - untilRoute + AZ_MS + 2 * AZ_MS + AZ_MS + noticed(drop) + AZ_MS;
  return {
    seconds: (prepared + AZ_MS + untilRoute + inWindow + after) / 1000,
    windowSeconds: inWindow / 1000,
    stateCalls: STATE_CALLS + 2 * polls(untilRoute + swapRestartTarget) + polls(copy) + polls(drop),
  };
}

/** When the CLI knows that an operation has ended, in milliseconds from its begin. */
function noticed(ms: number): number {
  return FIRST_POLL_MS + (polls(ms) - 1) * POLL_MS;
}

function polls(ms: number): number {
  return 1 + Math.max(0, Math.ceil((ms - FIRST_POLL_MS) / POLL_MS));
}
