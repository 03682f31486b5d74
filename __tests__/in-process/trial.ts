import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { zipSync } from 'fflate';
import { type InProcessRun, runInProcess } from '../../simulator/in-process/run-in-process.ts';
import { type VirtualClock, virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import { type Build, buildFiles, buildIn } from '../../simulator/model/app/build.ts';
import { createWorld, EPOCH, type WorldOptions } from '../../simulator/model/create-world.ts';
import { advance, cloneWorld, request } from '../../simulator/model/model.ts';
import { schemaOf } from '../../simulator/model/sql/rows.ts';
import type { Database } from '../../simulator/model/sql/state.ts';
import { viewOf } from '../../simulator/model/web/content.ts';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import type { World } from '../../simulator/model/world.ts';
import type { RunCommand } from '../../src/ports.ts';
import type { RunReport } from '../../src/summary/summary.ts';

/** The password in production's connection string, which nothing may show. */
export const PASSWORD = 'Very-Hidden-4711';

/** What production runs at first. */
export const LIVE: Build = {
  name: 'shop',
  version: '1',
  schema: '1',
  readOnlySwitch: { setting: 'SHOP_READ_ONLY', value: 'true' },
  writesOnStart: true,
};

const builds = {
  new: { ...LIVE, version: '2', schema: '2', migratesOnStart: true },
  /** Only the code is new. */
  'same-schema': { ...LIVE, version: '1.1' },
  sick: { ...LIVE, version: '2', schema: '2', migratesOnStart: true, healthy: false },
  dead: { ...LIVE, version: '2', starts: false },
} satisfies Readonly<Record<string, Build>>;

const folder = mkdtempSync(join(tmpdir(), 'zdd-in-process-'));
afterAll(() => rmSync(folder, { recursive: true }));
for (const [name, build] of Object.entries(builds)) {
  writeFileSync(packageOf(name as keyof typeof builds), zipSync(buildFiles(build), { mtime: '2020-01-01' }));
}

export function packageOf(name: keyof typeof builds): string {
  return join(folder, `${name}.zip`);
}

/** A model of Azure in virtual time, and runs of the action against it. */
export interface Trial {
  readonly world: World;
  readonly clock: VirtualClock;
  /** Everything that was said, in order. */
  readonly lines: readonly string[];
  run(phase: string, inputs?: Inputs): Promise<RunReport>;
  /** Runs the phases one by one; throws what went wrong. */
  through(...phases: readonly Stage[]): Promise<void>;
  /** Another one that goes on from here; neither changes the other. */
  copy(): Trial;
}

/** A phase, with inputs of its own. */
export type Stage = string | readonly [string, Inputs];

export type Inputs = Readonly<Record<string, string>>;

export function begin(
  options: WorldOptions = {},
  about: {
    runId?: string;
    world?: World;
    run?: RunCommand;
    clock?: VirtualClock;
  } & Pick<InProcessRun, 'credential' | 'around' | 'log' | 'from' | 'environment' | 'signal'> = {},
): Trial {
  const world = about.world ?? createWorld({ build: LIVE, databases: ['shop'], sqlPassword: PASSWORD, ...options });
  const clock = about.clock ?? virtualClock(EPOCH + 60_000);
  const lines: string[] = [];
  const say = (sentence: string) => void lines.push(sentence);
  const trial: Trial = {
    world,
    clock,
    lines,
    run: (phase, inputs = {}) =>
      runInProcess({
        world,
        clock,
        clientId: Object.keys(world.principals)[0] ?? '',
        log: about.log ?? {
          info: say,
          warning: say,
          debug: say,
          group: (title, body) => {
            say(title);
            return body();
          },
          secret: () => undefined,
        },
        ...(about.run ? { run: about.run } : {}),
        ...(about.credential ? { credential: about.credential } : {}),
        ...(about.around ? { around: about.around } : {}),
        ...(about.signal ? { signal: about.signal } : {}),
        ...(about.from ? { from: about.from } : {}),
        ...(about.environment ? { environment: about.environment } : {}),
        runId: about.runId ?? '1',
        inputs: {
          phase,
          'resource-group': 'rg',
          'app-name': 'web',
          package: packageOf('new'),
          'readonly-settings': 'SHOP_READ_ONLY=true',
          'health-path': '/health',
          'schema-version-query': 'SELECT version FROM schema_version',
          ...inputs,
        },
      }),
    async through(...phases) {
      for (const each of phases) {
        const [phase, inputs] = typeof each === 'string' ? [each, {}] : each;
        const { failure } = await trial.run(phase, inputs);
        if (failure) throw new Error(`${phase}: ${failure.happened} ${failure.next}`);
      }
    },
    copy: () => begin(options, { ...about, world: cloneWorld(world), clock: virtualClock(clock.now()) }),
  };
  return trial;
}

/** The version that visitors get, and whether a write of theirs is taken, by asking production. */
export function production({ world, clock }: Trial): { version: string | undefined; reads: number; writes: number } {
  const slot = slotOf(world, 'web', 'production');
  const ask = (method: string, path: string) =>
    request(world, { method, url: `https://${slot.host}${path}`, headers: {}, from: '198.51.100.1' }, clock.now())
      .status;
  return {
    version: buildIn(viewOf(world, slot.occupant.instance?.contentId ?? slot.occupant.contentId))?.version,
    reads: ask('GET', '/'),
    writes: ask('POST', '/?id=visit'),
  };
}

export function databases({ world }: Trial): readonly Database[] {
  return Object.values(world.sql.servers).flatMap((server) => Object.values(server.databases));
}

/** Name, whether it takes writes, and schema version of every database. */
export function databaseLines(trial: Trial): string[] {
  return databases(trial)
    .map((each) => {
      const name = each.name.replace(/\d{8}-[a-z0-9]{5}/, '<id>');
      return `${name} ${each.isReadOnly ? 'READ_ONLY' : 'READ_WRITE'} schema ${schemaOf(trial.world, each.contentId)}`;
    })
    .sort();
}

/** Everything in Azure that a deployment may change: slots, contents, databases, tags, firewall. */
export function azure({ world, clock }: Trial): unknown {
  advance(world, clock.now());
  const servers = Object.values(world.sql.servers);
  return structuredClone({
    slots: Object.values(world.web.sites).map(({ slots }) => slots),
    databases: servers.map((server) => Object.values(server.databases).map(lasting)),
    firewall: servers.map((server) => Object.keys(server.firewallRules)),
    writes: Object.values(world.sql.contents).map(({ writes }) => writes.length),
  });
}

/** A database without when and how often it was used, by a look as well, and without the operation that is just ending. */
function lasting({ lastActiveAt: _, reads: ___, operationId: __, ...rest }: Database): object {
  return rest;
}
