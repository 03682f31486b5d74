import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SimulatorOptions } from '../../simulator/adapters/options.ts';
import { type Simulator, startSimulator } from '../../simulator/adapters/simulator.ts';
import type { Content } from '../../simulator/demo/content.ts';
import { leftoversIn, letInForALook } from '../../simulator/demo/leftovers.ts';
import { readDatabase } from '../../simulator/demo/read-database.ts';
import { sendVisitors } from '../../simulator/demo/send-visitors.ts';
import { outcomeOf, roleOf, type Visit } from '../../simulator/demo/visit.ts';
import { buildPackages, type Packages } from '../../simulator/sample-app/packages.ts';
import { type Action, type Ended, type Inputs, startAction } from './action.ts';

const PACKAGES = join(import.meta.dirname, '../../build/sample-app');

/** A shop in a local Azure with real processes, visitors who come all the time, and the committed action. */
export interface Shop {
  readonly azure: Simulator;
  /** Starts the action; it runs beside the test. */
  start(phases: string, inputs?: Inputs, environment?: Inputs): Action;
  /** Runs the action to its end. */
  run(phases: string, inputs?: Inputs, environment?: Inputs): Promise<Ended>;
  /** Runs the action and throws its log when it ends red. */
  green(phases: string, inputs?: Inputs, environment?: Inputs): Promise<Ended>;
  /** What the runner does at the end of the job, whatever came of the step. */
  post(ended: Ended): Promise<Ended>;
  /** Everything that visitors saw; sends no more. */
  visits(): Promise<readonly Visit[]>;
  /** Rows of a database, as any SQL client reads them. */
  rows(database: string): Promise<Content>;
  /** What a deployment left behind, and what was asked that the simulator does not know. */
  left(): readonly string[];
  close(): Promise<void>;
}

const TIME_SCALE = 100;

export async function openShop(options: SimulatorOptions = {}): Promise<Shop> {
  await buildPackages(PACKAGES);
  const azure = await startSimulator({ timeScale: TIME_SCALE, ...options });
  const folder = mkdtempSync(join(tmpdir(), 'zdd-scenario-'));
  const { ready } = azure;
  const visitors = sendVisitors(
    {
      url: ready.productionUrl.replace(/\/$/, ''),
      readsPerSecond: 10,
      writesPerSecond: 4,
      file: join(folder, 'visits.jsonl'),
    },
    ready.caFile,
  );
  let isOpen = true;
  const stopVisitors = async () => {
    if (isOpen) await visitors.stop();
    isOpen = false;
  };
  const known = {
    'resource-group': ready.resourceGroup,
    'app-name': ready.appName,
    'azure-environment': ready.resourceManager,
    package: packageOf('v2'),
    'readonly-settings': 'SHOP_READ_ONLY=true',
    'read-only-probes': 'POST /orders -> 503',
    'health-path': '/health',
    'smoke-paths': '/, /products/1, /orders',
    'version-source': 'json /version /version',
    'soak-seconds': '60',
    // Apps take real time to start and to stop, however fast Azure is.
    'health-timeout': '3000',
    'drain-seconds': '1200',
    'schema-version-query': 'SELECT MAX(Version) FROM SchemaVersion',
    'migrate-command': `"${process.execPath}" "${join(PACKAGES, 'v2/migrate.js')}"`,
  };
  const environment = {
    AZURE_CLIENT_ID: ready.clientId,
    AZURE_TENANT_ID: ready.tenantId,
    AZURE_SUBSCRIPTION_ID: ready.subscriptionId,
    AZURE_CLIENT_SECRET: ready.clientSecret,
    AZURE_AUTHORITY_HOST: ready.authority,
    NODE_EXTRA_CA_CERTS: ready.caFile,
    ZDD_CLOCK_RATE: String(ready.timeScale),
    GITHUB_REPOSITORY: 'contoso/shop',
    GITHUB_RUN_ID: '7001',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_ACTOR: 'ada',
  };
  let runs = 0;
  let last: Inputs = {};
  const shop: Shop = {
    azure,
    start(phases, inputs = {}, more = {}) {
      last = { ...known, phase: phases, ...inputs };
      return startAction(join(folder, `run-${++runs}`), last, { ...environment, ...more });
    },
    run: (phases, inputs, more) => shop.start(phases, inputs, more).ended,
    async green(phases, inputs, more) {
      const ended = await shop.run(phases, inputs, more);
      if (ended.code !== 0) throw new Error(`${phases} ended red:\n${ended.log}`);
      return ended;
    },
    post(ended) {
      const state = Object.entries(ended.state).map(([name, value]) => [`STATE_${name}`, value]);
      return startAction(join(folder, `run-${++runs}`), last, { ...environment, ...Object.fromEntries(state) }).ended;
    },
    async visits() {
      await stopVisitors();
      return visitors.visits;
    },
    rows(database) {
      azure.change((world, now) => letInForALook(world, now));
      return readDatabase(ready, database, join(folder, `${database}.json`));
    },
    left: () => [...azure.read((world) => leftoversIn(world)), ...azure.unmodelled],
    async close() {
      await stopVisitors();
      await azure.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return shop;
}

export function packageOf(name: keyof Packages): string {
  return join(PACKAGES, `${name}.zip`);
}

/** What visitors met, in order: `role version`, each stretch once; failed visits stand out. */
export function story(visits: readonly Visit[]): string[] {
  const told: string[] = [];
  for (const visit of [...visits].sort((one, other) => one.at - other.at)) {
    const words =
      outcomeOf(visit) === 'failed' ? `FAILED ${visit.kind} ${visit.status}` : `${roleOf(visit)} ${visit.version}`;
    if (told.at(-1) !== words) told.push(words);
  }
  return told;
}

/** Ids of the orders that visitors were told are placed. */
export function accepted(visits: readonly Visit[]): string[] {
  return visits.filter((visit) => visit.kind === 'write' && outcomeOf(visit) === 'ok').map(({ id = '' }) => id);
}

/** Ids of the orders in a database. */
export function stored(content: Content): Set<string> {
  return new Set((content.tables.Orders ?? []).map((row) => String(row.Id)));
}

/** Names of firewall rules that the action opened and that are still there. */
export function openRules({ azure }: Shop): string[] {
  return azure.read((world) =>
    Object.values(world.sql.servers).flatMap((server) =>
      Object.values(server.firewallRules)
        .map(({ name }) => name)
        .filter((name) => name.startsWith('zdd-')),
    ),
  );
}
