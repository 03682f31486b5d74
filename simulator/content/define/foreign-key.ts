import { indexFor } from '../change/foreign.ts';
import {
  type Column,
  columnAt,
  columnNamed,
  type ForeignKey,
  findObject,
  type Table,
  tablesOf,
} from '../data/schema.ts';
import { definitionProblem, unknownSql } from '../problem.ts';
import { splitName } from '../query/compiler.ts';
import type { ConstraintSyntax } from '../syntax/statements.ts';
import { familyOf, nameOf } from '../values/sql-type.ts';
import { couldNotCreate } from './columns.ts';
import { named } from './constraint-name.ts';
import { type Definer, schemaOf } from './definer.ts';

/** A table with one more foreign key, which points at a primary or unique key of the same types. */
export function withForeignKey(
  definer: Definer,
  table: Table,
  of: ConstraintSyntax & { kind: 'foreign' },
  isTrusted: boolean,
): Table {
  if (table.home !== 'content') throw unknownSql('a foreign key of a temporary table');
  const parts = splitName(definer.compiler(), of.table);
  const isSelf =
    parts.name.toLowerCase() === table.name.toLowerCase() && parts.schema.toLowerCase() === table.schema.toLowerCase();
  const to = isSelf ? table : findObject(schemaOf(definer), parts.schema, parts.name);
  const name = named(definer, table, 'FK', of.name, of.columns[0]);
  if (to?.kind !== 'table')
    throw definitionProblem(
      1767,
      `Foreign key '${name.name}' references invalid table '${of.table.join('.')}'.`,
      couldNotCreate(),
    );
  const columns = of.columns.map((one) => {
    const column = columnNamed(table, one);
    if (column === undefined)
      throw definitionProblem(
        1769,
        `Foreign key '${name.name}' references invalid column '${one}' in referencing table '${table.name}'.`,
        couldNotCreate(),
      );
    return column;
  });
  const primary = to.indexes.find((one) => one.isPrimary);
  if (of.to.length === 0 && primary === undefined)
    throw definitionProblem(
      1773,
      `Foreign key '${name.name}' has implicit reference to object '${of.table.join('.')}' which does not have a primary key defined on it.`,
      couldNotCreate(),
    );
  const targets =
    of.to.length === 0
      ? (primary?.columns ?? []).map(({ place }) => columnAt(to, place))
      : of.to.map((one) => {
          const column = columnNamed(to, one);
          if (column === undefined)
            throw definitionProblem(
              1770,
              `Foreign key '${name.name}' references invalid column '${one}' in referenced table '${to.name}'.`,
              couldNotCreate(),
            );
          return column;
        });
  if (columns.length !== targets.length)
    throw definitionProblem(
      8139,
      `Number of referencing columns in foreign key differs from number of referenced columns, table '${table.name}'.`,
      couldNotCreate(),
    );
  if (
    indexFor(
      to,
      targets.map((one) => one.place),
    ) === undefined
  )
    throw definitionProblem(
      1776,
      `There are no primary or candidate keys in the referenced table '${of.table.join('.')}' that match the referencing column list in the foreign key '${name.name}'.`,
      couldNotCreate(),
    );
  for (const [place, column] of columns.entries())
    requireSameType(to, targets[place] ?? column, table, column, name.name);
  const key: ForeignKey = {
    ...name,
    columns: columns.map((one) => one.place),
    to: to.id,
    toColumns: targets.map((one) => one.place),
    onDelete: of.onDelete,
    onUpdate: of.onUpdate,
    isEnabled: true,
    isTrusted,
  };
  requireOnePath(definer, table, key);
  return { ...table, foreignKeys: [...table.foreignKeys, key] };
}

function requireSameType(to: Table, target: Column, table: Table, column: Column, name: string): void {
  const [a, b] = [target.type, column.type];
  if (nameOf(a) !== nameOf(b))
    throw definitionProblem(
      1778,
      `Column '${to.schema}.${to.name}.${target.name}' is not the same data type as referencing column '${table.name}.${column.name}' in foreign key '${name}'.`,
      couldNotCreate(),
    );
  if (familyOf(a) === 'decimal' && (a.precision !== b.precision || a.scale !== b.scale))
    throw definitionProblem(
      1753,
      `Column '${to.schema}.${to.name}.${target.name}' is not the same length or scale as referencing column '${table.name}.${column.name}' in foreign key '${name}'. Columns participating in a foreign key relationship must be defined with the same length and scale.`,
      couldNotCreate(),
    );
}

/** 1785: no table may be reached by two chains of cascades, or by one from itself. */
function requireOnePath(definer: Definer, table: Table, key: ForeignKey): void {
  if (key.onDelete === 'NO ACTION' && key.onUpdate === 'NO ACTION') return;
  const others = tablesOf(schemaOf(definer)).filter((one) => one.id !== table.id);
  const all = [...others, { ...table, foreignKeys: [...table.foreignKeys, key] }];
  const cascading = (to: number) =>
    all.flatMap((one) =>
      one.foreignKeys
        .filter((each) => each.to === to && (each.onDelete !== 'NO ACTION' || each.onUpdate !== 'NO ACTION'))
        .map(() => one.id),
    );
  for (const start of all) {
    const reached = new Set<number>([start.id]);
    const queue = [start.id];
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      for (const next of cascading(at)) {
        if (reached.has(next))
          throw definitionProblem(
            1785,
            `Introducing FOREIGN KEY constraint '${key.name}' on table '${table.name}' may cause cycles or multiple cascade paths. Specify ON DELETE NO ACTION or ON UPDATE NO ACTION, or modify other FOREIGN KEY constraints.`,
            couldNotCreate(),
          );
        reached.add(next);
        queue.push(next);
      }
    }
  }
}
