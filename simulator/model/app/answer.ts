import { gzipSync } from 'fflate';
import type { Answer } from '../arm/answer.ts';
import { arrivalAt } from '../web/hosting.ts';
import { restartApp } from '../web/instances.ts';
import { slotOfInstance } from '../web/lookup.ts';
import { STOPPED_PAGE, UNAVAILABLE_PAGE } from '../web/pages.ts';
import type { Instance, Slot } from '../web/state.ts';
import { type ModelRequest, Unmodelled, type World } from '../world.ts';
import type { Build } from './build.ts';
import { writeRow } from './database.ts';
import { connected, healthOf, refusesWrites } from './run.ts';
import { giveUpload, keepUpload } from './uploads.ts';
import { leave } from './work.ts';

/** A process that has ended is started again by the next request, but not more often than this. */
const START_AGAIN_MS = 10_000;
const HTML = { 'content-type': 'text/html' };

/** Answers a visitor's request to a slot's host where no processes run. */
export function appRequest(world: World, slot: Slot, request: ModelRequest, url: URL, now: number): Answer {
  if (world.web.instances === 'processes') {
    throw new Unmodelled(`${request.method} ${request.url}: the app's own process answers it`);
  }
  const isHttps = url.protocol === 'https:';
  const route = arrivalAt(world, { path: url.pathname, isHttps, from: request.from, host: url.host }, now);
  if (route?.kind === 'answered') return route.answer;
  if (route?.kind === 'stopped') return { status: 403, headers: HTML, body: STOPPED_PAGE };
  const serving = (route?.kind === 'app' && slotOfInstance(world, route.instanceId)) || slot;
  const { instance } = serving.occupant;
  if (instance?.exitedAt !== undefined && now - instance.exitedAt >= START_AGAIN_MS) restartApp(world, slot, now);
  if (route?.kind !== 'app' || !route.ready || instance === undefined) {
    return { status: 503, headers: HTML, body: UNAVAILABLE_PAGE };
  }
  const delay = route.delayMs === undefined ? {} : { delayMs: route.delayMs };
  const answer = fromApp(world, serving, instance, { request, url, isHttps }, now);
  return { ...answer, ...delay };
}

interface Visit {
  readonly request: ModelRequest;
  readonly url: URL;
  readonly isHttps: boolean;
}

function fromApp(world: World, slot: Slot, instance: Instance, visit: Visit, now: number): Answer {
  const { request, url, isHttps } = visit;
  const health = healthOf(world, instance, { path: url.pathname, isHttps, from: request.from }, now);
  const { build, status, reason } = health;
  if (build !== undefined && failsNow(world, instance, build)) return { status: 502, body: { status: 'one of many' } };
  const path = decodeURIComponent(url.pathname.slice(1));
  const isUpload = build?.keepsUploadsIn !== undefined && path.startsWith(`${build.keepsUploadsIn}/`);
  if (build === undefined || request.method === 'GET' || request.method === 'HEAD') {
    if (isUpload && status === 200) return giveUpload(world, slot, path);
    const page = build && status === 200 ? pageOf(build, url, request.headers) : undefined;
    if (build && page) {
      const { status: usual = 200, text, whenReadOnly = usual, textWhenReadOnly = text } = page;
      const closed = refusesWrites(build, instance);
      return { status: closed ? whenReadOnly : usual, headers: HTML, body: closed ? textWhenReadOnly : text };
    }
    const body = {
      ...(build && { name: build.name, version: build.version }),
      instance: instance.id,
      marker: instance.environment.ZDD_INSTANCE ?? null,
      schema: health.schema ?? null,
      status: reason,
    };
    return dressed(build, { status, ...(status === 307 && { headers: { location: httpsOf(url) } }), body });
  }
  if (status !== 200) return { status, body: { status: reason } };
  if (!build.writesElsewhere && refusesWrites(build, instance)) return { status: 503, body: { status: 'read-only' } };
  if (isUpload) return keepUpload(world, slot, path, request.body ?? new Uint8Array(), now);
  return write(world, instance, build, url, now);
}

function pageOf(build: Build, { host, pathname, search }: URL, headers: ModelRequest['headers']) {
  const site = (build.hearsForwardedHost && headers['x-forwarded-host']) || host;
  const path = `${pathname}${search}`;
  return build.pages?.[`${site}${path}`] ?? build.pages?.[path];
}

/** A write with an id of the visitor's (`?id=`), so that it can be found again. */
function write(world: World, instance: Instance, build: Build, url: URL, now: number): Answer {
  const id = url.searchParams.get('id') ?? `write-${world.nextId++}`;
  if (build.writesElsewhere) {
    leave(world, instance, build.version, id, now);
    return { status: 201, body: { id } };
  }
  if (build.sessions === 'none') return { status: 405, body: { status: 'there is nothing to write to' } };
  return connected(world, instance, now, ([session]) => {
    if (session === undefined) return { status: 500, body: { status: 'no database' } };
    const refused = writeRow(world, session, id, build.version, now);
    return refused === undefined
      ? { status: 201, body: { id } }
      : { status: 500, body: { status: `SQL error ${refused}`, number: refused } };
  });
}

/** Whether it is the turn of the answer that fails. */
function failsNow(world: World, instance: Instance, { failsOneIn }: Build): boolean {
  const app = world.web.apps[instance.id];
  if (failsOneIn === undefined || app === undefined) return false;
  app.answered = (app.answered ?? 0) + 1;
  return app.answered % failsOneIn === 0;
}

/** The answer in the form in which this build sends it. */
function dressed(build: Build | undefined, answer: Answer): Answer {
  if (build?.answers === 'endless') return { ...answer, endless: true };
  if (build?.answers !== 'compressed') return answer;
  const bytes = gzipSync(new TextEncoder().encode(JSON.stringify(answer.body)), { mtime: 0 });
  const headers = { ...answer.headers, 'content-type': 'application/json', 'content-encoding': 'gzip' };
  return { ...answer, headers, body: bytes };
}

function httpsOf(url: URL): string {
  return `https://${url.host}${url.pathname}${url.search}`;
}
