import { modelPorts } from '../../simulator/in-process/model-ports.ts';
import { armInProcess } from '../../simulator/in-process/run-in-process.ts';
import { silentLog } from '../../simulator/in-process/silent-log.ts';
import { virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import { createWorld, EPOCH } from '../../simulator/model/create-world.ts';
import { addDatabase } from '../../simulator/model/sql/create.ts';
import { login } from '../../simulator/model/sql/sessions.ts';
import type { Database } from '../../simulator/model/sql/state.ts';
import { addSlot } from '../../simulator/model/web/create.ts';
import { findSite } from '../../simulator/model/web/lookup.ts';
import type { Slot as ModelSlot } from '../../simulator/model/web/state.ts';
import type { World } from '../../simulator/model/world.ts';
import { behindOver } from '../../src/context/behind.ts';
import type { Context } from '../../src/context/context.ts';
import { type Databases, databasesOver, programNameOf } from '../../src/context/databases.ts';
import { earlyAnswers } from '../../src/context/early-answers.ts';
import { eyesOf } from '../../src/context/eyes.ts';
import { leaseOver } from '../../src/context/lease.ts';
import type { Scene } from '../../src/context/scene.ts';
import type { Observed, Slot } from '../../src/deployment/observed.ts';
import { lookAtSlot } from '../../src/observe/slots.ts';
import type { HttpRequest, HttpResponse } from '../../src/ports.ts';
import { observed, settings } from '../phases/observed.ts';

const PASSWORD = 'Of-The-Server-1';

/** What a step meets: the model's Azure in virtual time, and as much of a run as steps on databases take. */
export interface Stage {
  readonly scene: (differences?: Partial<Observed>) => Scene;
  readonly clock: Context['ports']['clock'];
  readonly databases: Databases;
  readonly lease: Context['lease'];
  /** Requests that changed something, in order. */
  readonly sent: readonly string[];
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
  readonly world: World;
  /** The app's own slot, or another one, which is made when it is not there: running and empty. */
  slot(name: string): ModelSlot;
  /** A scene whose look has seen production and the slots of the deployment as they are now. */
  seen(differences?: Partial<Observed>): Promise<Scene>;
  readonly cancelled: AbortController;
  add(name: string, differences?: Partial<Database>): Database;
  names(): readonly string[];
  /** Somebody else connects, until he is sent away. */
  stranger(database: string): number;
  leave(sessionId: number): void;
  answering(with_: (request: HttpRequest) => HttpResponse | undefined): void;
}

export async function stage(inputs: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const world = createWorld({ databases: ['shop'], sqlPassword: PASSWORD });
  const [server] = Object.values(world.sql.servers);
  if (server === undefined) throw new Error('The world has a server.');
  server.firewallRules.runner = { name: 'runner', startIpAddress: RUNNER, endIpAddress: RUNNER, effectiveAt: 0 };
  // The app of the world is connected: here nobody is who is not asked for.
  world.sql.sessions = {};
  const clock = virtualClock(EPOCH + 60_000);
  const [clientId = ''] = Object.keys(world.principals);
  const [sent, warnings, infos]: [string[], string[], string[]] = [[], [], []];
  const log = {
    ...silentLog,
    warning: (text: string) => void warnings.push(text),
    info: (text: string) => void infos.push(text),
  };
  const model = modelPorts({ world, clock, clientId, log, run: async () => ({ exitCode: 0 }) });
  let answers: (request: HttpRequest) => HttpResponse | undefined = () => undefined;
  const ports = {
    ...model,
    async send(request: HttpRequest, signal?: AbortSignal) {
      // Settings are secret, so that they are read by POST.
      if (request.method !== 'GET' && !/\/list\?/.test(request.url))
        sent.push(`${request.method} ${new URL(request.url).pathname.split('/').slice(-2).join('/')}`);
      return answers(request) ?? model.send(request, signal);
    },
  };
  const cancelled = new AbortController();
  const { signal } = cancelled;
  const known = settings({ ...inputs, phase: 'switch' });
  const programName = programNameOf(known.github);
  const host = 'sql.database.windows.net';
  const token = { kind: 'token', token: clientId } as const;
  const databases = databasesOver({
    log,
    optional: false,
    open: (database) => ports.sql.connect({ host, database, login: token, programName }),
  });
  const lease = leaseOver(databases, clock, log, programName, signal);
  const context = {
    settings: known,
    ports,
    arm: await armInProcess(ports, clientId, signal),
    app: APP,
    databases,
    lease,
    behind: behindOver(clock, log),
    eyes: eyesOf(ports, known, signal),
    early: earlyAnswers(ports, known, signal),
    known: {
      slots: new Set(),
      databases: new Map(),
      asked: [],
      made: new Set(),
      unlisted: [],
      listings: new Map(),
      secrets: new Map(),
      openedRules: new Set(),
    },
    newBuild: null,
    newBuilds: new Map(),
    signal,
  } satisfies Context;
  const site = findSite(world, APP.resourceGroup, APP.name);
  if (site === undefined) throw new Error('The world has an app.');
  const id = `/subscriptions/${world.subscriptionId}/resourceGroups/rg/providers/Microsoft.Sql/servers/${server.name}`;
  const look = observed();
  const servers = [{ ...look.servers[0], id, name: server.name, host }] as const;
  const scene: Stage['scene'] = (differences = {}) => ({
    context,
    settings: known,
    observed: { ...look, servers, ...differences },
  });
  const lookAt = async (name: string) => (await lookAtSlot(context, APP, name)).slot as Slot | null;
  return {
    scene,
    world,
    cancelled,
    infos,
    slot: (name) => site.slots[name.toLowerCase()] ?? addSlot(world, site, name, clock.now()),
    async seen(differences = {}) {
      const production = await lookAt('production');
      if (production === null) throw new Error('There is always a production slot.');
      const [readonlySlot, stagingSlot] = [await lookAt(known.readonlySlot), await lookAt(known.stagingSlot)];
      const app = { ...look.app, ...APP, id: production.id };
      return scene({ app, production, readonlySlot, stagingSlot, ...differences });
    },
    clock,
    databases,
    lease,
    sent,
    warnings,
    add: (name, differences = {}) => Object.assign(addDatabase(world, server, { name }, clock.now()), differences),
    names: () => Object.values(server.databases).map(({ name }) => name),
    stranger(database) {
      const who = { host: 'sql', database, user: 'zddadmin', password: PASSWORD, from: RUNNER };
      const came = login(world, { ...who, hostName: 'LAPTOP', programName: 'Query', hostProcessId: 7 }, clock.now());
      if (came.kind === 'fault') throw new Error(came.message);
      return came.sessionId;
    },
    leave(sessionId) {
      delete world.sql.sessions[sessionId];
    },
    answering(with_) {
      answers = with_;
    },
  };
}

/** Where every pause takes a second: for waits whose end is exact. */
export function byTheSecond(scene: Scene): Scene {
  const { ports } = scene.context;
  const clock = { ...ports.clock, sleep: (_ms: number, signal?: AbortSignal) => ports.clock.sleep(1000, signal) };
  return { ...scene, context: { ...scene.context, ports: { ...ports, clock } } };
}

const APP = { subscriptionId: '00000000-0000-0000-0000-000000000000', resourceGroup: 'rg', name: 'web' };
const RUNNER = '203.0.113.7';

export function refusal(status: number, code: string): HttpResponse {
  return answer(status, { error: { code, message: `Azure said ${code}.` } });
}

export function answer(status: number, body: unknown): HttpResponse {
  const text = JSON.stringify(body);
  return { status, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(text) };
}
