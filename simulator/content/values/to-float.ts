import { ContentProblem, unknownSql } from '../problem.ts';
import { decimalText } from './decimal.ts';
import { DAY, DAY_1900 } from './instant.ts';
import { familyOf, nameOf, type SqlType } from './sql-type.ts';
import type { Value } from './value.ts';

/** `float` and `real`. */
export function toFloat(from: SqlType, to: SqlType): (value: NonNullable<Value>) => Value {
  const rounded = to.name === 'real' ? Math.fround : (value: number) => value;
  switch (familyOf(from)) {
    case 'integer':
    case 'float':
      return (value) => rounded(Number(value));
    case 'decimal':
    case 'money':
      return (value) => rounded(Number(decimalText(value as bigint, from.scale)));
    case 'text':
      return (value) => rounded(parse(value as string, from, to));
    case 'date':
      return (value) => rounded(Number((value as bigint) - DAY_1900) / Number(DAY));
    default:
      throw unknownSql(`a conversion from ${nameOf(from)} to ${nameOf(to)}`);
  }
}

function parse(text: string, from: SqlType, to: SqlType): number {
  const trimmed = text.trim();
  if (trimmed === '') return 0;
  const value = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(trimmed) ? Number(trimmed) : Number.NaN;
  if (!Number.isFinite(value)) throw new ContentProblem(8114, `Error converting data type ${from.name} to ${to.name}.`);
  return value;
}
