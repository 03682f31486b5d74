import { unknownSql } from '../problem.ts';
import type {
  CommonTable,
  Expression,
  Ordering,
  Query,
  QueryBody,
  Select,
  SelectItem,
  TableSource,
  Top,
} from './ast.ts';
import { parseCondition, parseExpression, parseOrderings, startsQuery } from './expression.ts';
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

/** `AS name`, `name`, `AS 'name'`. */
function parseAlias(reader: Reader): string | undefined {
  const isSaid = reader.take('AS');
  const token = reader.peek();
  if (token?.kind === 'string') return reader.next().value;
  if (isName(token) && (isSaid || !startsStatement(token?.kind === 'word' ? token.value : ''))) return takeName(reader);
  if (isSaid) throw new SyntaxError(token?.text ?? 'end of statement');
  return undefined;
}

/** Words that are not reserved and yet begin a statement rather than name what stands before them. */
function startsStatement(word: string): boolean {
  return ['THROW', 'OFFSET', 'GO', 'OUTPUT', 'MATCHED', 'USING', 'WINDOW'].includes(word);
}

/** The sources after FROM. */
export function parseFrom(reader: Reader): TableSource[] {
  const sources: TableSource[] = [];
  do sources.push(parseJoined(reader));
  while (reader.take(','));
  return sources;
}

function parseJoined(reader: Reader): TableSource {
  let left = parseSource(reader);
  for (;;) {
    const how = takeJoin(reader);
    if (how === undefined) return left;
    const right = how.includes('APPLY') || how === 'CROSS' ? parseSource(reader) : parseJoinedRight(reader);
    const on = how === 'CROSS' || how.includes('APPLY') ? undefined : parseOn(reader);
    left = { kind: 'join', how, left, right, on };
  }
}

/** `a JOIN (b JOIN c ON …) ON …` without the parentheses: the inner join's ON comes first. */
function parseJoinedRight(reader: Reader): TableSource {
  let right = parseSource(reader);
  while (!reader.sees('ON')) {
    const how = takeJoin(reader);
    if (how === undefined) return right;
    const inner = parseJoinedRight(reader);
    right = { kind: 'join', how, left: right, right: inner, on: how === 'CROSS' ? undefined : parseOn(reader) };
  }
  return right;
}

function parseOn(reader: Reader) {
  reader.expect('ON');
  return parseCondition(reader);
}

type How = (TableSource & { kind: 'join' })['how'];

function takeJoin(reader: Reader): How | undefined {
  if (reader.take('CROSS', 'JOIN')) return 'CROSS';
  if (reader.take('CROSS', 'APPLY')) return 'CROSS APPLY';
  if (reader.take('OUTER', 'APPLY')) return 'OUTER APPLY';
  for (const side of ['LEFT', 'RIGHT', 'FULL'] as const) {
    if (!reader.sees(side)) continue;
    if (reader.take(side, 'OUTER', 'JOIN') || reader.take(side, 'JOIN')) return side;
    const hint = reader.peek(reader.peek(1)?.value === 'OUTER' ? 2 : 1)?.value ?? '';
    if (['HASH', 'MERGE', 'LOOP'].includes(hint)) {
      while (!reader.take('JOIN')) reader.next();
      return side;
    }
  }
  if (reader.take('INNER', 'JOIN') || reader.take('JOIN')) return 'INNER';
  if (reader.sees('INNER') && reader.peek(2)?.value === 'JOIN') {
    reader.place += 3;
    return 'INNER';
  }
  return undefined;
}

/** One table, derived table, function or variable, with its alias and hints. */
export function parseSource(reader: Reader): TableSource {
  const token = reader.peek();
  if (token?.kind === 'variable') {
    reader.next();
    return { kind: 'variable', name: token.value.toLowerCase(), alias: parseAlias(reader) };
  }
  if (reader.take('(')) {
    if (startsQuery(reader) || reader.sees('VALUES')) {
      const query = parseQuery(reader);
      reader.expect(')');
      const alias = parseAlias(reader);
      if (alias === undefined) throw new SyntaxError(reader.peek()?.text ?? ')');
      return { kind: 'derived', query, alias, columns: takeNameList(reader) };
    }
    const inner = parseJoined(reader);
    reader.expect(')');
    return inner;
  }
  const name = takeQualified(reader);
  let args: Expression[] | undefined;
  if (reader.sees('(') && !isHint(reader.peek(1)?.value)) {
    reader.next();
    args = [];
    if (!reader.sees(')')) {
      do args.push(parseExpression(reader));
      while (reader.take(','));
    }
    reader.expect(')');
  }
  if (args !== undefined && reader.sees('WITH', '(') && !isHint(reader.peek(2)?.value))
    throw unknownSql('OPENJSON … WITH');
  takeHints(reader);
  const alias = parseAlias(reader);
  takeHints(reader);
  if (reader.sees('PIVOT') || reader.sees('UNPIVOT') || reader.sees('TABLESAMPLE') || reader.sees('FOR', 'SYSTEM_TIME'))
    throw unknownSql(reader.peek()?.value ?? '');
  return { kind: 'table', name, alias, args };
}

/** `WITH (NOLOCK)` and the old `(NOLOCK)`: the simulator's locks do not depend on hints. */
export function takeHints(reader: Reader): void {
  if (reader.sees('WITH', '(') && isHint(reader.peek(2)?.value)) {
    reader.next();
    skipParentheses(reader);
  } else if (reader.sees('(') && isHint(reader.peek(1)?.value)) skipParentheses(reader);
}

const HINTS: ReadonlySet<string> = new Set(
  `NOLOCK UPDLOCK HOLDLOCK ROWLOCK TABLOCK TABLOCKX XLOCK READPAST SERIALIZABLE READCOMMITTED READUNCOMMITTED
REPEATABLEREAD PAGLOCK NOWAIT INDEX FORCESEEK FORCESCAN NOEXPAND SNAPSHOT READCOMMITTEDLOCK KEEPIDENTITY KEEPDEFAULTS`.split(
    /\s+/,
  ),
);

function isHint(word: string | undefined): boolean {
  return word !== undefined && HINTS.has(word);
}
