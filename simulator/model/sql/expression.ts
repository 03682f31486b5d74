import type { SqlValue } from '../../../src/ports.ts';
import type { Cursor } from './tokens.ts';

/** An expression of the subset in which questions about the server are asked. */
export type Expression =
  | { readonly kind: 'value'; readonly value: SqlValue }
  | { readonly kind: 'column'; readonly table: string | undefined; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly isStar: boolean }
  | { readonly kind: 'not' | 'minus'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'in'; readonly of: Expression; readonly list: readonly Expression[]; readonly isNot: boolean }
  | { readonly kind: 'null'; readonly of: Expression; readonly isNot: boolean }
  | {
      readonly kind: 'case';
      readonly branches: readonly (readonly [Expression, Expression])[];
      readonly otherwise: Expression;
    };

/** Parses an expression, as far as it goes. Throws a SyntaxError at what the subset does not know. */
export function parseExpression(cursor: Cursor): Expression {
  let left = parseAnd(cursor);
  while (cursor.take('OR')) left = { kind: 'binary', operator: 'OR', left, right: parseAnd(cursor) };
  return left;
}

function parseAnd(cursor: Cursor): Expression {
  let left = parseNot(cursor);
  while (cursor.take('AND')) left = { kind: 'binary', operator: 'AND', left, right: parseNot(cursor) };
  return left;
}

function parseNot(cursor: Cursor): Expression {
  return cursor.take('NOT') ? { kind: 'not', of: parseNot(cursor) } : parseComparison(cursor);
}

function parseComparison(cursor: Cursor): Expression {
  const left = parseSum(cursor);
  if (cursor.take('IS')) {
    const isNot = cursor.take('NOT');
    cursor.expect('NULL');
    return { kind: 'null', of: left, isNot };
  }
  const isNot = cursor.take('NOT');
  if (cursor.take('IN')) {
    cursor.expect('(');
    return { kind: 'in', of: left, list: parseList(cursor), isNot };
  }
  if (cursor.take('LIKE')) {
    const like: Expression = { kind: 'binary', operator: 'LIKE', left, right: parseSum(cursor) };
    return isNot ? { kind: 'not', of: like } : like;
  }
  if (cursor.take('BETWEEN')) {
    const low = parseSum(cursor);
    cursor.expect('AND');
    const high = parseSum(cursor);
    const between: Expression = {
      kind: 'binary',
      operator: 'AND',
      left: { kind: 'binary', operator: '>=', left, right: low },
      right: { kind: 'binary', operator: '<=', left, right: high },
    };
    return isNot ? { kind: 'not', of: between } : between;
  }
  if (isNot) throw new SyntaxError(cursor.peek()?.text ?? 'NOT');
  for (const operator of ['=', '<>', '!=', '<=', '>=', '<', '>']) {
    if (cursor.take(operator))
      return { kind: 'binary', operator: operator === '!=' ? '<>' : operator, left, right: parseSum(cursor) };
  }
  return left;
}

function parseSum(cursor: Cursor): Expression {
  let left = parsePrimary(cursor);
  for (;;) {
    const operator = ['+', '-', '*', '/', '%'].find((symbol) => cursor.take(symbol));
    if (operator === undefined) return left;
    left = { kind: 'binary', operator, left, right: parsePrimary(cursor) };
  }
}

function parsePrimary(cursor: Cursor): Expression {
  if (cursor.take('(')) {
    const inner = parseExpression(cursor);
    cursor.expect(')');
    return inner;
  }
  if (cursor.take('-')) return { kind: 'minus', of: parsePrimary(cursor) };
  if (cursor.take('CASE')) return parseCase(cursor);
  const token = cursor.next();
  if (token.kind === 'string') return { kind: 'value', value: token.value };
  if (token.kind === 'number') return { kind: 'value', value: Number(token.value) };
  if (token.kind === 'variable') return { kind: 'variable', name: token.value };
  if (token.kind === 'symbol') throw new SyntaxError(token.text);
  if (token.kind === 'word' && token.value === 'NULL') return { kind: 'value', value: null };
  if (token.kind === 'word' && cursor.take('(')) return parseCall(cursor, token.value);
  if (token.kind === 'word' && BARE.includes(token.value))
    return { kind: 'call', name: token.value, args: [], isStar: false };
  if (token.kind === 'word' && RESERVED.has(token.value)) throw new SyntaxError(token.text);
  const first = token.kind === 'word' ? token.text : token.value;
  if (!cursor.take('.')) return { kind: 'column', table: undefined, name: first.toLowerCase() };
  const second = cursor.name();
  // A function called with its schema: sys.fn_x(…)
  if (cursor.take('(')) return parseCall(cursor, second.toUpperCase());
  return { kind: 'column', table: first.toLowerCase(), name: second.toLowerCase() };
}

const BARE = ['CURRENT_TIMESTAMP', 'CURRENT_USER', 'SESSION_USER', 'SYSTEM_USER'];
const RESERVED = new Set([
  'SELECT',
  'FROM',
  'WHERE',
  'AND',
  'OR',
  'ORDER',
  'GROUP',
  'BY',
  'ON',
  'JOIN',
  'AS',
  'UNION',
  'EXISTS',
  'INTO',
  'END',
]);

function parseCall(cursor: Cursor, name: string): Expression {
  if (cursor.take('*', ')')) return { kind: 'call', name, args: [], isStar: true };
  if (name === 'CAST' || name === 'TRY_CAST') {
    const of = parseExpression(cursor);
    cursor.expect('AS');
    const type = parseTypeName(cursor);
    cursor.expect(')');
    return { kind: 'call', name: 'CAST', args: [{ kind: 'value', value: type }, of], isStar: false };
  }
  if (name === 'CONVERT' || name === 'TRY_CONVERT') {
    const type = parseTypeName(cursor);
    cursor.expect(',');
    return { kind: 'call', name: 'CAST', args: [{ kind: 'value', value: type }, ...parseList(cursor)], isStar: false };
  }
  if (name === 'DATEDIFF' || name === 'DATEADD' || name === 'DATEDIFF_BIG') {
    const part = cursor.name().toLowerCase();
    cursor.expect(',');
    return { kind: 'call', name, args: [{ kind: 'value', value: part }, ...parseList(cursor)], isStar: false };
  }
  return { kind: 'call', name, args: parseList(cursor), isStar: false };
}

/** A list up to and with the closing parenthesis. */
function parseList(cursor: Cursor): Expression[] {
  const list: Expression[] = [];
  if (cursor.take(')')) return list;
  do list.push(parseExpression(cursor));
  while (cursor.take(','));
  cursor.expect(')');
  return list;
}

function parseTypeName(cursor: Cursor): string {
  const name = cursor.name().toLowerCase();
  if (cursor.take('(')) {
    while (!cursor.take(')')) cursor.next();
  }
  return name;
}

function parseCase(cursor: Cursor): Expression {
  const subject = cursor.sees('WHEN') ? undefined : parseExpression(cursor);
  const branches: [Expression, Expression][] = [];
  while (cursor.take('WHEN')) {
    const test = parseExpression(cursor);
    cursor.expect('THEN');
    const when: Expression =
      subject === undefined ? test : { kind: 'binary', operator: '=', left: subject, right: test };
    branches.push([when, parseExpression(cursor)]);
  }
  const otherwise: Expression = cursor.take('ELSE') ? parseExpression(cursor) : { kind: 'value', value: null };
  cursor.expect('END');
  return { kind: 'case', branches, otherwise };
}
