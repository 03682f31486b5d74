import type { World } from '../world.ts';
import { fault, readOnlyMessage } from './faults.ts';
import type { Content, ContentWrite, SqlFault } from './state.ts';

/**
 * The in-memory content, for runs without the T-SQL engine: a schema version and the rows that were written. A copy or restore
 * sees what its source held at its instant, whenever one looks.
 */

/** The schema version of a content at an instant; `undefined` when none was ever set. */
export function schemaOf(world: World, contentId: string, at = Number.POSITIVE_INFINITY): string | undefined {
  const content = contentOf(world, contentId);
  const own = content.schemas.findLast((one) => one.at <= at);
  if (own !== undefined) return own.version;
  return content.from === undefined
    ? undefined
    : schemaOf(world, content.from.contentId, Math.min(at, content.from.at));
}

/** The rows of a content at an instant, oldest first. */
export function rowsOf(world: World, contentId: string, at = Number.POSITIVE_INFINITY): readonly ContentWrite[] {
  const content = contentOf(world, contentId);
  const inherited =
    content.from === undefined ? [] : rowsOf(world, content.from.contentId, Math.min(at, content.from.at));
  return [...inherited, ...content.writes.filter((one) => one.at <= at)];
}

/** Writes a row, or answers 3906 when the content is that of a READ_ONLY database. */
export function writeRow(world: World, contentId: string, row: ContentWrite): SqlFault | undefined {
  const refused = refusedWrite(world, contentId);
  if (refused !== undefined) return refused;
  contentOf(world, contentId).writes.push(row);
  for (const database of databasesWith(world, contentId))
    database.updates = { count: (database.updates?.count ?? 0) + 1, at: row.at };
  return undefined;
}

/** Sets the schema version, or answers 3906. */
export function setSchema(world: World, contentId: string, version: string, at: number): SqlFault | undefined {
  const refused = refusedWrite(world, contentId);
  if (refused === undefined) contentOf(world, contentId).schemas.push({ version, at });
  return refused;
}

/** 3906 when the database with this content is READ_ONLY. */
export function refusedWrite(world: World, contentId: string): SqlFault | undefined {
  const closed = databasesWith(world, contentId).find(({ isReadOnly }) => isReadOnly);
  return closed && fault(3906, 16, readOnlyMessage(closed.name));
}

function databasesWith(world: World, contentId: string) {
  return Object.values(world.sql.servers)
    .flatMap(({ databases }) => Object.values(databases))
    .filter((database) => database.contentId === contentId);
}

function contentOf(
  world: World,
  contentId: string,
): Content & { schemas: { version: string; at: number }[]; writes: ContentWrite[] } {
  const content = world.sql.contents[contentId];
  if (content === undefined) throw new Error(`there is no content ${contentId}`);
  return content;
}
