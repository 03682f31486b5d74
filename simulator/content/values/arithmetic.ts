import { ContentProblem } from '../problem.ts';
import { commonType } from './compare.ts';
import { converter } from './convert.ts';
import { asDecimalType, decimalResult, fits, rescale } from './decimal.ts';
import { DAY_1900 } from './instant.ts';
import { familyOf, isUnicode, nameOf, rankOf, type SqlType, typeOf } from './sql-type.ts';
import { inRange, overflow } from './to-integer.ts';
import type { Value } from './value.ts';

export interface Operation {
  readonly type: SqlType;
  run(left: Value, right: Value): Value;
}

/** `+ - * / % & | ^` between two types; 402 and 8117 for those that do not go together. */
export function operation(operator: string, left: SqlType, right: SqlType): Operation {
  const [a, b] = [familyOf(left), familyOf(right)];
  if (operator === '+' && a === 'text' && b === 'text') return concatenation(left, right);
  if (operator === '+' && a === 'binary' && b === 'binary') return joinedBytes(left, right);
  const wins = rankOf(left) <= rankOf(right) ? left : right;
  const family = familyOf(wins);
  if (family === 'date') return dateArithmetic(operator, left, right);
  if (family === 'text' || family === 'guid' || family === 'binary' || a === 'guid' || b === 'guid')
    throw new ContentProblem(
      a === b ? 8117 : 402,
      a === b
        ? `Operand data type ${nameOf(left)} is invalid for ${NAMES[operator]} operator.`
        : `The data types ${nameOf(left)} and ${nameOf(right)} are incompatible in the ${NAMES[operator]} operator.`,
    );
  if ('&|^'.includes(operator)) return integers(operator, commonType(left, right), left, right);
  if (family === 'float') return floats(operator, left, right, left.name === 'real' && right.name === 'real');
  if (family === 'decimal') return decimals(operator, left, right);
  if (family === 'money') return money(operator, wins, left, right);
  return integers(operator, integerType(left, right), left, right);
}

const NAMES: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'modulo',
  '&': "'&'",
  '|': "'|'",
  '^': "'^'",
};

function lifted(
  type: SqlType,
  left: SqlType,
  right: SqlType,
  meet: SqlType,
  run: (a: never, b: never) => Value,
): Operation {
  const [first, second] = [converter(left, meet, { isExplicit: false }), converter(right, meet, { isExplicit: false })];
  return {
    type,
    run: (a, b) => (a === null || b === null ? null : run(first(a) as never, second(b) as never)),
  };
}

function integerType(left: SqlType, right: SqlType): SqlType {
  const common = commonType(left, right);
  return common.name === 'bit' || familyOf(common) !== 'integer' ? typeOf('int') : typeOf(common.name);
}

function integers(operator: string, type: SqlType, left: SqlType, right: SqlType): Operation {
  return lifted(type, left, right, type, (a: number | bigint, b: number | bigint) =>
    inRange(whole(operator, BigInt(a), BigInt(b)), type, type),
  );
}

function whole(operator: string, a: bigint, b: bigint): bigint {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    default:
      if (b === 0n) throw byZero();
      return operator === '/' ? a / b : a % b;
  }
}

function byZero(): ContentProblem {
  return new ContentProblem(8134, 'Divide by zero error encountered.');
}

function floats(operator: string, left: SqlType, right: SqlType, isReal: boolean): Operation {
  const type = typeOf(isReal ? 'real' : 'float');
  return lifted(type, left, right, type, (a: number, b: number) => {
    if (operator === '%')
      throw new ContentProblem(402, 'The data types float and float are incompatible in the modulo operator.');
    if (operator === '/' && b === 0) throw byZero();
    const value = operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : a / b;
    if (!Number.isFinite(value)) throw overflow('expression', type);
    return isReal ? Math.fround(value) : value;
  });
}

function decimals(operator: string, left: SqlType, right: SqlType): Operation {
  // Text beside a decimal is read as one.
  const [a, b] = [familyOf(left) === 'text' ? right : left, familyOf(right) === 'text' ? left : right].map(
    asDecimalType,
  ) as [SqlType, SqlType];
  const type = decimalResult(operator, a, b);
  const [first, second] = [converter(left, a, { isExplicit: false }), converter(right, b, { isExplicit: false })];
  return {
    type,
    run(x, y) {
      const [one, other] = [first(x), second(y)];
      if (one === null || other === null) return null;
      const digits = exact(operator, one as bigint, a.scale, other as bigint, b.scale, type.scale);
      if (!fits(digits, type.precision)) throw overflow('expression', type);
      return digits;
    },
  };
}

/** Division cuts what it has no room for; the others round. */
function exact(operator: string, a: bigint, aScale: number, b: bigint, bScale: number, scale: number): bigint {
  const both = Math.max(aScale, bScale);
  switch (operator) {
    case '*':
      return rescale(a * b, aScale + bScale, scale);
    case '/':
      if (b === 0n) throw byZero();
      return (a * 10n ** BigInt(scale + bScale)) / (b * 10n ** BigInt(aScale));
    case '%':
      if (b === 0n) throw byZero();
      return rescale(rescale(a, aScale, both) % rescale(b, bScale, both), both, scale);
    default: {
      const [x, y] = [rescale(a, aScale, both), rescale(b, bScale, both)];
      return rescale(operator === '+' ? x + y : x - y, both, scale);
    }
  }
}

function money(operator: string, wins: SqlType, left: SqlType, right: SqlType): Operation {
  const type = typeOf(wins.name);
  return lifted(type, left, right, typeOf('money'), (a: bigint, b: bigint) => {
    const digits = exact(operator, a, 4, b, 4, 4);
    const limit = type.name === 'money' ? 2n ** 63n : 2n ** 31n;
    if (digits >= limit || digits < -limit) throw overflow('expression', type);
    return digits;
  });
}

/** Only `datetime` and `smalldatetime` take numbers of days. */
function dateArithmetic(operator: string, left: SqlType, right: SqlType): Operation {
  const dated = familyOf(left) === 'date' ? left : right;
  const other = dated === left ? right : left;
  const isClassic = dated.name === 'datetime' || dated.name === 'smalldatetime';
  if (!isClassic || (operator !== '+' && operator !== '-')) {
    if (familyOf(other) === 'date' || familyOf(other) === 'text')
      throw new ContentProblem(
        familyOf(other) === 'date' && nameOf(left) === nameOf(right) ? 8117 : 402,
        nameOf(left) === nameOf(right)
          ? `Operand data type ${nameOf(left)} is invalid for ${NAMES[operator]} operator.`
          : `The data types ${nameOf(left)} and ${nameOf(right)} are incompatible in the ${NAMES[operator]} operator.`,
      );
    throw new ContentProblem(206, `Operand type clash: ${nameOf(left)} is incompatible with ${nameOf(right)}`);
  }
  const type = typeOf('datetime', 0, 0, 3);
  return lifted(type, left, right, type, (a: bigint, b: bigint) =>
    operator === '+' ? a + (b - DAY_1900) : DAY_1900 + (a - b),
  );
}

function concatenation(left: SqlType, right: SqlType): Operation {
  const isWide = isUnicode(left) || isUnicode(right);
  const most = isWide ? 4000 : 8000;
  const length = left.length < 0 || right.length < 0 ? -1 : Math.min(most, left.length + right.length);
  const type = typeOf(isWide ? 'nvarchar' : 'varchar', length);
  return {
    type,
    run(a, b) {
      if (a === null || b === null) return null;
      const text = `${a as string}${b as string}`;
      return length >= 0 && text.length > length ? text.slice(0, length) : text;
    },
  };
}

function joinedBytes(left: SqlType, right: SqlType): Operation {
  const length = left.length < 0 || right.length < 0 ? -1 : Math.min(8000, left.length + right.length);
  return {
    type: typeOf('varbinary', length),
    run: (a, b) => (a === null || b === null ? null : Buffer.concat([a as Uint8Array, b as Uint8Array])),
  };
}
