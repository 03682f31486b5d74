import { unknownSql } from '../problem.ts';
import { parseAlias } from './alias.ts';
import type { CommonTable, Expression, Ordering, Query, QueryBody, Select, SelectItem, Top } from './ast.ts';
import { parseCondition } from './condition.ts';
import { parseExpression, parseOrderings, startsQuery } from './expression.ts';
import { parseFrom } from './from.ts';
import { isName, skipParentheses, takeName, takeNameList, takeQualified } from './names.ts';
import type { Reader } from './reader.ts';

/** Parses a query: `WITH …`, SELECTs joined by set operators, ORDER BY, paging. */
export function parseQuery(reader: Reader): Query {
  const commonTables = reader.sees('WITH') ? parseWith(reader) : [];
  return parseQueryAfter(reader, commonTables);
}

export function parseQueryAfter(reader: Reader, commonTables: readonly CommonTable[]): Query {
  const body = parseUnion(reader);
  let order: readonly Ordering[] = [];
  let offset: Expression | undefined;
  let fetch: Expression | undefined;
  if (reader.sees('ORDER', 'BY')) {
    order = parseOrderings(reader);
    if (reader.take('OFFSET')) {
      offset = parseExpression(reader);
      if (!reader.take('ROWS')) reader.expect('ROW');
      if (reader.take('FETCH')) {
        if (!reader.take('NEXT')) reader.expect('FIRST');
        fetch = parseExpression(reader);
        if (!reader.take('ROWS')) reader.expect('ROW');
        reader.expect('ONLY');
      }
    }
  }
  if (reader.sees('FOR') && ['JSON', 'XML', 'BROWSE'].includes(reader.peek(1)?.value ?? ''))
    throw unknownSql(`FOR ${reader.peek(1)?.value}`);
  if (reader.take('OPTION')) skipParentheses(reader);
  return { kind: 'query', with: commonTables, body, order, offset, fetch };
}

/** `WITH a (x) AS (…), b AS (…)`. */
export function parseWith(reader: Reader): CommonTable[] {
  reader.expect('WITH');
  const tables: CommonTable[] = [];
  do {
    const name = takeName(reader);
    const columns = takeNameList(reader);
    reader.expect('AS');
    reader.expect('(');
    tables.push({ name, columns, query: parseQuery(reader) });
    reader.expect(')');
  } while (reader.take(','));
  return tables;
}

function parseUnion(reader: Reader): QueryBody {
  let left = parseIntersect(reader);
  for (;;) {
    const operator = reader.take('UNION')
      ? reader.take('ALL')
        ? 'UNION ALL'
        : 'UNION'
      : reader.take('EXCEPT')
        ? 'EXCEPT'
        : undefined;
    if (operator === undefined) return left;
    left = { kind: 'set', operator, left, right: parseIntersect(reader) };
  }
}

function parseIntersect(reader: Reader): QueryBody {
  let left = parseTerm(reader);
  while (reader.take('INTERSECT')) left = { kind: 'set', operator: 'INTERSECT', left, right: parseTerm(reader) };
  return left;
}

function parseTerm(reader: Reader): QueryBody {
  if (reader.take('(')) {
    const query = parseQuery(reader);
    reader.expect(')');
    return { kind: 'nested', query };
  }
  if (reader.take('VALUES')) return { kind: 'values', rows: parseRows(reader) };
  return parseSelect(reader);
}

/** `(a, b), (c, d)`. */
export function parseRows(reader: Reader): Expression[][] {
  const rows: Expression[][] = [];
  do {
    reader.expect('(');
    const row: Expression[] = [];
    do row.push(parseExpression(reader));
    while (reader.take(','));
    reader.expect(')');
    rows.push(row);
  } while (reader.take(','));
  return rows;
}

function parseSelect(reader: Reader): Select {
  reader.expect('SELECT');
  const isDistinct = reader.take('DISTINCT');
  if (!isDistinct) reader.take('ALL');
  const top = parseTop(reader);
  const items: SelectItem[] = [];
  do items.push(parseItem(reader));
  while (reader.take(','));
  const into = reader.take('INTO') ? takeQualified(reader) : undefined;
  const from = reader.take('FROM') ? parseFrom(reader) : [];
  const where = reader.take('WHERE') ? parseCondition(reader) : undefined;
  const group: Expression[] = [];
  if (reader.take('GROUP', 'BY')) {
    if (['ROLLUP', 'CUBE', 'GROUPING'].includes(reader.peek()?.value ?? ''))
      throw unknownSql(`GROUP BY ${reader.peek()?.value}`);
    do group.push(parseExpression(reader));
    while (reader.take(','));
    if (reader.sees('WITH', 'ROLLUP') || reader.sees('WITH', 'CUBE')) throw unknownSql('GROUP BY … WITH ROLLUP');
  }
  const having = reader.take('HAVING') ? parseCondition(reader) : undefined;
  return { kind: 'select', isDistinct, top, items, into, from, where, group, having };
}

/** `TOP 5`, `TOP (@n) PERCENT WITH TIES`; nothing when it is not next. */
export function parseTop(reader: Reader): Top | undefined {
  if (!reader.take('TOP')) return undefined;
  let count: Expression;
  if (reader.take('(')) {
    count = startsQuery(reader) ? { kind: 'subquery', query: parseQuery(reader) } : parseExpression(reader);
    reader.expect(')');
  } else {
    const token = reader.next();
    if (token.kind !== 'number') throw new SyntaxError(token.text);
    count = { kind: 'number', text: token.text };
  }
  return { count, isPercent: reader.take('PERCENT'), withTies: reader.take('WITH', 'TIES') };
}

/** The items of OUTPUT and of SELECT. */
export function parseItem(reader: Reader): SelectItem {
  if (reader.take('*')) return { kind: 'star', of: [] };
  const start = reader.place;
  const first = reader.peek();
  if (first?.kind === 'variable' && !first.value.startsWith('@')) {
    const operator = reader.peek(1)?.text ?? '';
    if (/^[-+*/%&|^]?=$/.test(operator)) {
      reader.place += 2;
      return { kind: 'assign', variable: first.value.toLowerCase(), operator, of: parseExpression(reader) };
    }
  }
  if (isName(first)) {
    // `alias = expression`, and `a.*`.
    if (reader.peek(1)?.kind === 'symbol' && reader.peek(1)?.text === '=') {
      const alias = takeName(reader);
      reader.next();
      return { kind: 'item', of: parseExpression(reader), alias };
    }
    const of = [takeName(reader)];
    while (reader.take('.')) {
      if (reader.take('*')) return { kind: 'star', of };
      if (!isName(reader.peek())) break;
      of.push(takeName(reader));
    }
    reader.place = start;
  }
  const of = parseExpression(reader);
  return { kind: 'item', of, alias: parseAlias(reader) };
}
