import { type ModelRequest, type ModelResponse, Unmodelled, type World } from '../world.ts';

/**
 * Answers a request whose first provider is Microsoft.Sql (tags of databases and servers included), or
 * `/subscriptions/{id}/tagsoperationresults…`. Permission has been checked by the caller.
 */
export function sqlRequest(_world: World, request: ModelRequest, _now: number): ModelResponse {
  throw new Unmodelled(`${request.method} ${request.url}`);
}

/** Carries out, in order, everything that is due until `now`. */
export function advanceSql(_world: World, _now: number): void {
  throw new Unmodelled('advanceSql (being written)');
}

/** The next instant at which something happens by itself. */
export function nextSqlEventAt(_world: World): number | undefined {
  throw new Unmodelled('nextSqlEventAt (being written)');
}
