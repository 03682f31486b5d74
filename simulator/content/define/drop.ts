import { emptyTable, withoutTable } from '../data/database.ts';
import { type DbObject, findObject, type Table, tablesOf, withoutObject } from '../data/schema.ts';
import { ContentProblem, definitionProblem } from '../problem.ts';
import { findSource, splitName } from '../query/compiler.ts';
import type { Name } from '../syntax/ast.ts';
import type { Definition, Droppable } from '../syntax/statements.ts';
import { type Definer, schemaOf } from './definer.ts';

/** DROP TABLE, VIEW, PROCEDURE, SCHEMA, SEQUENCE, TYPE. What is missing leaves the rest of the batch to run. */
export function drop(definer: Definer, of: Definition & { kind: 'drop' }): void {
  for (const name of of.names) {
    if (of.what === 'schema') dropSchema(definer, name.at(-1) ?? '', of.ifExists);
    else if (of.what === 'type') dropType(definer, name, of.ifExists);
    else dropObject(definer, of.what, name, of.ifExists);
  }
}

function dropObject(definer: Definer, what: Droppable, name: Name, ifExists: boolean): void {
  const parts = splitName(definer.compiler(), name);
  if (what === 'table' && parts.name.startsWith('#')) {
    const key = parts.name.toLowerCase();
    if (definer.env.temporary.has(key)) definer.keepTemporary(key, undefined);
    else if (!ifExists) throw missing(what, name);
    return;
  }
  const found = findObject(schemaOf(definer), parts.schema, parts.name);
  if (found === undefined) {
    if (ifExists) return;
    throw missing(what, name);
  }
  if (found.kind !== what)
    throw new ContentProblem(
      3705,
      `Cannot use DROP ${what.toUpperCase()} with '${name.join('.')}' because '${name.join('.')}' is a ${found.kind}. Use DROP ${found.kind.toUpperCase()}.`,
    );
  if (found.kind === 'table') requireUnreferenced(definer, found, name);
  remove(definer, found);
}

function requireUnreferenced(definer: Definer, table: Table, name: Name): void {
  const isReferenced = tablesOf(schemaOf(definer)).some(
    (one) => one.id !== table.id && one.foreignKeys.some((key) => key.to === table.id),
  );
  if (isReferenced)
    throw new ContentProblem(
      3726,
      `Could not drop object '${name.join('.')}' because it is referenced by a FOREIGN KEY constraint.`,
    );
}

function remove(definer: Definer, object: DbObject): void {
  const database = definer.env.database();
  definer.env.replace(withoutTable({ ...database, schema: withoutObject(database.schema, object) }, object.id));
}

function missing(what: Droppable, name: Name): ContentProblem {
  return new ContentProblem(
    3701,
    `Cannot drop the ${what} '${name.join('.')}', because it does not exist or you do not have permission.`,
    11,
  );
}

function dropSchema(definer: Definer, name: string, ifExists: boolean): void {
  const schema = schemaOf(definer);
  if (!schema.schemas.has(name.toLowerCase())) {
    if (ifExists) return;
    throw new ContentProblem(
      15151,
      `Cannot drop the schema '${name}', because it does not exist or you do not have permission.`,
    );
  }
  const inside = [...schema.objects.values()].find((one) => one.schema.toLowerCase() === name.toLowerCase());
  if (inside !== undefined)
    throw definitionProblem(
      3729,
      `Cannot drop schema '${name}' because it is being referenced by object '${inside.name}'.`,
    );
  const schemas = new Map(schema.schemas);
  schemas.delete(name.toLowerCase());
  definer.env.replace({ ...definer.env.database(), schema: { ...schema, schemas } });
}

function dropType(definer: Definer, name: Name, ifExists: boolean): void {
  const schema = schemaOf(definer);
  const key = (name.at(-1) ?? '').toLowerCase();
  if (!schema.types.has(key)) {
    if (ifExists) return;
    throw missing('type', name);
  }
  const types = new Map(schema.types);
  types.delete(key);
  definer.env.replace({ ...definer.env.database(), schema: { ...schema, types } });
}

/** TRUNCATE TABLE: 4712 for a table that a foreign key points at, whatever is in it. */
export function truncate(definer: Definer, name: Name): void {
  const table = findSource(definer.compiler(), name);
  if (table?.kind !== 'table')
    throw definitionProblem(
      4701,
      `Cannot find the object "${name.at(-1)}" because it does not exist or you do not have permissions.`,
    );
  const isReferenced = tablesOf(schemaOf(definer)).some(
    (one) => one.id !== table.id && one.foreignKeys.some((key) => key.to === table.id),
  );
  if (isReferenced)
    throw new ContentProblem(
      4712,
      `Cannot truncate table '${name.join('.')}' because it is being referenced by a FOREIGN KEY constraint.`,
    );
  definer.env.store(table, { ...emptyTable(), nextRow: definer.env.data(table).nextRow });
}
