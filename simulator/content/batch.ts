import { Cursor, type Token, tokenize } from '../model/sql/tokens.ts';
import { STARTS, splitAtCommas, takeExpression, takeUntilNext } from './statement-end.ts';

/** A statement of a T-SQL batch, taken apart as far as running it needs; the rest stays tokens. */
export type Statement =
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  | {
      readonly kind: 'if';
      readonly condition: readonly Token[];
      readonly then: Statement;
      readonly otherwise: Statement | undefined;
    }
  | { readonly kind: 'while'; readonly condition: readonly Token[]; readonly body: Statement }
  | { readonly kind: 'try'; readonly body: Statement; readonly handler: Statement }
  | {
      readonly kind: 'declare';
      readonly name: string;
      readonly type: string;
      readonly value: readonly Token[] | undefined;
    }
  | { readonly kind: 'assign'; readonly name: string; readonly value: readonly Token[] }
  | { readonly kind: 'transaction'; readonly does: 'begin' | 'commit' | 'rollback' | 'save'; readonly name: string }
  | { readonly kind: 'print'; readonly value: readonly Token[] }
  | { readonly kind: 'raise'; readonly args: readonly (readonly Token[])[]; readonly isThrow: boolean }
  | { readonly kind: 'execute'; readonly tokens: readonly Token[] }
  | { readonly kind: 'jump'; readonly to: 'break' | 'continue' | 'return' }
  | { readonly kind: 'option'; readonly tokens: readonly Token[] }
  | {
      readonly kind: 'procedure';
      readonly name: string;
      readonly source: string;
      readonly does: 'create' | 'alter' | 'drop';
    }
  | { readonly kind: 'sql'; readonly tokens: readonly Token[] };

const known = new Map<string, readonly Statement[]>();

/** Parses a batch. Throws a SyntaxError with the text near which it cannot go on. */
export function parseBatch(sql: string): readonly Statement[] {
  const before = known.get(sql);
  if (before !== undefined) return before;
  const cursor = new Cursor(tokenize(sql));
  const body = parseList(cursor, sql, () => cursor.isDone);
  if (known.size > 5000) known.clear();
  known.set(sql, body);
  return body;
}

function parseList(cursor: Cursor, source: string, isEnd: () => boolean): Statement[] {
  const list: Statement[] = [];
  for (;;) {
    while (cursor.take(';'));
    if (isEnd()) return list;
    list.push(...parseStatement(cursor, source));
  }
}

function parseStatement(cursor: Cursor, source: string): Statement[] {
  const first = cursor.peek();
  if (first?.kind !== 'word') throw new SyntaxError(first?.text ?? 'end of statement');
  switch (first.value) {
    case 'IF':
      return [parseIf(cursor, source)];
    case 'WHILE': {
      cursor.next();
      const condition = takeExpression(cursor);
      return [{ kind: 'while', condition, body: one(cursor, source) }];
    }
    case 'BEGIN':
      return [parseBegin(cursor, source)];
    case 'COMMIT':
    case 'ROLLBACK':
    case 'SAVE':
      return [parseTransactionEnd(cursor)];
    case 'DECLARE':
      return parseDeclare(cursor);
    case 'SET':
      return [parseSet(cursor)];
    case 'PRINT':
      cursor.next();
      return [{ kind: 'print', value: takeExpression(cursor) }];
    case 'THROW':
    case 'RAISERROR':
      return [parseRaise(cursor)];
    case 'EXEC':
    case 'EXECUTE':
      cursor.next();
      return [{ kind: 'execute', tokens: takeExpression(cursor) }];
    case 'BREAK':
    case 'CONTINUE':
    case 'RETURN':
      return [parseJump(cursor)];
    case 'USE':
      return [{ kind: 'option', tokens: takeUntilNext(cursor) }];
    case 'CREATE':
    case 'ALTER':
    case 'DROP':
      return [parseProcedure(cursor, source) ?? { kind: 'sql', tokens: takeUntilNext(cursor) }];
    case 'SELECT':
    case 'INSERT':
    case 'UPDATE':
    case 'DELETE':
    case 'TRUNCATE':
    case 'WITH':
      return [{ kind: 'sql', tokens: takeUntilNext(cursor) }];
    default:
      if (STARTS.has(first.value)) throw new SyntaxError(first.text);
      // A procedure's name alone, allowed as the first statement, is an EXEC.
      if (cursor.place === 0) return [{ kind: 'execute', tokens: takeExpression(cursor) }];
      throw new SyntaxError(first.text);
  }
}

function parseIf(cursor: Cursor, source: string): Statement {
  cursor.expect('IF');
  const condition = takeExpression(cursor);
  const then = one(cursor, source);
  while (cursor.sees(';') && cursor.peek(1)?.value === 'ELSE') cursor.next();
  const otherwise = cursor.take('ELSE') ? one(cursor, source) : undefined;
  return { kind: 'if', condition, then, otherwise };
}

function one(cursor: Cursor, source: string): Statement {
  const [statement, ...rest] = parseStatement(cursor, source);
  if (statement === undefined) throw new SyntaxError(cursor.peek()?.text ?? 'end of statement');
  return rest.length === 0 ? statement : { kind: 'block', body: [statement, ...rest] };
}

function parseBegin(cursor: Cursor, source: string): Statement {
  cursor.expect('BEGIN');
  if (cursor.take('TRY')) {
    const body: Statement = { kind: 'block', body: parseList(cursor, source, () => cursor.sees('END', 'TRY')) };
    cursor.place += 2;
    while (cursor.take(';'));
    cursor.expect('BEGIN');
    cursor.expect('CATCH');
    const handler: Statement = { kind: 'block', body: parseList(cursor, source, () => cursor.sees('END', 'CATCH')) };
    cursor.place += 2;
    return { kind: 'try', body, handler };
  }
  if (cursor.take('TRAN') || cursor.take('TRANSACTION'))
    return { kind: 'transaction', does: 'begin', name: transactionName(cursor) };
  const body = parseList(cursor, source, () => cursor.sees('END'));
  cursor.expect('END');
  return { kind: 'block', body };
}

function parseTransactionEnd(cursor: Cursor): Statement {
  const does = cursor.next().value.toLowerCase() as 'commit' | 'rollback' | 'save';
  if (!cursor.take('TRAN') && !cursor.take('TRANSACTION')) cursor.take('WORK');
  return { kind: 'transaction', does, name: transactionName(cursor) };
}

function transactionName(cursor: Cursor): string {
  const token = cursor.peek();
  if (token === undefined || token.kind === 'symbol' || (token.kind === 'word' && STARTS.has(token.value))) return '';
  return cursor.next().value;
}

function parseDeclare(cursor: Cursor): Statement[] {
  cursor.expect('DECLARE');
  const declared: Statement[] = [];
  do {
    const variable = cursor.next();
    if (variable.kind !== 'variable') throw new SyntaxError(variable.text);
    cursor.take('AS');
    const type = cursor.name().toUpperCase();
    if (type === 'TABLE' || type === 'CURSOR') throw new SyntaxError(`${variable.text} ${type}: not modelled`);
    if (cursor.take('(')) {
      while (!cursor.take(')')) cursor.next();
    }
    const value = cursor.take('=') ? takeExpression(cursor, true) : undefined;
    declared.push({ kind: 'declare', name: variable.value.toLowerCase(), type, value });
  } while (cursor.take(','));
  return declared;
}

function parseSet(cursor: Cursor): Statement {
  const variable = cursor.peek(1);
  if (variable?.kind !== 'variable') return { kind: 'option', tokens: takeUntilNext(cursor) };
  cursor.place += 2;
  const operator = cursor.next();
  const value = takeExpression(cursor);
  if (operator.value === '=') return { kind: 'assign', name: variable.value.toLowerCase(), value };
  if (!/^[-+*/]=$/.test(operator.value)) throw new SyntaxError(operator.text);
  const sign: Token = { ...operator, value: operator.value.charAt(0), text: operator.value.charAt(0) };
  return { kind: 'assign', name: variable.value.toLowerCase(), value: [variable, sign, ...value] };
}

function parseRaise(cursor: Cursor): Statement {
  const isThrow = cursor.next().value === 'THROW';
  const inner = takeExpression(cursor);
  const tokens =
    !isThrow && inner[0]?.text === '('
      ? inner.slice(
          1,
          inner.findLastIndex((token) => token.text === ')'),
        )
      : inner;
  return { kind: 'raise', isThrow, args: splitAtCommas(tokens) };
}

function parseJump(cursor: Cursor): Statement {
  const to = cursor.next().value.toLowerCase() as 'break' | 'continue' | 'return';
  if (to === 'return') takeExpression(cursor);
  return { kind: 'jump', to };
}

/** CREATE, ALTER and DROP of a procedure; a procedure takes the rest of its batch. */
function parseProcedure(cursor: Cursor, source: string): Statement | undefined {
  const start = cursor.place;
  const verb = cursor.next().value;
  const orAlter = cursor.take('OR', 'ALTER');
  if (!cursor.take('PROCEDURE') && !cursor.take('PROC')) {
    cursor.place = start;
    return undefined;
  }
  if (cursor.take('IF')) cursor.expect('EXISTS');
  let name = cursor.name();
  while (cursor.take('.')) name = cursor.name();
  if (verb === 'DROP') return { kind: 'procedure', name, source: '', does: 'drop' };
  const from = cursor.peek()?.start ?? source.length;
  cursor.place = cursor.tokens.length;
  return {
    kind: 'procedure',
    name,
    source: source.slice(from),
    does: verb === 'CREATE' && !orAlter ? 'create' : 'alter',
  };
}
