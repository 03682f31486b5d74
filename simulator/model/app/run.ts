import { viewOf } from '../web/content.ts';
import { PRODUCTION, slotOfInstance } from '../web/lookup.ts';
import type { Instance } from '../web/state.ts';
import type { World } from '../world.ts';
import { type Build, buildIn } from './build.ts';
import { connectTo, disconnect } from './connection.ts';
import { schemaOf, setSchema, writeRow } from './database.ts';

/** Starts the abstract application of an instance; false when its process ends by itself. */
export function startApp(world: World, instance: Instance, now: number): boolean {
  const build = buildOf(world, instance);
  if (build?.starts === false) return false;
  world.web.apps[instance.id] = { sessions: {} };
  if (build === undefined) return true;
  connect(world, instance, now);
  for (const sessionId of sessionsOf(world, instance)) {
    if (build.migratesOnStart && build.schema !== undefined) setSchema(world, sessionId, build.schema, now);
    if (build.writesOnStart && !refusesWrites(build, instance)) {
      writeRow(world, sessionId, `start-${instance.id}`, build.version, now);
    }
  }
  return true;
}

/** Ends the abstract application of an instance: its sessions are gone. */
export function endApp(world: World, instanceId: string, now: number): void {
  if (world.web.apps[instanceId] === undefined) return;
  disconnect(world, world.web.apps[instanceId].sessions, now);
  delete world.web.apps[instanceId];
}

/** The status with which a warm-up request is answered; any status is an answer. */
export function answerWarmUp(world: World, instance: Instance, path: string, now: number): number {
  return healthOf(world, instance, path, now).status;
}

interface Health {
  readonly status: number;
  readonly build: Build | undefined;
  /** Schema version of the database, where there is one. */
  readonly schema: string | undefined;
  readonly reason: string;
}

/** How the application answers a read: 200 when it is healthy and its database fits, 404 without content. */
export function healthOf(world: World, instance: Instance, path: string, now: number): Health {
  const build = buildOf(world, instance);
  if (build === undefined) {
    // A new slot shows its welcome page at the root only.
    return { status: path === '/' ? 200 : 404, build, schema: undefined, reason: 'no application here' };
  }
  connect(world, instance, now);
  const fault = world.web.apps[instance.id]?.fault;
  const [session] = sessionsOf(world, instance);
  const schema = session === undefined ? undefined : schemaOf(world, session, now);
  const answer = (status: number, reason: string): Health => ({ status, build, schema, reason });
  if (fault !== undefined) return answer(500, fault);
  if (build.healthy === false) return answer(500, 'this build is not healthy');
  if (build.unhealthyForVisitors && slotOfInstance(world, instance.id)?.name === PRODUCTION) {
    return answer(500, 'this build fails when visitors come');
  }
  if (build.schema !== undefined && schema !== undefined && schema !== build.schema) {
    return answer(500, `the build needs schema ${build.schema}, the database has ${schema}`);
  }
  return answer(200, 'healthy');
}

/** Whether the application's own read-only switch is on. */
export function refusesWrites(build: Build, instance: Instance): boolean {
  const { readOnlySwitch } = build;
  return readOnlySwitch !== undefined && instance.environment[readOnlySwitch.setting] === readOnlySwitch.value;
}

/** The build that an instance runs; undefined for a slot without content. */
export function buildOf(world: World, instance: Instance): Build | undefined {
  return buildIn(viewOf(world, instance.contentId));
}

/** Open sessions of an instance. */
export function sessionsOf(world: World, instance: Instance): number[] {
  return Object.values(world.web.apps[instance.id]?.sessions ?? {});
}

function connect(world: World, instance: Instance, now: number): void {
  const app = world.web.apps[instance.id];
  if (app !== undefined) connectTo(world, app, instance, now);
}
