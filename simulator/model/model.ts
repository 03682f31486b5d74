import { appRequest } from './app/answer.ts';
import { keepJobs } from './app/jobs.ts';
import { respond } from './arm/answer.ts';
import { armRequest } from './arm/arm.ts';
import { answerOf } from './arm/refusal.ts';
import { graphRequest } from './directory/graph.ts';
import { urlOf } from './known-url.ts';
import { advanceSql, nextSqlEventAt } from './sql/advance.ts';
import { blobRequest, isBlobList } from './storage/request.ts';
import { isVaultHost, vaultRequest } from './vault/request.ts';
import { carryOut } from './web/advance.ts';
import { allSlots } from './web/lookup.ts';
import { nextPendingAt, takeDue } from './web/pending.ts';
import { registryRequest } from './web/registry-request.ts';
import { scmRequest } from './web/scm/scm.ts';
import { packageRequest } from './web/stored-package.ts';
import { type ModelRequest, type ModelResponse, Unmodelled, type World } from './world.ts';

/**
 * Answers one request to Azure and changes the world accordingly, after everything that was due. `now` is simulated
 * milliseconds since the epoch and never goes back. Throws {@link Unmodelled} for anything that is not known.
 */
export function request(world: World, asked: ModelRequest, now: number): ModelResponse {
  advance(world, now);
  const url = urlOf(asked.url);
  const host = url.host.toLowerCase();
  for (const slot of allSlots(world)) {
    if (slot.host === host || slot.customHosts.includes(host))
      return respond(world, appRequest(world, slot, asked, url, now), now);
    if (slot.scmHost === host) {
      const answer = answerOf(() => scmRequest(world, slot, asked, url, now));
      const response = respond(world, answer, now);
      if (asked.method !== 'GET') keepJobs(world, now);
      return response;
    }
  }
  if (isVaultHost(host))
    return respond(
      world,
      answerOf(() => vaultRequest(world, host, asked, url)),
      now,
    );
  if (/^\/(graph\/)?v1\.0\//.test(url.pathname)) {
    return respond(
      world,
      answerOf(() => graphRequest(world, asked, url)),
      now,
    );
  }
  const registry = world.web.registries[host];
  if (registry !== undefined) {
    return respond(
      world,
      answerOf(() => registryRequest(world, registry, asked, url)),
      now,
    );
  }
  if (world.web.packages[url.origin + url.pathname] !== undefined) {
    return respond(world, packageRequest(world, asked.method, url, now), now);
  }
  if (isBlobList(url)) return respond(world, blobRequest(world, asked, url, now), now);
  if (!/^\/(subscriptions|tenants|providers)(\/|$)/i.test(url.pathname)) {
    throw new Unmodelled(`${asked.method} ${asked.url}`);
  }
  const response = respond(
    world,
    answerOf(() => armRequest(world, asked, url, now)),
    now,
  );
  if (asked.method !== 'GET') keepJobs(world, now);
  return response;
}

/** Carries out, in the order of time, everything that is due until `now`. */
export function advance(world: World, now: number): void {
  for (let at = nextEventAt(world); at !== undefined && at <= now; at = nextEventAt(world)) {
    const sqlAt = nextSqlEventAt(world);
    if (sqlAt !== undefined && sqlAt <= at) advanceSql(world, sqlAt);
    else {
      const event = takeDue(world, at);
      if (event !== undefined) carryOut(world, event);
    }
  }
}

/** The next instant at which something happens by itself; undefined when nothing is pending. */
export function nextEventAt(world: World): number | undefined {
  const web = nextPendingAt(world);
  const sql = nextSqlEventAt(world);
  if (web === undefined || sql === undefined) return web ?? sql;
  return Math.min(web, sql);
}

/** A copy of a world that shares only what never changes: the bytes of contents. */
export function cloneWorld(world: World): World {
  const { contents, ...web } = world.web;
  const copy = structuredClone({ ...world, web: { ...web, contents: {} } });
  copy.web.contents = { ...contents };
  return copy;
}
