import { addRow, indexKey, keyText } from '../change/draft.ts';
import { conflict, hasParent } from '../change/foreign.ts';
import { checkFailed, notNull, rulesOf } from '../change/rules.ts';
import { copyOf, emptyTree } from '../data/database.ts';
import type { Table } from '../data/schema.ts';
import type { Env } from '../env.ts';
import { type ContentProblem, definitionProblem } from '../problem.ts';
import type { Row, Value } from '../values/value.ts';
import { couldNotCreate } from './columns.ts';
import { type Definer, putTable } from './definer.ts';

/**
 * Puts a changed table in place of the old one, its rows changed by `change`, and its unique indexes built anew.
 * 1505 for rows that a unique index does not allow.
 */
export function rebuild(definer: Definer, table: Table, change?: (row: Row, env: Env) => Value[]): void {
  putTable(definer, table);
  const { env } = definer;
  const data = copyOf(env.data(table));
  const rules = rulesOf(definer.compiler(), table);
  const indexes = new Map(table.indexes.filter((one) => one.isUnique).map((one) => [one.id, emptyTree()]));
  const rows = data.rows;
  const old = [...rows.entries()];
  rows.clear();
  const draft = { table: withoutUnique(table), rows, indexes, nextRow: data.nextRow, identity: data.identity };
  for (const [id, row] of old) {
    const values = change === undefined ? row : change(row, env);
    for (const index of table.indexes) {
      if (!index.isUnique || index.isDisabled || !(rules.filters.get(index.id)?.(env, values) ?? true)) continue;
      const key = indexKey(table, index, values);
      const tree = indexes.get(index.id);
      if (tree?.has(key)) {
        const text = `The CREATE UNIQUE INDEX statement terminated because a duplicate key was found for the object name '${table.schema}.${table.name}' and the index name '${index.name}'. The duplicate key value is ${keyText(table, index, values)}.`;
        throw index.constraintId === undefined
          ? definitionProblem(1505, text)
          : definitionProblem(1505, text, couldNotCreate());
      }
      tree?.set(key, id);
    }
    addRow(draft, values, () => true, id);
  }
  env.store(table, { rows, indexes, nextRow: data.nextRow, identity: draft.identity });
}

function withoutUnique(table: Table): Table {
  return { ...table, indexes: [] };
}

/** Looks whether the rows keep a table's newest checks and foreign keys: 547 from ALTER TABLE. */
export function requireKept(definer: Definer, table: Table, isNew: (id: number) => boolean): void {
  const { env } = definer;
  const rules = rulesOf(definer.compiler(), table);
  for (const [, row] of env.data(table).rows.entries()) {
    for (const { check, test } of rules.checks)
      if (isNew(check.id) && test(env, row) === false)
        throw asDefinition(checkFailed(env, table, check, 'ALTER TABLE'));
    for (const key of table.foreignKeys)
      if (isNew(key.id) && key.isEnabled && !hasParent(env, table, key, row))
        throw asDefinition(conflict(env, table, key, 'ALTER TABLE', 'FOREIGN KEY'));
    for (const column of table.columns)
      if (!column.isNullable && (row[column.place] ?? null) === null)
        throw asDefinition(notNull(env, table, column, 'UPDATE'));
  }
}

export function asDefinition(problem: ContentProblem): ContentProblem {
  return definitionProblem(problem.fault.number, problem.fault.message);
}
