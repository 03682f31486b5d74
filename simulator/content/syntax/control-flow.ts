import { unknownSql } from '../problem.ts';
import type { Expression } from './ast.ts';
import { parseCondition } from './condition.ts';
import { parseExecute } from './execute.ts';
import { parseExpression } from './expression.ts';
import { isName, takeName, takeQualified, takeType, takeVariable } from './names.ts';
import { parseQuery } from './query.ts';
import type { Reader } from './reader.ts';
import type { Statement } from './statements.ts';
import { parseTableParts } from './table.ts';

/** Parses a statement that steers the batch; `undefined` when none begins here. */
export function parseControlFlow(reader: Reader): Statement | undefined {
  if (reader.sees('BEGIN')) return parseBegin(reader);
  if (reader.take('IF')) return parseIf(reader);
  if (reader.take('WHILE')) return { kind: 'while', condition: parseCondition(reader), body: reader.statement() };
  if (reader.take('DECLARE')) return parseDeclare(reader);
  if (reader.take('SET')) return parseSet(reader);
  if (reader.take('COMMIT')) return transaction(reader, 'commit');
  if (reader.take('ROLLBACK')) return transaction(reader, 'rollback');
  if (reader.take('SAVE')) return transaction(reader, 'save');
  if (reader.take('PRINT')) return { kind: 'print', value: parseExpression(reader) };
  if (reader.take('RAISERROR')) return parseRaiserror(reader);
  if (reader.take('THROW')) return parseThrow(reader);
  if (reader.take('EXEC') || reader.take('EXECUTE')) {
    if (reader.sees('AS')) throw unknownSql('EXECUTE AS');
    return { kind: 'execute', call: parseExecute(reader) };
  }
  if (reader.take('BREAK')) return { kind: 'jump', to: 'break' };
  if (reader.take('CONTINUE')) return { kind: 'jump', to: 'continue' };
  if (reader.take('RETURN'))
    return { kind: 'return', value: startsValue(reader) ? parseExpression(reader) : undefined };
  if (reader.take('USE')) return { kind: 'use', database: takeName(reader) };
  for (const does of ['OPEN', 'CLOSE', 'DEALLOCATE'] as const) {
    if (!reader.take(does)) continue;
    return { kind: 'cursor', does, name: cursorName(reader) };
  }
  if (reader.take('FETCH')) return parseFetch(reader);
  if (reader.take('DBCC', 'CHECKIDENT')) return parseCheckIdentity(reader);
  for (const word of ['GOTO', 'WAITFOR', 'DBCC', 'BULK', 'REVERT', 'KILL', 'GRANT', 'REVOKE', 'DENY'])
    if (reader.sees(word)) throw unknownSql(word);
  if (isName(reader.peek()) && reader.peek(1)?.text === ':' && reader.peek(2)?.text !== ':') throw unknownSql('labels');
  return undefined;
}

function parseBegin(reader: Reader): Statement {
  reader.expect('BEGIN');
  if (reader.take('TRY')) {
    const body = parseUntilEnd(reader, 'TRY');
    reader.take(';');
    reader.expect('BEGIN');
    reader.expect('CATCH');
    return { kind: 'try', body, handler: parseUntilEnd(reader, 'CATCH') };
  }
  if (reader.sees('TRAN') || reader.sees('TRANSACTION')) return transaction(reader, 'begin');
  if (reader.sees('DISTRIBUTED')) throw unknownSql('BEGIN DISTRIBUTED TRANSACTION');
  reader.take(';');
  const body: Statement[] = [];
  do body.push(reader.statement());
  while (!reader.take('END'));
  return { kind: 'block', body };
}

function parseUntilEnd(reader: Reader, what: string): Statement[] {
  while (reader.take(';'));
  const body: Statement[] = [];
  while (!reader.take('END', what)) body.push(reader.statement());
  return body;
}

function parseIf(reader: Reader): Statement {
  const condition = parseCondition(reader);
  const then = reader.statement();
  return { kind: 'if', condition, then, otherwise: reader.take('ELSE') ? reader.statement() : undefined };
}

function parseDeclare(reader: Reader): Statement {
  const declared: Statement[] = [];
  if (isName(reader.peek())) return parseCursor(reader);
  do {
    const name = takeVariable(reader);
    if (reader.peek()?.value === 'CURSOR') throw unknownSql('cursor variables');
    reader.take('AS');
    if (reader.take('TABLE')) declared.push({ kind: 'declare-table', name, table: parseTableParts(reader) });
    else
      declared.push({
        kind: 'declare',
        name,
        type: takeType(reader),
        value: reader.take('=') ? parseExpression(reader) : undefined,
      });
  } while (reader.take(','));
  return declared.length === 1 ? (declared[0] as Statement) : { kind: 'block', body: declared };
}

function parseCursor(reader: Reader): Statement {
  const name = takeName(reader);
  while (!reader.take('CURSOR')) reader.next();
  while (!reader.take('FOR')) reader.next();
  const query = parseQuery(reader);
  if (reader.take('FOR')) while (!reader.isDone && !reader.sees(';')) reader.next();
  return { kind: 'declare-cursor', name: name.toLowerCase(), query };
}

function cursorName(reader: Reader): string {
  return takeName(reader).toLowerCase();
}

function parseFetch(reader: Reader): Statement {
  if (reader.take('NEXT')) reader.expect('FROM');
  else if (!reader.take('FROM') && !isName(reader.peek())) throw unknownSql(`FETCH ${reader.peek()?.value}`);
  const name = cursorName(reader);
  const into: string[] = [];
  if (reader.take('INTO')) {
    do into.push(takeVariable(reader));
    while (reader.take(','));
  }
  return { kind: 'fetch', name, into };
}

/** `DBCC CHECKIDENT ('t', RESEED, 10) WITH NO_INFOMSGS`. */
function parseCheckIdentity(reader: Reader): Statement {
  reader.expect('(');
  const named = isName(reader.peek())
    ? takeQualified(reader)
        .map((part) => `[${part}]`)
        .join('.')
    : undefined;
  const table =
    named === undefined ? parseExpression(reader) : { kind: 'string' as const, value: named, isUnicode: true };
  let reseed: { value: Expression | undefined } | undefined;
  if (reader.take(',') && !reader.take('NORESEED')) {
    reader.expect('RESEED');
    reseed = { value: reader.take(',') ? parseExpression(reader) : undefined };
  }
  reader.expect(')');
  if (reader.take('WITH')) reader.expect('NO_INFOMSGS');
  return { kind: 'check-identity', table, reseed };
}

function parseSet(reader: Reader): Statement {
  const first = reader.peek();
  if (first?.kind === 'variable') {
    const name = takeVariable(reader);
    const operator = reader.next().text;
    if (!/^[-+*/%&|^]?=$/.test(operator)) throw new SyntaxError(operator);
    return { kind: 'set', name, operator, value: parseExpression(reader) };
  }
  if (reader.take('TRANSACTION')) {
    reader.expect('ISOLATION');
    reader.expect('LEVEL');
    reader.next();
    if (!reader.take('COMMITTED') && !reader.take('UNCOMMITTED')) reader.take('READ');
    return { kind: 'nothing' };
  }
  if (reader.take('IDENTITY_INSERT')) {
    const table = takeQualified(reader);
    return { kind: 'option', name: 'IDENTITY_INSERT', value: reader.next().value, table };
  }
  const names = [reader.next().value];
  while (reader.take(',')) names.push(reader.next().value);
  const isNegative = reader.take('-');
  const value = `${isNegative ? '-' : ''}${reader.next().value}`;
  const options = names.map((name): Statement => ({ kind: 'option', name, value, table: undefined }));
  return options.length === 1 ? (options[0] as Statement) : { kind: 'block', body: options };
}

function transaction(reader: Reader, does: 'begin' | 'commit' | 'rollback' | 'save'): Statement {
  if (!reader.take('TRANSACTION') && !reader.take('TRAN')) reader.take('WORK');
  const token = reader.peek();
  const name = token?.kind === 'variable' || isName(token) ? reader.next().value : '';
  if (does === 'begin' && reader.take('WITH')) throw unknownSql('BEGIN TRANSACTION … WITH MARK');
  if (does === 'commit' && reader.sees('WITH')) throw unknownSql('COMMIT … WITH');
  return { kind: 'transaction', does, name: name.toLowerCase() };
}

function parseRaiserror(reader: Reader): Statement {
  reader.expect('(');
  const args = [parseExpression(reader)];
  while (reader.take(',')) args.push(parseExpression(reader));
  reader.expect(')');
  const options: string[] = [];
  if (reader.take('WITH')) {
    do options.push(reader.next().value);
    while (reader.take(','));
  }
  return { kind: 'raiserror', args, options };
}

function parseThrow(reader: Reader): Statement {
  if (!startsValue(reader)) return { kind: 'throw', args: [] };
  const args = [parseExpression(reader)];
  while (reader.take(',')) args.push(parseExpression(reader));
  return { kind: 'throw', args };
}

/** Whether a value can begin here, rather than the next statement. */
function startsValue(reader: Reader): boolean {
  const token = reader.peek();
  if (token === undefined) return false;
  if (token.kind === 'word') return token.value === 'NULL' || (reader.peek(1)?.text === '(' && isName(token));
  return token.kind !== 'symbol' || ['(', '-', '+', '~'].includes(token.text);
}
