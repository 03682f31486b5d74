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
import type { Durations, Variant } from '../model/world.ts';
import { observerOf, routeChangeOf, type Work } from './azure-work.ts';
import { inWindow, lengthOf, onCriticalPath } from './critical-path.ts';
import { RECORDED } from './durations.ts';
import { marker } from './marks.ts';
import { type Mark, type OwnWait, ownWaits } from './own-waits.ts';
import { lowestReads } from './throttling.ts';
import { listener, type Traffic, without } from './traffic.ts';

export interface Span {
  readonly tookMs: number;
  /** Of Azure's operations, those that must follow one another, and the time for which both builds answer. Nothing of ours. */
  readonly azureMs: number;
}

export interface PhaseMeasure extends Span {
  readonly phase: PhaseName;
  readonly traffic: Traffic;
}

export interface WindowMeasure extends Span {
  /** Every second that `azureMs` does not explain, and what it is for. */
  readonly own: readonly OwnWait[];
}

export interface DeploymentMeasure {
  readonly databases: number;
  readonly phases: readonly PhaseMeasure[];
  /** From the route change in `switch` to the one in `complete`; nobody is waited for between the runs. */
  readonly window: WindowMeasure | undefined;
  /** How far the allowance of reads from ARM went down at most, of {@link lowestReads}. */
  readonly lowestReads: number;
}

export interface Course {
  readonly databases: number;
  /** The runs of the action, with the phases of each. */
  readonly runs: readonly (readonly PhaseName[])[];
  readonly inputs?: Readonly<Record<string, string>>;
  /** Default: as recorded. */
  readonly durations?: Partial<Durations>;
  readonly variants?: Partial<Record<Variant, boolean>>;
  readonly latencyMs?: number;
  /** The new build works with the old schema, and the old build with what it leaves. */
  readonly keepsSchema?: true;
  /** How long nobody does anything before the last run. */
  readonly waitsMs?: number;
  /** Put between the action and what measures it: a planted slowness must show. */
  readonly around?: (ports: Ports) => Ports;
}

/** The runs of a deployment as the reusable workflow does them, nobody being waited for. */
export const AS_IN_WORKFLOW: Course['runs'] = [
  ['preflight'],
  ['clone'],
  ['read-only'],
  ['switch', 'deploy', 'validate'],
  ['complete'],
  ['cleanup'],
];

const LIVE = {
  name: 'shop',
  version: '1',
  schema: '1',
  readOnlySwitch: { setting: 'SHOP_READ_ONLY', value: 'true' },
  writesOnStart: true,
};
const APP = 'web';
const SOAK_SECONDS = 300;

/** One deployment in the model, in virtual time. */
export async function measureDeployment(course: Course): Promise<DeploymentMeasure> {
  const folder = mkdtempSync(join(tmpdir(), 'zdd-bench-'));
  try {
    const zip = join(folder, 'new.zip');
    const build = course.keepsSchema ? LIVE : { ...LIVE, schema: '2', migratesOnStart: true };
    const files = buildFiles({ ...build, version: '2' });
    writeFileSync(zip, zipSync(files, { mtime: new Date(2026, 0, 1) }));
    return await measured(course, zip);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measured(course: Course, zip: string): Promise<DeploymentMeasure> {
  const { databases, runs, inputs = {}, durations = RECORDED, variants, latencyMs, waitsMs = 0, around } = course;
  const world = createWorld({
    appName: APP,
    build: LIVE,
    databases: namesOf(databases),
    durations,
    variants: { 'both-builds-answer': true, 'requests-are-limited': true, ...variants },
  });
  const [clientId = ''] = Object.keys(world.principals);
  const clock = virtualClock(EPOCH);
  const azure = observerOf(world);
  clock.onTick = (now) => azure.look(now);
  const seen: Phase[] = [];
  const marks: Mark[] = [];
  const readAt: number[] = [];

  for (const phases of runs) {
    if (phases === runs.at(-1)) await clock.sleep(waitsMs);
    const from = clock.now();
    const heard = listener();
    const marked = marker();
    const atStart: Traffic[] = [];
    const report = await runInProcess({
      world,
      clock,
      clientId,
      latencyMs,
      inputs: { ...inputsOf(zip), ...inputs, phase: phases.join(',') },
      around: (ports) => {
        const listening = marked.around(heard.around(ports));
        const log = {
          ...listening.log,
          group: <T>(title: string, work: () => Promise<T>) => {
            atStart.push(heard.traffic());
            return listening.log.group(title, work);
          },
        };
        return around?.({ ...listening, log }) ?? { ...listening, log };
      },
    });
    if (report.failure) throw new Error(`${phases.join(',')} failed: ${report.failure.happened}`);
    const to = clock.now();
    const works = [...azure.since(from), ...heard.works()];
    marks.push(...marked.marks());
    readAt.push(...heard.readAt());
    for (const [index, phase] of phases.entries()) {
      const begun = index === 0 ? from : (marked.phases()[index]?.at ?? to);
      const ended = marked.phases()[index + 1]?.at ?? to;
      const before = atStart[index] ?? heard.traffic();
      seen.push({
        phase,
        from: begun,
        to: ended,
        works: works.filter((work) => work.from >= begun && (work.from < ended || index === phases.length - 1)),
        traffic: without(atStart[index + 1] ?? heard.traffic(), before),
        routeChange: routeChangeOf(world, APP),
      });
    }
  }
  return {
    databases,
    phases: seen.map(({ phase, from, to, works, traffic }) => ({
      phase,
      tookMs: to - from,
      azureMs: sumOf(onCriticalPath(phase, works)),
      traffic,
    })),
    window: windowOf(seen, marks),
    lowestReads: lowestReads(readAt),
  };
}

interface Phase {
  readonly phase: PhaseName;
  readonly from: number;
  readonly to: number;
  readonly works: readonly Work[];
  readonly traffic: Traffic;
  /** The last one, at the end of its run. */
  readonly routeChange: number | undefined;
}

function windowOf(phases: readonly Phase[], marks: readonly Mark[]): WindowMeasure | undefined {
  const opened = phases.find(({ phase }) => phase === 'switch')?.routeChange;
  const closed = phases.find(({ phase }) => phase === 'complete')?.routeChange;
  if (opened === undefined || closed === undefined) return undefined;
  const inside = phases.filter(({ phase }) => ['switch', 'deploy', 'validate', 'complete'].includes(phase));
  const azure = inside.flatMap(({ phase, works }) => inWindow(phase, works));
  return {
    tookMs: closed - opened,
    azureMs: sumOf(azure),
    own: ownWaits(marks, azure, { from: opened, to: closed }),
  };
}

function sumOf(works: readonly Work[]): number {
  return works.reduce((sum, work) => sum + lengthOf(work), 0);
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
