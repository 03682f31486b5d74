import { emptyTable, withTable } from '../data/database.ts';
import type { Table } from '../data/schema.ts';
import { withObject } from '../data/schema.ts';
import { ContentProblem, definitionProblem } from '../problem.ts';
import { splitName } from '../query/compiler.ts';
import type { Name } from '../syntax/ast.ts';
import type { ConstraintSyntax, TableParts } from '../syntax/statements.ts';
import { withColumn } from './columns.ts';
import { withConstraint, withIndex } from './constraints.ts';
import { type Definer, nextId, requireFree, schemaOf } from './definer.ts';

/** CREATE TABLE, in the content or, with `#`, for the session. */
export function createTable(definer: Definer, name: Name, parts: TableParts): void {
  const { schema: owner, name: own } = splitName(definer.compiler(), name);
  const isTemporary = own.startsWith('#');
  if (isTemporary) {
    if (definer.env.temporary.has(own.toLowerCase()))
      throw definitionProblem(2714, `There is already an object named '${own}' in the database.`);
    const table = buildTable(definer, 'dbo', own, 'session', parts);
    definer.keepTemporary(own.toLowerCase(), table);
    definer.env.store(table, emptyTable());
    return;
  }
  const schema = requireSchema(definer, owner);
  requireFree(definer, schema, own);
  const table = buildTable(definer, schema, own, 'content', parts);
  const database = definer.env.database();
  definer.env.replace(withTable({ ...database, schema: withObject(database.schema, table) }, table.id, emptyTable()));
}

/** A schema's name as it was made; 2760 when there is none. */
export function requireSchema(definer: Definer, name: string): string {
  const found = schemaOf(definer).schemas.get(name.toLowerCase());
  if (found === undefined)
    throw definitionProblem(
      2760,
      `The specified schema name "${name}" either does not exist or you do not have permission to use it.`,
    );
  return found.name;
}

/** A table from its parts; nothing is stored yet. */
export function buildTable(
  definer: Definer,
  schema: string,
  name: string,
  home: Table['home'],
  parts: TableParts,
): Table {
  const { now } = definer.env;
  let table: Table = {
    kind: 'table',
    id: nextId(definer, home),
    schema,
    name,
    home,
    createdAt: now,
    modifiedAt: now,
    columns: [],
    indexes: [],
    checks: [],
    foreignKeys: [],
    places: 0,
    nextColumnId: 1,
  };
  const constraints: ConstraintSyntax[] = [...parts.columns.flatMap((one) => one.constraints), ...parts.constraints];
  const keys = new Set(
    constraints.flatMap((one) =>
      one.kind === 'key' && one.isPrimary ? one.columns.map((column) => column.name.toLowerCase()) : [],
    ),
  );
  if (constraints.filter((one) => one.kind === 'key' && one.isPrimary).length > 1)
    throw definitionProblem(8110, `Cannot add multiple PRIMARY KEY constraints to table '${name}'.`);
  if (parts.columns.length === 0) throw new ContentProblem(102, "Incorrect syntax near ')'.", 15);
  for (const column of parts.columns) {
    // A column of the primary key is NOT NULL unless it says NULL.
    const isKey = keys.has(column.name.toLowerCase()) && column.isNullable === undefined;
    table = withColumn(definer, table, isKey ? { ...column, isNullable: false } : column);
  }
  const rank = (one: ConstraintSyntax) => (one.kind === 'key' ? (one.isPrimary ? 0 : 1) : 2);
  for (const one of [...constraints].sort((a, b) => rank(a) - rank(b))) table = withConstraint(definer, table, one);
  for (const index of parts.indexes) table = withIndex(table, index);
  return table;
}
