import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { advance, nextEventAt } from '../model/model.ts';
import { filesOf, reportInstance, wantedProcesses, wantedWarmUps } from '../model/web/hosting.ts';
import type { World } from '../model/world.ts';
import { answerAsAzure, type Listeners } from './azure-endpoints.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { type SimulatedClock, simulatedClock } from './clock.ts';
import { type Hosts, LOCAL_ZONE } from './hosts.ts';
import { listenHttp, listenHttps } from './listeners.ts';
import type { Ready, SimulatorOptions } from './options.ts';
import { keepProcesses, type Processes } from './processes.ts';
import { startReaper } from './reaper.ts';
import type { Wanted } from './running-process.ts';
import { type RunningWorld, runWorld } from './running-world.ts';
import { buildWorld, makeSeed, seedScript } from './seed.ts';
import { openSql, type SqlEndpoint } from './sql-endpoint.ts';
import { makeTokens } from './tokens.ts';
import { unmodelledRequests } from './unmodelled.ts';

/** A simulated Azure that runs in this process. */
export interface Simulator {
  readonly ready: Ready;
  /** Looks at the world as of now, for checks. */
  read<T>(look: (world: World, now: number) => T): T;
  /** Changes the world as nobody's request could: a fault, a variant, somebody else's doing. */
  change<T>(act: (world: World, now: number) => T): T;
  /** Simulated milliseconds since the epoch. */
  now(): number;
  /** What was asked that the simulator does not know; tests assert that there was nothing. */
  readonly unmodelled: readonly string[];
  readonly processes: Pick<Processes, 'list'>;
  /** Ends all processes and listeners and removes the temporary directory. */
  stop(): Promise<void>;
}

/** Kudu starts a continuous WebJob again after so long (simulated). https://github.com/projectkudu/kudu/wiki/WebJobs */
const WEB_JOB_PAUSE_MS = 60_000;
/** With `late-restart` apps take as long to start as they do on Azure, since visitors live in real time. */
const LATE_START_MS = 3_000;
/** How long production may take to answer at first (real time). */
const FIRST_START_MS = 30_000;

/**
 * Starts a local Azure: an app whose production slot serves a build on a database, and everything a deployment talks
 * to. Resolves when production listens; rejects with the reason, everything closed again, when that cannot be.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const closers: (() => unknown)[] = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    return { ...(await open(options, (close) => closers.push(close))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function open(
  options: SimulatorOptions,
  atEnd: (close: () => unknown) => void,
): Promise<Omit<Simulator, 'stop'>> {
  const directory = await dataDirectory(options.data, atEnd);
  const reaper = startReaper();
  atEnd(() => reaper.stop());
  const seed = makeSeed();
  const clock = simulatedClock(options.start ?? Date.now(), options.timeScale ?? 1);
  const [certificates, tokens] = await Promise.all([makeCertificates(), makeTokens(seed.tenantId, clock.scale)]);
  const caFile = join(directory, 'ca.pem');
  await writeFile(caFile, certificates.ca);
  const unmodelled = unmodelledRequests();
  const listeners = await openListeners(certificates, options, atEnd);
  const authority = listeners.authority.origin;
  const sql = await openSql({ certificates, tokens, unmodelled, authority, callers: options.callers ?? {} });
  atEnd(() => sql.close());

  const hosts = hostsOf(listeners);
  const state = await buildWorld(seed, { hosts, sqlPort: sql.port }, options, clock.now());
  const world = runWorld(state, clock, { advance, nextEventAt });
  atEnd(() => world.stop());
  sql.serve(world);
  if (!options.empty) sql.run(seed.database, await seedScript(options));

  const processes = processesOf({ world, clock, directory, caFile, reaper, sql });
  atEnd(() => processes.stop());
  world.onChange(processes.reconcile);
  answerAsAzure({ listeners, options, world, clock, tokens, processes, unmodelled, clientId: seed.clientId });
  processes.reconcile();
  if (!options.empty) await productionListens(world, seed.appName, directory);

  const production = world.read(({ web }) => web.sites[seed.appName]?.slots.production);
  return {
    ready: {
      ...seed,
      resourceManager: listeners.resourceManager.origin,
      authority: listeners.authority.origin,
      managedIdentity: `${listeners.identity.origin}/msi/token`,
      caFile,
      sqlHost: 'localhost',
      sqlPort: sql.port,
      productionUrl: `https://${production?.host}`,
      scmUrl: `https://${production?.scmHost}`,
      timeScale: clock.scale,
    },
    read: world.read,
    change: world.change,
    now: world.now,
    unmodelled: unmodelled.seen,
    processes,
  };
}

async function dataDirectory(given: string | undefined, atEnd: (close: () => void) => void): Promise<string> {
  if (given !== undefined) {
    await mkdir(given, { recursive: true });
    return resolve(given);
  }
  const temporary = mkdtempSync(join(tmpdir(), 'simulated-azure-'));
  atEnd(() => rmSync(temporary, { recursive: true, force: true }));
  return temporary;
}

async function openListeners(
  certificates: Certificates,
  { hosts: kind = 'ports', slots = 8 }: SimulatorOptions,
  atEnd: (close: () => unknown) => void,
): Promise<Listeners> {
  const count = kind === 'names' ? 1 : 2 * slots;
  const opened = [listenHttp(), ...Array.from({ length: 2 + count }, () => listenHttps(certificates))];
  const [identity, resourceManager, authority, ...hosts] = await Promise.all(opened);
  if (!identity || !resourceManager || !authority) throw new Error('No listeners were opened.');
  for (const listener of [identity, resourceManager, authority, ...hosts]) atEnd(() => listener.close());
  const [front] = hosts;
  return { identity, resourceManager, authority, hosts: kind === 'names' && front ? front : hosts };
}

function hostsOf({ hosts }: Listeners): Hosts {
  return 'answer' in hosts ? { zone: `${LOCAL_ZONE}:${hosts.port}` } : { pool: hosts.map(({ host }) => host) };
}

function processesOf(parts: {
  world: RunningWorld;
  clock: SimulatedClock;
  directory: string;
  caFile: string;
  reaper: ReturnType<typeof startReaper>;
  sql: SqlEndpoint;
}): Processes {
  const { world, clock, directory, caFile, reaper, sql } = parts;
  return keepProcesses({
    directory,
    reaper,
    environment: {
      PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
      HOME: directory,
      NODE_EXTRA_CA_CERTS: caFile,
    },
    leastStartMs: () => world.read(({ variants }) => (variants['late-restart'] ? LATE_START_MS : 0)),
    webJobPauseMs: clock.realMs(WEB_JOB_PAUSE_MS),
    wanted: () => world.read(wantedProcesses).map((wanted) => fromInside(wanted, sql)),
    warmUps: () => world.read(wantedWarmUps),
    filesOf: (contentId) => world.read((state) => filesOf(state, contentId)),
    report: (instanceId, report) => world.change((state, now) => reportInstance(state, instanceId, report, now)),
    warn: (sentence) => void process.stderr.write(`${sentence}\n`),
  });
}

/**
 * Apps reach the database from Azure's own addresses, which the firewall tells apart from a runner's: they are given
 * the port of a listener that only they use.
 */
function fromInside(wanted: Wanted, sql: SqlEndpoint): Wanted {
  const environment = Object.entries(wanted.environment).map(([name, value]) => [
    name,
    value.replaceAll(`localhost,${sql.port};`, `localhost,${sql.insidePort};`),
  ]);
  return { ...wanted, environment: Object.fromEntries(environment) };
}

/** Resolves when production listens; rejects when it ends first, or does not come. */
function productionListens(world: RunningWorld, appName: string, directory: string): Promise<void> {
  return new Promise((done, fail) => {
    const problem = (what: string) => new Error(`Production ${what}; its output is in ${join(directory, 'LogFiles')}.`);
    const timer = setTimeout(() => fail(problem(`does not listen after ${FIRST_START_MS / 1000} s`)), FIRST_START_MS);
    const look = () => {
      const state = world.read(({ web }) => web.sites[appName]?.slots.production?.occupant.instance?.state);
      if (state === 'starting') return;
      clearTimeout(timer);
      if (state === 'listening') done();
      else fail(problem('ended at its start'));
    };
    world.onChange(look);
    look();
  });
}
