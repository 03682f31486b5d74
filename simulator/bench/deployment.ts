import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { Ports } from '../../src/ports.ts';
import type { PhaseName } from '../../src/settings/phases.ts';
import { runInProcess } from '../in-process/run-in-process.ts';
import { virtualClock } from '../in-process/virtual-clock.ts';
import { buildFiles } from '../model/app/build.ts';
import { createWorld, EPOCH } from '../model/create-world.ts';
import { busyMs, observerOf, routeChangeOf, type Work } from './azure-work.ts';
import { CRITICAL_PATHS, lowerBound, windowLinks } from './critical-path.ts';
import { lowestReads } from './throttling.ts';
import { listener, type Traffic } from './traffic.ts';

export interface PhaseMeasure {
  readonly phase: PhaseName;
  readonly tookMs: number;
  readonly boundMs: number;
  /** Of `tookMs`, for how long Azure was busy; the rest are prescribed waits, ours, and the way there and back. */
  readonly azureMs: number;
  readonly traffic: Traffic;
}

export interface Span {
  readonly tookMs: number;
  readonly boundMs: number;
}

export interface DeploymentMeasure {
  readonly databases: number;
  readonly phases: readonly PhaseMeasure[];
  /** From the route change in `switch` to the one in `complete`; nobody is waited for between the phases. */
  readonly window: Span | undefined;
  /** How far the allowance of reads from ARM went down at most, of {@link lowestReads}. */
  readonly lowestReads: number;
}

interface Course {
  readonly databases: number;
  readonly phases: readonly PhaseName[];
  readonly inputs?: Readonly<Record<string, string>>;
  /** Put between the action and what measures it: a planted slowness must show. */
  readonly around?: (ports: Ports) => Ports;
}

const LIVE = {
  name: 'shop',
  version: '1',
  schema: '1',
  readOnlySwitch: { setting: 'SHOP_READ_ONLY', value: 'true' },
  writesOnStart: true,
};
const APP = 'web';
const SOAK_SECONDS = 300;

/** One deployment in the model, in virtual time: every phase a run of its own, as in the workflow. */
export async function measureDeployment(course: Course): Promise<DeploymentMeasure> {
  const folder = mkdtempSync(join(tmpdir(), 'zdd-bench-'));
  try {
    const zip = join(folder, 'new.zip');
    writeFileSync(zip, zipSync(buildFiles({ ...LIVE, version: '2', schema: '2', migratesOnStart: true })));
    return await measured(course, zip);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measured({ databases, phases, inputs = {}, around }: Course, zip: string): Promise<DeploymentMeasure> {
  const world = createWorld({ appName: APP, build: LIVE, databases: namesOf(databases) });
  const [clientId = ''] = Object.keys(world.principals);
  const clock = virtualClock(EPOCH);
  const azure = observerOf(world);
  clock.onTick = (now) => azure.look(now);
  const measures: PhaseMeasure[] = [];
  const works = new Map<PhaseName, readonly Work[]>();
  const routeChanges = new Map<PhaseName, number>();
  const readAt: number[] = [];

  for (const phase of phases) {
    const from = clock.now();
    const heard = listener();
    const report = await runInProcess({
      world,
      clock,
      clientId,
      inputs: { ...inputsOf(zip), ...inputs, phase },
      around: (ports) => {
        const listening = heard.around(ports);
        return around?.(listening) ?? listening;
      },
    });
    if (report.failure) throw new Error(`Phase ${phase} failed: ${report.failure.happened}`);
    const to = clock.now();
    const done = [...azure.since(from), ...heard.works()];
    works.set(phase, done);
    readAt.push(...heard.readAt());
    const changed = routeChangeOf(world, APP);
    if (changed !== undefined && changed >= from) routeChanges.set(phase, changed);
    measures.push({
      phase,
      tookMs: to - from,
      boundMs: lowerBound(CRITICAL_PATHS[phase] ?? [], done, { soakSeconds: SOAK_SECONDS, databases }),
      azureMs: busyMs(done, from, to),
      traffic: heard.traffic(),
    });
  }
  return {
    databases,
    phases: measures,
    window: windowOf(works, routeChanges, databases),
    lowestReads: lowestReads(readAt),
  };
}

function windowOf(
  works: ReadonlyMap<PhaseName, readonly Work[]>,
  routeChanges: ReadonlyMap<PhaseName, number>,
  databases: number,
): Span | undefined {
  const [opened, closed] = [routeChanges.get('switch'), routeChanges.get('complete')];
  if (opened === undefined || closed === undefined) return undefined;
  const bounds = windowLinks().map(([phase, links]) =>
    lowerBound(links, works.get(phase) ?? [], { soakSeconds: SOAK_SECONDS, databases }),
  );
  return { tookMs: closed - opened, boundMs: bounds.reduce((sum, bound) => sum + bound, 0) };
}

function namesOf(databases: number): string[] {
  return Array.from({ length: databases }, (_, index) => `shop${String(index + 1).padStart(2, '0')}`);
}

function inputsOf(zip: string): Record<string, string> {
  return {
    'resource-group': 'rg',
    'app-name': APP,
    package: zip,
    'readonly-settings': 'SHOP_READ_ONLY=true',
    'health-path': '/health',
    'schema-version-query': 'SELECT version FROM schema_version',
    'soak-seconds': String(SOAK_SECONDS),
  };
}
