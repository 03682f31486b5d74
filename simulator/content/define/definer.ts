import { createHash } from 'node:crypto';
import { type Database, withTable } from '../data/database.ts';
import { isNameTaken, type Schema, type Table, withObject } from '../data/schema.ts';
import type { WritableEnv } from '../env.ts';
import { definitionProblem } from '../problem.ts';
import type { Compiler } from '../query/compiler.ts';

/** What statements that define something work with. */
export interface Definer {
  readonly env: WritableEnv;
  /** A compiler for the schema as it is now. */
  compiler(): Compiler;
  /** Stores a temporary table or table variable under its name; `undefined` drops it. */
  keepTemporary(name: string, table: Table | undefined): void;
  /** Ids of what is not in the content. */
  temporaryId(): number;
}

export function schemaOf(definer: Definer): Schema {
  return definer.env.database().schema;
}

/** A new object id. */
export function nextId(definer: Definer, home: Table['home']): number {
  if (home !== 'content') return definer.temporaryId();
  const database = definer.env.database();
  definer.env.replace({ ...database, schema: { ...database.schema, nextId: database.schema.nextId + 16 } });
  return database.schema.nextId;
}

/** Puts a changed table in place of the old one. */
export function putTable(definer: Definer, table: Table): void {
  if (table.home !== 'content') {
    definer.keepTemporary(table.name.toLowerCase(), table);
    return;
  }
  const database = definer.env.database();
  const present: Database = {
    ...database,
    schema: withObject(database.schema, { ...table, modifiedAt: definer.env.now }),
  };
  definer.env.replace(database.tables.has(table.id) ? present : withTable(present, table.id, definer.env.data(table)));
}

/** A name for what was given none: `PK__Orders__3214EC07A1B2C3D4`. */
export function systemName(
  definer: Definer,
  prefix: string,
  table: string,
  column: string | undefined,
  id: number,
): string {
  const hash = createHash('sha1')
    .update(`${table}/${column}/${id}/${definer.env.now}`)
    .digest('hex')
    .slice(0, 8)
    .toUpperCase();
  if (prefix === 'PK') return `PK__${table.slice(0, 8)}__3214EC07${hash}`;
  const middle = [table.slice(0, 9), ...(column === undefined ? [] : [column.slice(0, 8)])].join('__');
  return `${prefix}__${middle}__${hash}`;
}

/** 2714 for a name that an object or constraint of the schema has. */
export function requireFree(definer: Definer, schema: string, name: string): void {
  if (isNameTaken(schemaOf(definer), schema, name))
    throw definitionProblem(2714, `There is already an object named '${name}' in the database.`);
}
