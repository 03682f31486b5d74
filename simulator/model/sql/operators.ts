import type { SqlValue } from '../../../src/ports.ts';

/** Three-valued logic, as SQL has it; the right side is asked for only when it counts. */
export function binary(operator: string, left: SqlValue, right: () => SqlValue): SqlValue {
  if (operator === 'AND') return left === false ? false : and(left, right());
  if (operator === 'OR') return left === true ? true : right() === true ? true : left === null ? null : false;
  const other = right();
  if (left === null || other === null) return null;
  switch (operator) {
    case '=':
      return compareForEquality(left, other);
    case '<>':
      return !compareForEquality(left, other);
    case '<':
      return compare(left, other) < 0;
    case '>':
      return compare(left, other) > 0;
    case '<=':
      return compare(left, other) <= 0;
    case '>=':
      return compare(left, other) >= 0;
    case 'LIKE':
      return like(String(left), String(other));
    case '+':
      return typeof left === 'string' || typeof other === 'string' ? `${left}${other}` : Number(left) + Number(other);
    case '-':
      return Number(left) - Number(other);
    case '*':
      return Number(left) * Number(other);
    case '/':
      return Math.trunc(Number(left) / Number(other));
    default:
      return Number(left) % Number(other);
  }
}

function and(left: SqlValue, right: SqlValue): SqlValue {
  if (right === false) return false;
  return left === null || right === null ? null : left === true && right === true;
}

/** Names compare without regard to case, as in the default collation; trailing blanks do not count. */
export function compareForEquality(left: SqlValue, right: SqlValue): boolean {
  return left !== null && right !== null && compare(left, right) === 0;
}

/** NULL comes first, as in ORDER BY. */
export function compare(left: SqlValue, right: SqlValue): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1;
  if (typeof left === 'string' && typeof right === 'string') {
    const [a, b] = [left.toLowerCase().trimEnd(), right.toLowerCase().trimEnd()];
    return a < b ? -1 : a > b ? 1 : 0;
  }
  const [a, b] = [asNumber(left), asNumber(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function asNumber(value: SqlValue): number {
  return value instanceof Date
    ? value.getTime()
    : typeof value === 'string' && Number.isNaN(Number(value))
      ? Date.parse(value)
      : Number(value);
}

function like(text: string, pattern: string): boolean {
  const source = [...pattern]
    .map((one) => (one === '%' ? '[\\s\\S]*' : one === '_' ? '[\\s\\S]' : one.replace(/[\\^$.*+?()[\]{}|]/, '\\$&')))
    .join('');
  return new RegExp(`^${source}$`, 'i').test(text);
}
