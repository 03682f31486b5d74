import type { Condition, Expression, Query } from './ast.ts';
import { parseExpression, startsQuery } from './expression.ts';
import type { Reader } from './reader.ts';

/** Parses a search condition. */
export function parseCondition(reader: Reader): Condition {
  let left = parseAnd(reader);
  while (reader.take('OR')) left = { kind: 'or', left, right: parseAnd(reader) };
  return left;
}

function parseAnd(reader: Reader): Condition {
  let left = parseNot(reader);
  while (reader.take('AND')) left = { kind: 'and', left, right: parseNot(reader) };
  return left;
}

function parseNot(reader: Reader): Condition {
  if (reader.take('NOT')) return { kind: 'not', of: parseNot(reader) };
  if (reader.take('EXISTS')) {
    reader.expect('(');
    const query = reader.query();
    reader.expect(')');
    return { kind: 'exists', query };
  }
  return (reader.sees('(') ? parseGrouped(reader) : undefined) ?? parsePredicate(reader);
}

/** A condition in parentheses; `undefined`, with nothing read, when they hold an expression. */
function parseGrouped(reader: Reader): Condition | undefined {
  const start = reader.place;
  try {
    reader.next();
    const inner = parseCondition(reader);
    reader.expect(')');
    return inner;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const inside = reader.place;
    reader.place = start;
    // What follows decides: the message must be about where reading really stopped.
    try {
      parseExpression(reader);
    } catch {
      reader.place = inside;
      throw error;
    }
    reader.place = start;
    return undefined;
  }
}

const COMPARISONS: Readonly<Record<string, string>> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '>': '>',
  '<=': '<=',
  '>=': '>=',
  '!<': '>=',
  '!>': '<=',
};

function parsePredicate(reader: Reader): Condition {
  const of = parseExpression(reader);
  const operator = COMPARISONS[reader.peek()?.kind === 'symbol' ? (reader.peek()?.text ?? '') : ''];
  if (operator !== undefined) {
    reader.next();
    const isAll = reader.take('ALL');
    if (isAll || reader.take('ANY') || reader.take('SOME')) {
      reader.expect('(');
      const query = reader.query();
      reader.expect(')');
      return { kind: 'quantified', operator, left: of, isAll, query };
    }
    return { kind: 'compare', operator, left: of, right: parseExpression(reader) };
  }
  if (reader.take('IS')) {
    const isNot = reader.take('NOT');
    reader.expect('NULL');
    return { kind: 'is-null', of, isNot };
  }
  const isNot = reader.take('NOT');
  if (reader.take('IN')) return { kind: 'in', of, list: parseInList(reader), isNot };
  if (reader.take('BETWEEN')) {
    const low = parseExpression(reader);
    reader.expect('AND');
    return { kind: 'between', of, low, high: parseExpression(reader), isNot };
  }
  if (reader.take('LIKE')) {
    const pattern = parseExpression(reader);
    return { kind: 'like', of, pattern, escape: reader.take('ESCAPE') ? parseExpression(reader) : undefined, isNot };
  }
  throw new SyntaxError(reader.peek()?.text ?? 'end of statement');
}

function parseInList(reader: Reader): Expression[] | Query {
  reader.expect('(');
  if (startsQuery(reader)) {
    const query = reader.query();
    reader.expect(')');
    return query;
  }
  const list: Expression[] = [];
  do list.push(parseExpression(reader));
  while (reader.take(','));
  reader.expect(')');
  return list;
}
