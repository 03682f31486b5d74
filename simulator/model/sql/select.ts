import { type Expression, parseExpression } from './expression.ts';
import type { Cursor } from './tokens.ts';

/** A parsed SELECT over views of the server. */
export interface Select {
  readonly top: number | undefined;
  readonly isDistinct: boolean;
  readonly items: readonly SelectItem[];
  readonly sources: readonly Source[];
  readonly where: Expression | undefined;
  readonly groupBy: readonly Expression[];
  readonly orderBy: readonly { readonly by: Expression; readonly isDescending: boolean }[];
}

type SelectItem =
  | { readonly kind: 'all'; readonly table: string | undefined }
  /** `SELECT @x = …` assigns instead of answering. */
  | { readonly kind: 'item'; readonly of: Expression; readonly name: string; readonly assigns?: string };

/** `name` in lower case with its schema, such as `sys.databases`. */
interface Source {
  readonly name: string;
  readonly alias: string;
  readonly join: 'first' | 'inner' | 'left' | 'cross';
  readonly on: Expression | undefined;
}

const CLAUSES = [
  'FROM',
  'WHERE',
  'ORDER',
  'GROUP',
  'ON',
  'JOIN',
  'INNER',
  'LEFT',
  'CROSS',
  'OPTION',
  'WITH',
  'HAVING',
  'UNION',
  'SELECT',
  'DECLARE',
  'EXEC',
  'EXECUTE',
  'SET',
];

/** Parses a SELECT whose first word is next. */
export function parseSelect(cursor: Cursor): Select {
  cursor.expect('SELECT');
  const isDistinct = cursor.take('DISTINCT');
  const top = cursor.take('TOP') ? parseTop(cursor) : undefined;
  const items: SelectItem[] = [];
  do items.push(parseItem(cursor));
  while (cursor.take(','));
  const sources = cursor.take('FROM') ? parseSources(cursor) : [];
  const where = cursor.take('WHERE') ? parseExpression(cursor) : undefined;
  const groupBy: Expression[] = [];
  if (cursor.take('GROUP', 'BY')) {
    do groupBy.push(parseExpression(cursor));
    while (cursor.take(','));
  }
  const orderBy: { by: Expression; isDescending: boolean }[] = [];
  if (cursor.take('ORDER', 'BY')) {
    do {
      const by = parseExpression(cursor);
      const isDescending = cursor.take('DESC');
      if (!isDescending) cursor.take('ASC');
      orderBy.push({ by, isDescending });
    } while (cursor.take(','));
  }
  return { top, isDistinct, items, sources, where, groupBy, orderBy };
}

function parseTop(cursor: Cursor): number {
  const inParentheses = cursor.take('(');
  const count = Number(cursor.next().value);
  if (inParentheses) cursor.expect(')');
  return count;
}

function parseItem(cursor: Cursor): SelectItem {
  if (cursor.take('*')) return { kind: 'all', table: undefined };
  const ahead = cursor.peek();
  if (ahead !== undefined && cursor.peek(1)?.text === '.' && cursor.peek(2)?.text === '*') {
    cursor.place += 3;
    return { kind: 'all', table: ahead.kind === 'quoted' ? ahead.value.toLowerCase() : ahead.text.toLowerCase() };
  }
  if (ahead?.kind === 'variable' && cursor.peek(1)?.text === '=') {
    cursor.place += 2;
    return { kind: 'item', of: parseExpression(cursor), name: '', assigns: ahead.value.toLowerCase() };
  }
  const of = parseExpression(cursor);
  const after = cursor.peek();
  const isAliased =
    cursor.take('AS') || after?.kind === 'quoted' || (after?.kind === 'word' && !CLAUSES.includes(after.value));
  if (!isAliased) return { kind: 'item', of, name: of.kind === 'column' ? of.name : '' };
  const alias = cursor.next();
  return { kind: 'item', of, name: alias.kind === 'word' ? alias.text : alias.value };
}

function parseSources(cursor: Cursor): Source[] {
  const sources = [parseSource(cursor, 'first')];
  for (;;) {
    const join = joinKind(cursor);
    if (join === undefined) return sources;
    sources.push(parseSource(cursor, join));
  }
}

function joinKind(cursor: Cursor): 'inner' | 'left' | 'cross' | undefined {
  if (cursor.take('JOIN') || cursor.take('INNER', 'JOIN')) return 'inner';
  if (cursor.take('LEFT', 'JOIN') || cursor.take('LEFT', 'OUTER', 'JOIN')) return 'left';
  return cursor.take('CROSS', 'JOIN') || cursor.take(',') ? 'cross' : undefined;
}

function parseSource(cursor: Cursor, join: Source['join']): Source {
  let name = cursor.name().toLowerCase();
  while (cursor.take('.')) name = `${name}.${cursor.name().toLowerCase()}`;
  if (cursor.take('WITH', '(')) {
    while (!cursor.take(')')) cursor.next();
  }
  const after = cursor.peek();
  const isAliased =
    cursor.take('AS') || (after?.kind === 'word' && !CLAUSES.includes(after.value)) || after?.kind === 'quoted';
  const alias = isAliased ? cursor.name().toLowerCase() : (name.split('.').at(-1) ?? name);
  const on = (join === 'inner' || join === 'left') && cursor.take('ON') ? parseExpression(cursor) : undefined;
  return { name, alias, join, on };
}
