import { unknownSql } from '../problem.ts';
import { parseAlias } from './alias.ts';
import type { Expression, TableSource } from './ast.ts';
import { parseCondition } from './condition.ts';
import { parseExpression, startsQuery } from './expression.ts';
import { isHint, takeHints } from './hints.ts';
import { takeNameList, takeQualified } from './names.ts';
import type { Reader } from './reader.ts';

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
      const query = reader.query();
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
