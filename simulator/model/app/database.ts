import { statement } from '../sql/sessions.ts';
import type { Content } from '../sql/state.ts';
import type { World } from '../world.ts';

/** Schema version of the database that a session is in; `0` before any was set. */
export function schemaOf(world: World, sessionId: number, now: number): string {
  const place = placeOf(world, sessionId, now);
  return place === undefined ? '0' : schemaIn(world, place.contentId, now);
}

/** Sets the schema version, as a migration does. */
export function setSchema(world: World, sessionId: number, version: string, now: number): void {
  const place = placeOf(world, sessionId, now);
  const content = place && world.sql.contents[place.contentId];
  if (content === undefined || schemaIn(world, content.id, now) === version) return;
  (content.schemas as { version: string; at: number }[]).push({ version, at: now });
}

/** Writes a row, or answers the number of the server's error: 3906 on a READ_ONLY database. */
export function writeRow(world: World, sessionId: number, id: string, by: string, now: number): number | undefined {
  const place = placeOf(world, sessionId, now);
  if (place === undefined) return 4060;
  if (place.readOnly) return 3906;
  world.sql.contents[place.contentId]?.writes.push({ id, at: now, by });
  return undefined;
}

/** Whether the database refuses writes. */
export function isReadOnly(world: World, sessionId: number, now: number): boolean {
  return placeOf(world, sessionId, now)?.readOnly ?? true;
}

/** Any statement about content is answered with the place of the content. */
function placeOf(world: World, sessionId: number, now: number): { contentId: string; readOnly: boolean } | undefined {
  const result = statement(world, sessionId, 'SELECT [value] FROM [content]', {}, now);
  return result.kind === 'content' ? result : undefined;
}

/** A content that came from another one shows what that one held at the instant of the copy. */
function schemaIn(world: World, contentId: string, at: number): string {
  const content: Content | undefined = world.sql.contents[contentId];
  if (content === undefined) return '0';
  const own = content.schemas.findLast((schema) => schema.at <= at);
  if (own !== undefined) return own.version;
  return content.from === undefined ? '0' : schemaIn(world, content.from.contentId, Math.min(at, content.from.at));
}
