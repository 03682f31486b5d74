import { schemaOf as schemaIn, setSchema as setSchemaIn, writeRow as writeRowIn } from '../sql/rows.ts';
import { statement } from '../sql/sessions.ts';
import type { World } from '../world.ts';

/** Schema version of the database that a session is in; undefined before any was set, or when the session was ended. */
export function schemaOf(world: World, sessionId: number, now: number): string | undefined {
  const contentId = contentOf(world, sessionId, now);
  return contentId === undefined ? undefined : schemaIn(world, contentId, now);
}

/** Sets the schema version, as a migration does; answers the number of the server's error, such as 3906. */
export function setSchema(world: World, sessionId: number, version: string, now: number): number | undefined {
  const contentId = contentOf(world, sessionId, now);
  if (contentId === undefined) return KILLED;
  if (schemaIn(world, contentId, now) === version) return undefined;
  return setSchemaIn(world, contentId, version, now)?.number;
}

/** Writes a row; answers the number of the server's error, such as 3906. */
export function writeRow(world: World, sessionId: number, id: string, by: string, now: number): number | undefined {
  const contentId = contentOf(world, sessionId, now);
  if (contentId === undefined) return KILLED;
  const refused = writeRowIn(world, contentId, { id, at: now, by })?.number;
  const session = world.sql.sessions[sessionId];
  if (refused === undefined && session !== undefined) session.writes = (session.writes ?? 0) + 1;
  return refused;
}

/** Whether the database that a session is in takes no writes. */
export function isReadOnly(world: World, sessionId: number, now: number): boolean {
  const result = statement(world, sessionId, 'SELECT version FROM schema_version', {}, now);
  return result.kind === 'content' && result.readOnly;
}

/** Cannot continue the execution because the session is in the kill state. */
const KILLED = 596;

/** The server answers any statement about content with where the content is. */
function contentOf(world: World, sessionId: number, now: number): string | undefined {
  const result = statement(world, sessionId, 'SELECT version FROM schema_version', {}, now);
  return result.kind === 'content' ? result.contentId : undefined;
}
