import { notNull, storing } from '../change/rules.ts';
import type { Column, Table } from '../data/schema.ts';
import { definitionProblem, unknownSql } from '../problem.ts';
import type { TableChange } from '../syntax/statements.ts';
import { declaredType } from '../values/declared.ts';
import { familyOf, type SqlType, sameType } from '../values/sql-type.ts';
import type { Value } from '../values/value.ts';
import type { Definer } from './definer.ts';
import { blocked, type Dependent, dependentsOf, requireColumn } from './dependents.ts';
import { asDefinition, rebuild } from './rebuild.ts';

/** ALTER TABLE … ALTER COLUMN: every row's value is converted; what depends on the column may forbid it. */
export function alterColumn(definer: Definer, table: Table, change: TableChange & { kind: 'alter-column' }): void {
  const column = requireColumn(table, change.name, 'ALTER COLUMN');
  const type = declaredType(change.type, 'declaration', definer.compiler().ownType);
  if (column.computed !== undefined || column.type.name === 'rowversion' || type.name === 'rowversion')
    throw definitionProblem(
      4928,
      `Cannot alter column '${column.name}' because it is '${column.computed === undefined ? 'timestamp' : 'COMPUTED'}'.`,
    );
  if (change.collation !== undefined && !/^(SQL_Latin1_General_CP1_CI_AS|DATABASE_DEFAULT)$/i.test(change.collation))
    throw unknownSql(`the collation ${change.collation}`);
  const isNullable = change.isNullable ?? true;
  if (column.identity !== undefined && change.isNullable === true)
    throw definitionProblem(
      8147,
      `Could not create IDENTITY attribute on nullable column '${column.name}', table '${table.name}'.`,
    );
  const kept = column.identity === undefined ? isNullable : false;
  const dependents = dependentsOf(definer, table, column).filter((one) => forbids(one, column, type, kept, table));
  if (dependents.length > 0) throw blocked(column, dependents, 'ALTER COLUMN');
  const altered: Column = { ...column, type, isNullable: kept };
  const next: Table = { ...table, columns: table.columns.map((one) => (one === column ? altered : one)) };
  const store = storing(definer.compiler(), next, altered, column.type);
  rebuild(definer, next, (row, env): Value[] => {
    const values = [...row];
    const value = store(values[column.place] ?? null);
    if (value === null && !kept) throw asDefinition(notNull(env, next, altered, 'UPDATE'));
    values[column.place] = value;
    return values;
  });
}

/** Longer text of the same kind, or only another nullability, leaves most dependents alone. */
function forbids(dependent: Dependent, column: Column, type: SqlType, isNullable: boolean, table: Table): boolean {
  const isSame = sameType(column.type, type);
  const isWiderText = column.type.name === type.name && type.name.includes('var') && wider(type, column.type);
  switch (dependent.what) {
    case 'default':
      return column.type.name !== type.name;
    case 'check':
      return !isSame && !isWiderText;
    case 'computed':
      return true;
    case 'foreign':
      return !isSame && !isWiderText;
    case 'key': {
      const isPrimary = table.indexes.some((one) => one.name === dependent.name && one.isPrimary);
      if (isPrimary && isNullable) return true;
      return (!isSame && !isWiderText) || (column.isNullable && !isNullable);
    }
    case 'index':
      return (!isSame && !isWiderText) || (column.isNullable && !isNullable);
  }
}

function wider(type: SqlType, than: SqlType): boolean {
  return familyOf(type) === familyOf(than) && than.length >= 0 && type.length >= than.length;
}
