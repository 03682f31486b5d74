import { ContentProblem, unknownSql } from '../problem.ts';
import { parseCondition } from './condition.ts';
import { parseExpression } from './expression.ts';
import { isName, skipParentheses, takeInteger, takeName, takeNameList, takeQualified, takeType } from './names.ts';
import type { Reader } from './reader.ts';
import type { Action, ColumnSyntax, ConstraintSyntax, IndexSyntax, KeyColumn, TableParts } from './statements.ts';

/** Columns, constraints and indexes in parentheses, as CREATE TABLE and DECLARE @t TABLE have them. */
export function parseTableParts(reader: Reader): TableParts {
  reader.expect('(');
  const parts = parsePartList(reader, () => reader.sees(')'));
  reader.expect(')');
  return parts;
}

/** The same without parentheses, as ALTER TABLE … ADD has them. */
export function parsePartList(reader: Reader, isAtEnd: () => boolean): TableParts {
  const columns: ColumnSyntax[] = [];
  const constraints: ConstraintSyntax[] = [];
  const indexes: IndexSyntax[] = [];
  do {
    if (isAtEnd()) break;
    if (reader.sees('PERIOD')) throw unknownSql('PERIOD FOR SYSTEM_TIME');
    if (reader.sees('INDEX')) indexes.push(parseInlineIndex(reader));
    else if (isConstraint(reader)) constraints.push(parseConstraint(reader));
    else columns.push(parseColumn(reader));
  } while (reader.take(','));
  return { columns, constraints, indexes };
}

function isConstraint(reader: Reader): boolean {
  return ['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK', 'DEFAULT'].some((word) => reader.sees(word));
}

function parseColumn(reader: Reader): ColumnSyntax {
  const name = takeName(reader);
  if (reader.take('AS')) {
    const of = parseExpression(reader);
    const isPersisted = reader.take('PERSISTED');
    const rest = parseColumnRest(reader, name);
    return { ...rest, name, type: undefined, computed: { of, isPersisted } };
  }
  const next = reader.peek();
  const type = isName(next) || next?.value === 'NATIONAL' || next?.value === 'DOUBLE' ? takeType(reader) : undefined;
  if (type === undefined && name.toLowerCase() !== 'timestamp')
    throw new ContentProblem(173, `The definition for column '${name}' must include a data type.`, 15);
  return {
    ...parseColumnRest(reader, name),
    name,
    type: type ?? { name, args: [], schema: undefined },
    computed: undefined,
  };
}

function parseColumnRest(reader: Reader, column: string): Omit<ColumnSyntax, 'name' | 'type' | 'computed'> {
  let isNullable: boolean | undefined;
  let identity: ColumnSyntax['identity'];
  let byDefault: ColumnSyntax['default'];
  let collation: string | undefined;
  const constraints: ConstraintSyntax[] = [];
  for (;;) {
    const name = reader.take('CONSTRAINT') ? takeName(reader) : undefined;
    if (reader.take('NOT', 'NULL')) isNullable = false;
    else if (reader.take('NULL')) isNullable = true;
    else if (reader.take('IDENTITY')) identity = parseIdentity(reader);
    else if (reader.take('NOT', 'FOR', 'REPLICATION') || reader.take('ROWGUIDCOL') || reader.take('PERSISTED'))
      continue;
    else if (reader.take('COLLATE')) collation = reader.name();
    else if (reader.take('DEFAULT')) {
      byDefault = { name, of: parseExpression(reader) };
      if (reader.take('WITH', 'VALUES')) continue;
    } else if (reader.sees('PRIMARY') || reader.sees('UNIQUE')) constraints.push(parseKey(reader, name, column));
    else if (reader.take('CHECK')) constraints.push(parseCheck(reader, name));
    else if (reader.sees('FOREIGN') || reader.sees('REFERENCES'))
      constraints.push(parseForeign(reader, name, [column]));
    else if (['SPARSE', 'GENERATED', 'MASKED', 'ENCRYPTED', 'FILESTREAM', 'HIDDEN'].some((word) => reader.sees(word)))
      throw unknownSql(`the column option ${reader.peek()?.value}`);
    else if (reader.sees('INDEX')) throw unknownSql('INDEX in a column');
    else if (name !== undefined) throw new SyntaxError(reader.peek()?.text ?? 'end of statement');
    else return { isNullable, identity, default: byDefault, collation, constraints };
  }
}

function parseIdentity(reader: Reader): { seed: bigint; increment: bigint } {
  if (!reader.take('(')) return { seed: 1n, increment: 1n };
  const seed = takeInteger(reader);
  reader.expect(',');
  const increment = takeInteger(reader);
  reader.expect(')');
  return { seed, increment };
}

/** A constraint of a table. */
function parseConstraint(reader: Reader): ConstraintSyntax {
  const name = reader.take('CONSTRAINT') ? takeName(reader) : undefined;
  if (reader.sees('PRIMARY') || reader.sees('UNIQUE')) return parseKey(reader, name, undefined);
  if (reader.take('CHECK')) return parseCheck(reader, name);
  if (reader.take('DEFAULT')) {
    const of = parseExpression(reader);
    reader.expect('FOR');
    return { kind: 'default', name, of, column: takeName(reader), withValues: reader.take('WITH', 'VALUES') };
  }
  return parseForeign(reader, name, undefined);
}

function parseKey(reader: Reader, name: string | undefined, column: string | undefined): ConstraintSyntax {
  const isPrimary = reader.take('PRIMARY', 'KEY');
  if (!isPrimary) reader.expect('UNIQUE');
  const isClustered = reader.take('CLUSTERED') ? true : reader.take('NONCLUSTERED') ? false : undefined;
  const columns = reader.sees('(')
    ? parseKeyColumns(reader)
    : column === undefined
      ? []
      : [{ name: column, isDescending: false }];
  if (columns.length === 0) throw new SyntaxError(reader.peek()?.text ?? 'end of statement');
  takeIndexOptions(reader);
  return { kind: 'key', name, isPrimary, isClustered, columns };
}

function parseCheck(reader: Reader, name: string | undefined): ConstraintSyntax {
  reader.take('NOT', 'FOR', 'REPLICATION');
  reader.expect('(');
  const of = parseCondition(reader);
  reader.expect(')');
  return { kind: 'check', name, of };
}

function parseForeign(reader: Reader, name: string | undefined, own: readonly string[] | undefined): ConstraintSyntax {
  const isSaid = reader.take('FOREIGN', 'KEY');
  const columns = isSaid && reader.sees('(') ? takeNameList(reader) : own;
  reader.expect('REFERENCES');
  if (columns === undefined) throw new SyntaxError('REFERENCES');
  const table = takeQualified(reader);
  const to = takeNameList(reader);
  let onDelete: Action = 'NO ACTION';
  let onUpdate: Action = 'NO ACTION';
  for (;;) {
    if (reader.take('ON', 'DELETE')) onDelete = takeAction(reader);
    else if (reader.take('ON', 'UPDATE')) onUpdate = takeAction(reader);
    else if (!reader.take('NOT', 'FOR', 'REPLICATION')) break;
  }
  return { kind: 'foreign', name, columns, table, to, onDelete, onUpdate };
}

function takeAction(reader: Reader): Action {
  if (reader.take('CASCADE')) return 'CASCADE';
  if (reader.take('SET', 'NULL')) return 'SET NULL';
  if (reader.take('SET', 'DEFAULT')) return 'SET DEFAULT';
  reader.expect('NO');
  reader.expect('ACTION');
  return 'NO ACTION';
}

/** `(a, b DESC)`. */
export function parseKeyColumns(reader: Reader): KeyColumn[] {
  const columns: KeyColumn[] = [];
  reader.expect('(');
  do {
    const name = takeName(reader);
    const isDescending = reader.take('DESC');
    if (!isDescending) reader.take('ASC');
    columns.push({ name, isDescending });
  } while (reader.take(','));
  reader.expect(')');
  return columns;
}

/** `WITH (FILLFACTOR = 80) ON [PRIMARY]`; gives the options' text in upper case. */
export function takeIndexOptions(reader: Reader): string {
  const start = reader.place;
  if (reader.take('WITH')) {
    if (reader.sees('(')) skipParentheses(reader);
    else {
      reader.next();
      reader.expect('=');
      reader.next();
    }
  }
  const text = reader.textFrom(start).toUpperCase();
  takePlace(reader);
  return reader.place === start ? '' : text;
}

/** `ON [PRIMARY]`, `TEXTIMAGE_ON [PRIMARY]`: where it is stored. */
export function takePlace(reader: Reader): void {
  if (reader.sees('ON') && !['DELETE', 'UPDATE'].includes(reader.peek(1)?.value ?? '')) {
    reader.next();
    reader.next();
    if (reader.sees('(')) skipParentheses(reader);
  }
  if (reader.take('TEXTIMAGE_ON')) reader.next();
}

function parseInlineIndex(reader: Reader): IndexSyntax {
  reader.expect('INDEX');
  const name = takeName(reader);
  const isUnique = reader.take('UNIQUE');
  const isClustered = reader.take('CLUSTERED');
  if (!isClustered) reader.take('NONCLUSTERED');
  const columns = parseKeyColumns(reader);
  return finishIndex(reader, { name, isUnique, isClustered, columns });
}

/** INCLUDE, WHERE and options of an index. */
export function finishIndex(
  reader: Reader,
  head: Pick<IndexSyntax, 'name' | 'isUnique' | 'isClustered' | 'columns'>,
): IndexSyntax {
  const include = reader.take('INCLUDE') ? takeNameList(reader) : [];
  const filter = reader.take('WHERE') ? parseCondition(reader) : undefined;
  const options = takeIndexOptions(reader);
  const ignoresDuplicates = /IGNORE_DUP_KEY\s*=\s*ON/.test(options);
  return { ...head, include, filter, ignoresDuplicates };
}
