import type { Table } from '../data/schema.ts';
import { ContentProblem, definitionProblem, unknownSql } from '../problem.ts';
import { findSource } from '../query/compiler.ts';
import { compileCondition } from '../query/expression.ts';
import { sourceOf } from '../query/from.ts';
import { newScope } from '../query/scope.ts';
import type { Name } from '../syntax/ast.ts';
import type { Definition } from '../syntax/statements.ts';
import { withIndex } from './constraints.ts';
import { type Definer, putTable } from './definer.ts';
import { rebuild } from './rebuild.ts';

function requireTable(definer: Definer, name: Name, number = 1088): Table {
  const found = findSource(definer.compiler(), name);
  if (found?.kind === 'view') throw unknownSql('an index of a view');
  if (found === undefined)
    throw definitionProblem(
      number,
      `Cannot find the object "${name.join('.')}" because it does not exist or you do not have permissions.`,
    );
  return found;
}

export function createIndex(definer: Definer, of: Definition & { kind: 'create-index' }): void {
  const found = requireTable(definer, of.table);
  const table = of.dropExisting
    ? { ...found, indexes: found.indexes.filter((one) => one.name.toLowerCase() !== of.index.name.toLowerCase()) }
    : found;
  if (of.index.filter !== undefined) {
    const scope = newScope(undefined);
    scope.sources.push(sourceOf(table, [table.name.toLowerCase()]));
    compileCondition(definer.compiler(), scope, of.index.filter);
  }
  rebuild(
    definer,
    alone(() => withIndex(table, of.index)),
  );
}

/** An index that is made by itself fails with one error; 1750 comes with those of a table. */
function alone(make: () => Table): Table {
  try {
    return make();
  } catch (error) {
    if (error instanceof ContentProblem && error.next.length > 0)
      throw definitionProblem(error.fault.number, error.fault.message);
    throw error;
  }
}

/** DROP INDEX. An index that is not there leaves the rest of the batch to run. */
export function dropIndexes(definer: Definer, of: Definition & { kind: 'drop-index' }): void {
  for (const { name, table: tableName } of of.indexes) {
    const table = findSource(definer.compiler(), tableName);
    const index =
      table?.kind === 'table' ? table.indexes.find((one) => one.name.toLowerCase() === name.toLowerCase()) : undefined;
    if (table?.kind !== 'table' || index === undefined) {
      if (of.ifExists) continue;
      throw new ContentProblem(
        3701,
        `Cannot drop the index '${tableName.join('.')}.${name}', because it does not exist or you do not have permission.`,
        11,
      );
    }
    if (index.constraintId !== undefined)
      throw new ContentProblem(
        3723,
        `An explicit DROP INDEX is not allowed on index '${tableName.join('.')}.${name}'. It is being used for ${index.isPrimary ? 'PRIMARY' : 'UNIQUE'} KEY constraint enforcement.`,
      );
    rebuild(definer, { ...table, indexes: table.indexes.filter((one) => one !== index) });
  }
}

/** ALTER INDEX: REBUILD and REORGANIZE change nothing that is seen; DISABLE does. */
export function alterIndex(definer: Definer, of: Definition & { kind: 'alter-index' }): void {
  const table = requireTable(definer, of.table);
  const isMeant = (name: string) => of.name === undefined || of.name.toLowerCase() === name.toLowerCase();
  if (of.name !== undefined && !table.indexes.some((one) => isMeant(one.name)))
    throw definitionProblem(2727, `Cannot find index '${of.name}'.`);
  if (of.does === 'REORGANIZE' || of.does === 'SET') return;
  if (of.does !== 'REBUILD' && of.does !== 'DISABLE') throw unknownSql(`ALTER INDEX … ${of.does}`);
  const isDisabled = of.does === 'DISABLE';
  const altered: Table = {
    ...table,
    indexes: table.indexes.map((one) => (isMeant(one.name) ? { ...one, isDisabled } : one)),
  };
  if (isDisabled) putTable(definer, altered);
  else rebuild(definer, altered);
}
