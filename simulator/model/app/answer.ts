import type { Answer } from '../arm/answer.ts';
import { routeOf } from '../web/hosting.ts';
import { restartApp } from '../web/instances.ts';
import { STOPPED_PAGE, UNAVAILABLE_PAGE } from '../web/pages.ts';
import type { Slot } from '../web/state.ts';
import { type ModelRequest, Unmodelled, type World } from '../world.ts';
import { writeRow } from './database.ts';
import { buildOf, healthOf, refusesWrites, sessionsOf } from './run.ts';

/** A process that has ended is started again by the next request, but not more often than this. */
const START_AGAIN_MS = 10_000;
const HTML = { 'content-type': 'text/html' };

/** Answers a visitor's request to a slot's host where no processes run. */
export function appRequest(world: World, slot: Slot, request: ModelRequest, url: URL, now: number): Answer {
  if (world.web.instances === 'processes') {
    throw new Unmodelled(`${request.method} ${request.url}: the app's own process answers it`);
  }
  const route = routeOf(world, url.host, now);
  if (route?.kind === 'stopped') return { status: 403, headers: HTML, body: STOPPED_PAGE };
  const { instance } = slot.occupant;
  if (instance?.exitedAt !== undefined && now - instance.exitedAt >= START_AGAIN_MS) restartApp(world, slot, now);
  if (route?.kind !== 'app' || !route.ready || instance === undefined) {
    return { status: 503, headers: HTML, body: UNAVAILABLE_PAGE };
  }
  const delay = route.delayMs === undefined ? {} : { delayMs: route.delayMs };
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const health = healthOf(world, instance, url.pathname, now);
  const { build } = health;
  if (build === undefined || isRead) {
    const body = {
      ...(build && { name: build.name, version: build.version }),
      instance: instance.id,
      marker: instance.environment.ZDD_INSTANCE ?? null,
      schema: health.schema ?? null,
      status: health.reason,
    };
    return { status: health.status, body, ...delay };
  }
  if (health.status !== 200) return { status: health.status, body: { status: health.reason }, ...delay };
  if (refusesWrites(build, instance)) return { status: 503, body: { status: 'read-only' }, ...delay };
  return { ...write(world, slot, url, now), ...delay };
}

/** A write with an id of the visitor's (`?id=`), so that it can be found again. */
function write(world: World, slot: Slot, url: URL, now: number): Answer {
  const { instance } = slot.occupant;
  if (instance === undefined) throw new Error('There is no instance that could write.');
  const id = url.searchParams.get('id') ?? `write-${world.nextId++}`;
  const [session] = sessionsOf(world, instance);
  if (session === undefined) return { status: 500, body: { status: 'no database' } };
  const refused = writeRow(world, session, id, buildOf(world, instance)?.version ?? '', now);
  return refused === undefined
    ? { status: 201, body: { id } }
    : { status: 500, body: { status: `SQL error ${refused}`, number: refused } };
}
