import { ContentProblem, unknownSql } from '../problem.ts';
import type { How } from './how.ts';
import { familyOf, nameOf, type SqlType, sameType } from './sql-type.ts';
import { toBinary } from './to-binary.ts';
import { toDate } from './to-date.ts';
import { toExact } from './to-exact.ts';
import { toFloat } from './to-float.ts';
import { toGuid } from './to-guid.ts';
import { toInteger } from './to-integer.ts';
import { toText } from './to-text.ts';
import type { Value } from './value.ts';

export type Converter = (value: Value) => Value;

/**
 * How values of one type become another's. Throws what SQL Server says when it compiles: 206 for types that never
 * meet, 257 where only CONVERT may, 529 where not even it may.
 */
export function converter(from: SqlType, to: SqlType, how: How): Converter {
  if (sameType(from, to) && how.style === undefined) return same;
  requireAllowed(from, to, how.isExplicit);
  const convert = bare(from, to, how);
  return (value) => (value === null ? null : convert(value));
}

function same(value: Value): Value {
  return value;
}

function bare(from: SqlType, to: SqlType, how: How): (value: NonNullable<Value>) => Value {
  switch (familyOf(to)) {
    case 'integer':
      return toInteger(from, to);
    case 'decimal':
    case 'money':
      return toExact(from, to);
    case 'float':
      return toFloat(from, to);
    case 'text':
      return toText(from, to, how);
    case 'binary':
      return toBinary(from, to, how);
    case 'date':
      return toDate(from, to, how);
    case 'guid':
      return toGuid(from);
  }
}

/** Source: the chart of https://learn.microsoft.com/sql/t-sql/data-types/data-type-conversion-database-engine#implicit-conversions */
function requireAllowed(from: SqlType, to: SqlType, isExplicit: boolean): void {
  const verdict = verdictOf(from, to);
  if (verdict === 'implicit' || (verdict === 'explicit' && isExplicit)) return;
  const [a, b] = [nameOf(from), nameOf(to)];
  if (verdict === 'explicit')
    throw new ContentProblem(
      257,
      `Implicit conversion from data type ${a} to ${b} is not allowed. Use the CONVERT function to run this query.`,
    );
  if (isExplicit)
    throw new ContentProblem(529, `Explicit conversion from data type ${a} to ${b} is not allowed.`, 16, 'scope');
  throw new ContentProblem(206, `Operand type clash: ${a} is incompatible with ${b}`);
}

function verdictOf(from: SqlType, to: SqlType): 'implicit' | 'explicit' | 'never' {
  const [a, b] = [familyOf(from), familyOf(to)];
  if (a === b) return a === 'date' ? dates(from, to) : 'implicit';
  const isNumber = (family: string) => ['integer', 'decimal', 'money', 'float'].includes(family);
  if (a === 'text') return b === 'binary' ? 'explicit' : 'implicit';
  if (b === 'text') return a === 'money' ? 'explicit' : 'implicit';
  if (a === 'guid') return b === 'binary' ? 'implicit' : 'never';
  if (b === 'guid') return a === 'binary' ? 'implicit' : 'never';
  const isClassic = (type: SqlType) => type.name === 'datetime' || type.name === 'smalldatetime';
  if (isNumber(a) && b === 'date') return isClassic(to) ? 'implicit' : 'never';
  if (a === 'date' && isNumber(b)) return isClassic(from) ? 'explicit' : 'never';
  if (b === 'binary') return a === 'float' ? 'explicit' : a === 'date' ? 'explicit' : 'implicit';
  if (a === 'binary') return b === 'float' ? 'never' : b === 'date' && !isClassic(to) ? 'explicit' : 'implicit';
  if (isNumber(a) && isNumber(b)) return 'implicit';
  throw unknownSql(`a conversion from ${nameOf(from)} to ${nameOf(to)}`);
}

function dates(from: SqlType, to: SqlType): 'implicit' | 'never' {
  const isClash = (from.name === 'time' && to.name === 'date') || (from.name === 'date' && to.name === 'time');
  return isClash ? 'never' : 'implicit';
}
