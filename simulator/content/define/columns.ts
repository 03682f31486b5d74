import type { Column, Table } from '../data/schema.ts';
import { ContentProblem, definitionProblem, unknownSql } from '../problem.ts';
import { compileExpression } from '../query/expression.ts';
import { sourceOf } from '../query/from.ts';
import { newScope } from '../query/scope.ts';
import type { ColumnSyntax } from '../syntax/statements.ts';
import { declaredType } from '../values/declared.ts';
import { familyOf, type SqlType } from '../values/sql-type.ts';
import { type Definer, nextId, requireFree, systemName } from './definer.ts';
import { definitionText } from './definition-text.ts';

/** A table with one more column. 2705 for a name that it has. */
export function withColumn(definer: Definer, table: Table, syntax: ColumnSyntax): Table {
  if (table.columns.some((one) => one.name.toLowerCase() === syntax.name.toLowerCase()))
    throw definitionProblem(
      2705,
      `Column names in each table must be unique. Column name '${syntax.name}' in table '${table.name}' is specified more than once.`,
    );
  const type =
    syntax.computed === undefined ? typeOfColumn(definer, table, syntax) : computedType(definer, table, syntax);
  requireIdentity(table, syntax, type);
  const isKey = syntax.constraints.some((one) => one.kind === 'key' && one.isPrimary);
  if (isKey && syntax.isNullable === true)
    throw definitionProblem(
      8111,
      `Cannot define PRIMARY KEY constraint on nullable column in table '${table.name}'.`,
      couldNotCreate(),
    );
  if (
    syntax.collation !== undefined &&
    !/^(SQL_Latin1_General_CP1_CI_AS|Latin1_General_(100_)?CI_AS|DATABASE_DEFAULT)$/i.test(syntax.collation)
  )
    throw unknownSql(`the collation ${syntax.collation}`);
  const owned = schemaType(definer, syntax);
  const isNullable =
    type.name === 'rowversion'
      ? (syntax.isNullable ?? false)
      : syntax.identity !== undefined || isKey
        ? false
        : (syntax.isNullable ?? owned ?? true);
  const column: Column = {
    id: table.nextColumnId,
    name: syntax.name,
    type,
    isNullable,
    place: table.places,
    identity: syntax.identity,
    default: undefined,
    computed:
      syntax.computed === undefined
        ? undefined
        : {
            text: definitionText(syntax.computed.of),
            of: syntax.computed.of,
            isPersisted: syntax.computed.isPersisted,
          },
  };
  const added: Table = {
    ...table,
    columns: [...table.columns, column],
    places: table.places + 1,
    nextColumnId: table.nextColumnId + 1,
  };
  return syntax.default === undefined
    ? added
    : withDefault(definer, added, column.name, syntax.default.name, syntax.default.of);
}

/** The second error after one about a constraint. */
export function couldNotCreate() {
  return new ContentProblem(1750, 'Could not create constraint or index. See previous errors.').fault;
}

/** Whether a type of the database's own allows NULL. */
function schemaType(definer: Definer, syntax: ColumnSyntax): boolean | undefined {
  const wanted = syntax.type?.name.toLowerCase();
  return wanted === undefined ? undefined : definer.env.database().schema.types.get(wanted)?.isNullable;
}

function typeOfColumn(definer: Definer, table: Table, syntax: ColumnSyntax): SqlType {
  if (syntax.type === undefined) throw new Error('a column without a type');
  try {
    return declaredType(syntax.type, 'declaration', definer.compiler().ownType);
  } catch (error) {
    if (!(error instanceof ContentProblem) || ![2715, 2716, 2750, 2751].includes(error.fault.number)) throw error;
    throw definitionProblem(error.fault.number, error.fault.message.replace('#1', `#${table.columns.length + 1}`));
  }
}

/** Computed columns are computed when a row is written: what changes by itself would be stale. */
const CHANGING =
  /"name":"(GETDATE|GETUTCDATE|SYSDATETIME|SYSUTCDATETIME|SYSDATETIMEOFFSET|CURRENT_TIMESTAMP|NEWID|RAND|@@.*?)"/;

function computedType(definer: Definer, table: Table, syntax: ColumnSyntax): SqlType {
  if (CHANGING.test(JSON.stringify(syntax.computed?.of ?? null)))
    throw unknownSql('a computed column whose value changes by itself');
  const scope = newScope(undefined);
  scope.sources.push(sourceOf(table, [table.name.toLowerCase()]));
  if (syntax.computed === undefined) throw new Error('a computed column without an expression');
  return compileExpression(definer.compiler(), scope, syntax.computed.of).type;
}

function requireIdentity(table: Table, syntax: ColumnSyntax, type: SqlType): void {
  if (syntax.identity === undefined) return;
  if (table.columns.some((one) => one.identity !== undefined))
    throw definitionProblem(
      2744,
      `Multiple identity columns specified for table '${table.name}'. Only one identity column per table is allowed.`,
    );
  const isWhole =
    (familyOf(type) === 'integer' && type.name !== 'bit') || (familyOf(type) === 'decimal' && type.scale === 0);
  if (!isWhole)
    throw definitionProblem(
      2749,
      `Identity column '${syntax.name}' must be of data type int, bigint, smallint, tinyint, or decimal or numeric with a scale of 0, unencrypted, and constrained to be nonnullable.`,
    );
  if (syntax.isNullable === true)
    throw definitionProblem(
      8147,
      `Could not create IDENTITY attribute on nullable column '${syntax.name}', table '${table.name}'.`,
    );
  if (syntax.default !== undefined)
    throw definitionProblem(
      1754,
      `Defaults cannot be created on columns with an IDENTITY attribute. Table '${table.name}', column '${syntax.name}'.`,
      couldNotCreate(),
    );
}

/** A table whose column has a default. 1781 when it has one already. */
export function withDefault(
  definer: Definer,
  table: Table,
  column: string,
  name: string | undefined,
  of: Parameters<typeof definitionText>[0],
): Table {
  const found = table.columns.find((one) => one.name.toLowerCase() === column.toLowerCase());
  if (found === undefined)
    throw definitionProblem(
      1752,
      `Column '${column}' in table '${table.name}' is invalid for creating a default constraint.`,
      couldNotCreate(),
    );
  if (found.default !== undefined)
    throw definitionProblem(1781, 'Column already has a DEFAULT bound to it.', couldNotCreate());
  // A column may not be named in it: 128.
  try {
    compileExpression(definer.compiler(), newScope(undefined), of);
  } catch (error) {
    if (error instanceof ContentProblem && error.fault.number === 207)
      throw new ContentProblem(
        128,
        `The name "${(error.fault.message.match(/'(.+)'/) ?? [])[1]}" is not permitted in this context. Valid expressions are constants, constant expressions, and (in some contexts) variables. Column names are not permitted.`,
        15,
        'scope',
      );
    throw error;
  }
  const id = nextId(definer, table.home);
  const isSystemNamed = name === undefined;
  const chosen = name ?? systemName(definer, 'DF', table.name, found.name, id);
  if (table.home === 'content' && !isSystemNamed) requireFree(definer, table.schema, chosen);
  const byDefault = { id, name: chosen, isSystemNamed, text: definitionText(of), of };
  return { ...table, columns: table.columns.map((one) => (one === found ? { ...found, default: byDefault } : one)) };
}
