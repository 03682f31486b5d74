import type { TokenCredential } from '@azure/core-auth';
import type { Arm } from '../../src/azure/arm.ts';
import { createArm } from '../../src/azure/client.ts';
import type { Cloud } from '../../src/azure/cloud.ts';
import { loadManagementClients } from '../../src/azure/management-clients.ts';
import type { OpenedRule } from '../../src/azure/sql-access.ts';
import { hooksOf } from '../../src/hooks/hooks.ts';
import { readSettings, secretsOf } from '../../src/inputs/inputs.ts';
import type { Log, Ports, RunCommand } from '../../src/ports.ts';
import { run } from '../../src/run.ts';
import type { RunReport } from '../../src/summary/summary.ts';
import { withMasks } from '../../src/system/masks.ts';
import type { World } from '../model/world.ts';
import { actionDefaults } from './action-defaults.ts';
import { modelPorts } from './model-ports.ts';
import { refuseUnfit } from './published.ts';
import { silentLog } from './silent-log.ts';
import type { VirtualClock } from './virtual-clock.ts';

const DEFAULTS = actionDefaults();

const CLOUD: Cloud = {
  name: 'public',
  resourceManager: 'https://management.azure.com',
  authority: 'https://login.microsoftonline.com',
  armScope: 'https://management.azure.com/.default',
  sqlScope: 'https://database.windows.net/.default',
  vaultSuffix: 'vault.azure.net',
  storageSuffix: 'core.windows.net',
};

export interface InProcessRun {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly clientId: string;
  /** Default: one whose token, the client id, never ends. */
  readonly credential?: TokenCredential;
  /** Inputs by their names in action.yml; what is left out has the default that it has there. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly run?: RunCommand;
  readonly log?: Log;
  /** The runner's address as Azure sees it; from `10.…` it comes through private endpoints. */
  readonly from?: string;
  /** How long a request takes, there and back. */
  readonly latencyMs?: number | undefined;
  /** Variables of the runner beside those of every run. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly runId?: string;
  readonly runAttempt?: number;
  readonly signal?: AbortSignal;
  /** What lies between the action and the model: faults, checks. */
  readonly around?: (ports: Ports) => Ports;
  readonly onOpening?: (rule: OpenedRule) => void;
}

/** One run of the action against the model: the same code as `dist`, from its settings on. */
export async function runInProcess(options: InProcessRun): Promise<RunReport> {
  const { world, clock, clientId } = options;
  const { log, masked } = withMasks(options.log ?? silentLog);
  const signal = options.signal ?? new AbortController().signal;
  const noCommand: RunCommand = async (command) => {
    throw new Error(`No command was expected: ${command}`);
  };
  const { from, latencyMs } = options;
  const model = modelPorts({ world, clock, clientId, log, run: options.run ?? noCommand, from, latencyMs });
  const ports = options.around?.(model) ?? model;
  const arm = await armInProcess(ports, clientId, signal, options.credential);
  const environment = environmentOf(options);
  for (const secret of secretsOf(environment)) log.secret(secret);
  const settings = readSettings(environment, () => true);
  const onOpening = options.onOpening ?? (() => undefined);
  const hooks = hooksOf({ settings, ports, masked, signal });
  const report = await run({ settings, ports, arm, subscriptionId: world.subscriptionId, signal, hooks, onOpening });
  await hooks.ended();
  refuseUnfit(report);
  return report;
}

/**
 * The action's client for the model's Azure; the model takes a client id for a token. The libraries are read from the disk
 * before: virtual time would go on meanwhile, in the first run of a process only.
 */
export async function armInProcess(
  ports: Ports,
  clientId: string,
  signal: AbortSignal,
  credential: TokenCredential = {
    getToken: async () => ({ token: clientId, expiresOnTimestamp: Date.now() + 86_400_000 }),
  },
): Promise<Arm> {
  await loadManagementClients();
  return createArm({ cloud: CLOUD, credential, ...ports, signal });
}

function environmentOf({ inputs, environment, runId = '1', runAttempt = 1 }: InProcessRun): Record<string, string> {
  const entries = Object.entries({ ...DEFAULTS, ...inputs }).map(
    ([name, value]) => [`INPUT_${name.toUpperCase()}`, value] as const,
  );
  return {
    ...Object.fromEntries(entries),
    GITHUB_REPOSITORY: 'org/shop',
    GITHUB_RUN_ID: runId,
    GITHUB_RUN_ATTEMPT: String(runAttempt),
    GITHUB_ACTOR: 'ada',
    GITHUB_WORKSPACE: '/',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_SHA: '0'.repeat(40),
    ...environment,
  };
}
