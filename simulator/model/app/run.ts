import { viewOf } from '../web/content.ts';
import { PRODUCTION, slotOfInstance } from '../web/lookup.ts';
import type { Instance } from '../web/state.ts';
import type { World } from '../world.ts';
import { type Build, buildIn } from './build.ts';
import { connectTo, disconnect } from './connection.ts';
import { isReadOnly, schemaOf, setSchema, writeRow } from './database.ts';
import { type Asked, atTheDoor } from './door.ts';

/** Starts the abstract application of an instance; false when its process ends by itself. */
export function startApp(world: World, instance: Instance, now: number): boolean {
  const build = buildOf(world, instance);
  if (build?.starts === false) return false;
  world.web.apps[instance.id] = { sessions: {} };
  if (build === undefined) return true;
  connected(world, instance, now, (sessions) => {
    for (const sessionId of sessions) {
      if (migrates(build, instance) && build.schema !== undefined) setSchema(world, sessionId, build.schema, now);
      if (build.writesOnStart && !refusesWrites(build, instance)) {
        writeRow(world, sessionId, `start-${instance.id}`, build.version, now);
      }
    }
  });
  return true;
}

/** Ends the abstract application of an instance: its sessions are gone. */
export function endApp(world: World, instanceId: string, now: number): void {
  if (world.web.apps[instanceId] === undefined) return;
  disconnect(world, world.web.apps[instanceId].sessions, now);
  delete world.web.apps[instanceId];
}

/**
 * The status with which a warm-up request is answered; any status is an answer. It is plain http, sent to the process
 * itself from inside: https://learn.microsoft.com/azure/app-service/deploy-staging-slots ("ping over HTTP")
 */
export function answerWarmUp(world: World, instance: Instance, path: string, now: number): number {
  return healthOf(world, instance, { path, isHttps: false, from: INSIDE }, now).status;
}

/** Where App Service's own requests come from: the documented rewrite rule is `^100?\.` */
const INSIDE = '10.0.0.4';

interface Health {
  readonly status: number;
  readonly build: Build | undefined;
  /** Schema version of the database, where there is one. */
  readonly schema: string | undefined;
  readonly reason: string;
}

/** How the application answers a read: 200 when it is healthy and its database fits, 404 without content. */
export function healthOf(world: World, instance: Instance, asked: Asked, now: number): Health {
  const files = viewOf(world, instance.contentId);
  const build = buildIn(files);
  if (build === undefined) {
    // A new slot shows its welcome page at the root only. Files without an app have no page that could be shown there.
    const root = Object.keys(files).length === 0 ? 200 : 403;
    return { status: asked.path === '/' ? root : 404, build, schema: undefined, reason: 'no application here' };
  }
  const refused = atTheDoor(build, asked);
  if (refused !== undefined) return { build, schema: undefined, ...refused };
  return connected(world, instance, now, ([session]) => inside(world, instance, build, session, now));
}

function inside(world: World, instance: Instance, build: Build, session: number | undefined, now: number): Health {
  const schema = session === undefined ? undefined : schemaOf(world, session, now);
  const answer = (status: number, reason: string): Health => ({ status, build, schema, reason });
  const fault = world.web.apps[instance.id]?.fault;
  if (fault !== undefined) return answer(500, fault);
  if (build.healthy === false) return answer(500, 'this build is not healthy');
  if (build.unhealthyForVisitors && slotOfInstance(world, instance.id)?.name === PRODUCTION) {
    return answer(500, 'this build fails when visitors come');
  }
  if (build.schema !== undefined && schema !== undefined && schema !== build.schema) {
    return answer(500, `the build needs schema ${build.schema}, the database has ${schema}`);
  }
  if (build.needsToWrite && session !== undefined && isReadOnly(world, session, now)) {
    return answer(500, 'SQL error 3906: this build cannot live on a database that it may only read');
  }
  return answer(200, 'healthy');
}

function migrates({ migratesOnStart = false }: Build, { environment }: Instance): boolean {
  if (typeof migratesOnStart === 'boolean') return migratesOnStart;
  return environment[migratesOnStart.setting] === migratesOnStart.value;
}

/** Whether the application refuses writes itself: its read-only switch is on, or it never takes any. */
export function refusesWrites(build: Build, instance: Instance): boolean {
  const { alwaysReadOnly, readOnlySwitch } = build;
  if (alwaysReadOnly) return true;
  return readOnlySwitch !== undefined && instance.environment[readOnlySwitch.setting] === readOnlySwitch.value;
}

/** The build that an instance runs; undefined for a slot without content. */
export function buildOf(world: World, instance: Instance): Build | undefined {
  return buildIn(viewOf(world, instance.contentId));
}

/** Does something with the sessions of an instance, opened where there are none; some applications then close them. */
export function connected<T>(world: World, instance: Instance, now: number, use: (sessions: number[]) => T): T {
  const app = world.web.apps[instance.id];
  const build = buildOf(world, instance);
  if (app === undefined || build?.sessions === 'none') return use([]);
  connectTo(world, app, { ...instance, ...build }, now);
  try {
    return use(Object.values(app.sessions));
  } finally {
    if (build?.sessions === 'for-an-instant') {
      disconnect(world, app.sessions, now);
      app.sessions = {};
    }
  }
}
