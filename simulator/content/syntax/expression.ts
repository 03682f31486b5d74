import type { Token } from '../../model/sql/tokens.ts';
import { unknownSql } from '../problem.ts';
import type { Call, Condition, Expression, Ordering, Window } from './ast.ts';
import { isName, takeQualified, takeType } from './names.ts';
import type { Reader } from './reader.ts';

/** Parses an expression. A comparison is none: T-SQL has no boolean values. */
export function parseExpression(reader: Reader): Expression {
  let left = parseProduct(reader);
  for (;;) {
    const operator = ['+', '-', '&', '|', '^'].find((one) => reader.take(one));
    if (operator === undefined) return left;
    left = { kind: 'binary-operator', operator, left, right: parseProduct(reader) };
  }
}

function parseProduct(reader: Reader): Expression {
  let left = parseUnary(reader);
  for (;;) {
    const operator = ['*', '/', '%'].find((one) => reader.take(one));
    if (operator === undefined) return left;
    left = { kind: 'binary-operator', operator, left, right: parseUnary(reader) };
  }
}

function parseUnary(reader: Reader): Expression {
  for (const operator of ['-', '+', '~'] as const)
    if (reader.take(operator)) return { kind: 'unary', operator, of: parseUnary(reader) };
  let of = parsePrimary(reader);
  while (reader.take('COLLATE')) of = { kind: 'collate', of, collation: reader.name() };
  if (reader.sees('AT', 'TIME', 'ZONE')) throw unknownSql('AT TIME ZONE');
  return of;
}

function parsePrimary(reader: Reader): Expression {
  const token = reader.peek();
  if (token === undefined) throw new SyntaxError('end of statement');
  if (token.kind === 'number') {
    reader.next();
    if (/^0x/i.test(token.text)) return { kind: 'binary', hex: token.text.slice(2) };
    return { kind: 'number', text: token.text };
  }
  if (token.kind === 'string') {
    reader.next();
    return { kind: 'string', value: token.value, isUnicode: /^n/i.test(token.text) };
  }
  if (token.kind === 'variable') {
    reader.next();
    return token.value.startsWith('@')
      ? { kind: 'global', name: token.value.slice(1).toUpperCase() }
      : { kind: 'variable', name: token.value.toLowerCase() };
  }
  if (reader.take('(')) {
    const inner: Expression = startsQuery(reader)
      ? { kind: 'subquery', query: reader.query() }
      : parseExpression(reader);
    reader.expect(')');
    return inner;
  }
  if (token.kind === 'word') {
    const special = parseSpecial(reader, token);
    if (special !== undefined) return special;
  }
  if (!isName(token)) throw new SyntaxError(token.text);
  const name = takeQualified(reader);
  if (!reader.sees('(')) return { kind: 'column', name };
  return parseCall(reader, (name.at(-1) ?? '').toUpperCase(), name.at(-2));
}

/** Words that begin an expression of their own grammar. */
function parseSpecial(reader: Reader, token: Token): Expression | undefined {
  if (reader.take('NULL')) return { kind: 'null' };
  if (reader.take('DEFAULT')) return { kind: 'default' };
  if (reader.take('CASE')) return parseCase(reader);
  const isCalled = reader.peek(1)?.text === '(';
  switch (token.value) {
    case 'CURRENT_TIMESTAMP':
    case 'CURRENT_USER':
    case 'SESSION_USER':
    case 'SYSTEM_USER':
    case 'USER':
      reader.next();
      return call(token.value, []);
    case 'CAST':
    case 'TRY_CAST':
    case 'PARSE':
    case 'TRY_PARSE':
      if (!isCalled || token.value.includes('PARSE')) return undefined;
      return parseCast(reader);
    case 'CONVERT':
    case 'TRY_CONVERT':
      return parseConvert(reader);
    case 'IIF':
      return isCalled ? parseIif(reader) : undefined;
    case 'COALESCE':
    case 'NULLIF':
    case 'LEFT':
    case 'RIGHT':
      if (!isCalled) return undefined;
      reader.next();
      return parseCall(reader, token.value, undefined);
    case 'NEXT':
      if (reader.peek(1)?.value !== 'VALUE') return undefined;
      reader.place += 2;
      reader.expect('FOR');
      return call('NEXT VALUE FOR', [{ kind: 'column', name: takeQualified(reader) }]);
    default:
      return undefined;
  }
}

function parseCase(reader: Reader): Expression {
  const input = reader.sees('WHEN') ? undefined : parseExpression(reader);
  const branches: { when: Condition; result: Expression }[] = [];
  while (reader.take('WHEN')) {
    const when: Condition =
      input === undefined
        ? reader.condition()
        : { kind: 'compare', operator: '=', left: input, right: parseExpression(reader) };
    reader.expect('THEN');
    branches.push({ when, result: parseExpression(reader) });
  }
  if (branches.length === 0) throw new SyntaxError(reader.peek()?.text ?? 'CASE');
  const otherwise = reader.take('ELSE') ? parseExpression(reader) : undefined;
  reader.expect('END');
  return { kind: 'case', branches, otherwise };
}

function parseIif(reader: Reader): Expression {
  reader.next();
  reader.expect('(');
  const when = reader.condition();
  reader.expect(',');
  const result = parseExpression(reader);
  reader.expect(',');
  const otherwise = parseExpression(reader);
  reader.expect(')');
  return { kind: 'case', branches: [{ when, result }], otherwise };
}

function parseCast(reader: Reader): Expression {
  const isTry = reader.next().value.startsWith('TRY_');
  reader.expect('(');
  const of = parseExpression(reader);
  reader.expect('AS');
  const to = takeType(reader);
  reader.expect(')');
  return { kind: 'cast', to, of, style: undefined, isTry };
}

function parseConvert(reader: Reader): Expression {
  const isTry = reader.next().value.startsWith('TRY_');
  reader.expect('(');
  const to = takeType(reader);
  reader.expect(',');
  const of = parseExpression(reader);
  const style = reader.take(',') ? parseExpression(reader) : undefined;
  reader.expect(')');
  return { kind: 'cast', to, of, style, isTry };
}

function parseCall(reader: Reader, name: string, schema: string | undefined): Call {
  reader.expect('(');
  const isDistinct = reader.take('DISTINCT');
  if (!isDistinct) reader.take('ALL');
  const isStar = reader.take('*');
  const args: Expression[] = [];
  if (!isStar && !reader.sees(')')) {
    do args.push(parseExpression(reader));
    while (reader.take(','));
  }
  if (/^(TRIM|PARSE|TRY_PARSE)$/i.test(name) && !reader.sees(')')) throw unknownSql(`${name}(… FROM or AS …)`);
  reader.expect(')');
  let within: Ordering[] = [];
  if (reader.take('WITHIN', 'GROUP')) {
    reader.expect('(');
    within = parseOrderings(reader);
    reader.expect(')');
  }
  const over = reader.take('OVER') ? parseWindow(reader) : undefined;
  return { kind: 'call', name, schema, args, isStar, isDistinct, condition: undefined, over, within };
}

function call(name: string, args: readonly Expression[]): Call {
  return {
    kind: 'call',
    name,
    schema: undefined,
    args,
    isStar: false,
    isDistinct: false,
    condition: undefined,
    over: undefined,
    within: [],
  };
}

function parseWindow(reader: Reader): Window {
  reader.expect('(');
  const partition: Expression[] = [];
  if (reader.take('PARTITION', 'BY')) {
    do partition.push(parseExpression(reader));
    while (reader.take(','));
  }
  const order = reader.sees('ORDER') ? parseOrderings(reader) : [];
  const hasFrame = reader.sees('ROWS') || reader.sees('RANGE');
  while (hasFrame && !reader.sees(')')) reader.next();
  reader.expect(')');
  return { partition, order, hasFrame };
}

/** `ORDER BY a, b DESC`. */
export function parseOrderings(reader: Reader): Ordering[] {
  reader.expect('ORDER');
  reader.expect('BY');
  const orderings: Ordering[] = [];
  do {
    const of = parseExpression(reader);
    const isDescending = reader.take('DESC');
    if (!isDescending) reader.take('ASC');
    orderings.push({ of, isDescending });
  } while (reader.take(','));
  return orderings;
}

/** Whether a query begins here, perhaps in parentheses. */
export function startsQuery(reader: Reader): boolean {
  let ahead = 0;
  while (reader.peek(ahead)?.kind === 'symbol' && reader.peek(ahead)?.text === '(') ahead += 1;
  const token = reader.peek(ahead);
  return token?.kind === 'word' && token.value === 'SELECT';
}
