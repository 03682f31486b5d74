import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { zipSync } from 'fflate';
import type { InProcessRun } from '../../simulator/in-process/run-in-process.ts';
import { type Build, buildFiles, type Kind } from '../../simulator/model/app/build.ts';
import { EPOCH, type WorldOptions } from '../../simulator/model/create-world.ts';
import { request } from '../../simulator/model/model.ts';
import type { SqlServer } from '../../simulator/model/sql/state.ts';
import { advanceWeb } from '../../simulator/model/web/advance.ts';
import { restart } from '../../simulator/model/web/instances.ts';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import type { Site, Slot } from '../../simulator/model/web/state.ts';
import type { Variant, World } from '../../simulator/model/world.ts';
import type { RunCommand } from '../../src/ports.ts';
import { begin, type Inputs, LIVE, production, type Trial } from './trial.ts';

const folder = mkdtempSync(join(tmpdir(), 'zdd-zoo-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** An application and its Azure, as somebody has them, by what is other than plain. */
export interface Zoo {
  /** How the app differs, before the deployment and after it. */
  readonly kind?: Kind;
  /** How the new build differs beside that. */
  readonly next?: Partial<Build>;
  readonly variants?: readonly Variant[];
  readonly options?: WorldOptions;
  /** What is arranged before anybody looks. */
  readonly arrange?: (parts: Parts) => void;
  readonly inputs?: Inputs;
  /** Instead of the new build's own package. */
  readonly package?: Uint8Array;
  readonly run?: RunCommand;
  /** What lies between the action and its ports. */
  readonly around?: InProcessRun['around'];
  /** The address of the runner; from `10.…` it comes through private endpoints. */
  readonly from?: string;
  /** Variables of the runner. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What somebody does right before a phase. */
  readonly before?: Readonly<Record<string, (parts: Parts, trial: Trial) => void>>;
}

/** The parts of its world by short names. */
export interface Parts {
  readonly world: World;
  readonly site: Site;
  readonly production: Slot;
  readonly server: SqlServer;
}

export interface Outcome {
  /** `deployed`, `refused by preflight: …` with every failed check, or `failed in <phase>: …` with what to do next. */
  readonly ended: string;
  /** What visitors get then: version, status of a read and of a write. */
  readonly visitors: string;
  /** Everything that was said, warnings of checks included. */
  readonly said: string;
  readonly trial: Trial;
}

const PHASES = ['clone', 'read-only', 'switch', 'deploy', 'validate', 'complete', 'cleanup'];

/** Takes an app through preflight and, unless that refuses, through a whole deployment. */
export async function deploy(zoo: Zoo = {}): Promise<Outcome> {
  const trial = open(zoo);
  const inputs = { package: packageOf(zoo), 'read-only-probes': 'POST /order -> 503', ...zoo.inputs };
  const preflight = await trial.run('preflight', inputs);
  const checks = preflight.phases[0]?.checks ?? [];
  const found = checks.map(({ verdict, name, found, fix }) => `${verdict} ${name}: ${found} ${fix ?? ''}`);
  const failed = found.filter((line) => line.startsWith('failed'));
  const said = () => [...found, ...trial.lines].join('\n');
  const end = (ended: string): Outcome => ({ ended, visitors: visitors(trial), said: said(), trial });
  if (preflight.failure) {
    const why = failed.length > 0 ? failed.join('\n') : preflight.failure.happened;
    return end(`refused by preflight: ${why}`);
  }
  for (const phase of PHASES) {
    zoo.before?.[phase]?.(partsOf(trial.world), trial);
    const { failure, notes, warnings } = await trial.run(phase, inputs);
    found.push(...notes, ...warnings);
    if (failure) return end(`failed in ${phase}: ${failure.happened} ${failure.next}`);
  }
  return end('deployed');
}

/** A trial in such a world, in which nothing else is in preflight's way. */
export function open({ kind, variants = [], options, arrange, run, around, from, environment }: Zoo = {}): Trial {
  const switched = Object.fromEntries(variants.map((variant) => [variant, true]));
  const trial = begin(
    {
      build: { ...LIVE, ...kind },
      ...options,
      appSettings: { WEBSITE_ADD_SITENAME_BINDINGS_IN_APPHOST_CONFIG: '1', ...options?.appSettings },
      variants: { ...switched, ...options?.variants },
    },
    { ...(run && { run }), ...(around && { around }), ...(from && { from }), ...(environment && { environment }) },
  );
  const parts = partsOf(trial.world);
  const address = { startIpAddress: '203.0.113.7', endIpAddress: '203.0.113.7' };
  parts.server.firewallRules.runner = { name: 'runner', ...address, effectiveAt: 0 };
  arrange?.(parts);
  return trial;
}

/** Version, status of a read and of a write, as visitors see production. */
function visitors(trial: Trial): string {
  const { version, reads, writes } = production(trial);
  return `${version} ${reads} ${writes}`;
}

export function partsOf(world: World): Parts {
  const [site] = Object.values(world.web.sites);
  const [server] = Object.values(world.sql.servers);
  if (!site || !server) throw new Error('The world has no app, or no server.');
  return { world, site, server, production: slotOf(world, site.name, 'production') };
}

/** Takes production's connection strings away: the app finds its own elsewhere. */
export function withoutStrings({ world, production }: Parts): void {
  production.occupant.connectionStrings = {};
  restart(world, production, EPOCH);
  advanceWeb(world, EPOCH + world.durations.appStart);
}

/** `config/web` of production as Azure shows it. */
export function webConfig({ world, clock }: Trial): Record<string, unknown> {
  const id = `/subscriptions/${world.subscriptionId}/resourceGroups/rg/providers/Microsoft.Web/sites/web`;
  const url = `https://management.azure.com${id}/config/web?api-version=2024-11-01`;
  const [clientId = ''] = Object.keys(world.principals);
  const answer = request(world, { method: 'GET', url, headers: {}, from: '203.0.113.7', clientId }, clock.now());
  return JSON.parse(new TextDecoder().decode(answer.body)).properties;
}

/** The new build of such an app, as its workflow has it on the disk. */
export function newBuild({ kind, next }: Zoo): Build {
  return { ...LIVE, version: '2', schema: '2', migratesOnStart: true, ...kind, ...next };
}

let packages = 0;

/** Its zip file. */
export function packageOf(zoo: Zoo): string {
  const path = join(folder, `${packages++}.zip`);
  writeFileSync(path, zoo.package ?? zipSync(buildFiles(newBuild(zoo)), { mtime: '2020-01-01' }));
  return path;
}
