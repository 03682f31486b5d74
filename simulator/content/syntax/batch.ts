import { tokenize } from '../../model/sql/tokens.ts';
import { ContentProblem } from '../problem.ts';
import { parseChange } from './change.ts';
import { parseCondition } from './condition.ts';
import { parseControlFlow } from './control-flow.ts';
import { parseDefinition } from './definition.ts';
import { parseExecute } from './execute.ts';
import { parseQuery } from './query.ts';
import { Reader } from './reader.ts';
import { isReserved } from './reserved.ts';
import type { Definition, Statement } from './statements.ts';

const remembered = new Map<string, readonly Statement[]>();

/** The statements of a batch. Throws 102, 156 and their like: then nothing of it runs. */
export function parseBatch(sql: string): readonly Statement[] {
  const before = remembered.get(sql);
  if (before !== undefined) return before;
  const statements = asSyntaxError(() => {
    const reader = readerOf(sql);
    return parseAll(reader);
  });
  if (remembered.size > 2000) remembered.clear();
  remembered.set(sql, statements);
  return statements;
}

/** A reader of any T-SQL text, such as the expression of a default. */
export function readerOf(sql: string): Reader {
  return new Reader(tokenize(sql), sql, { query: parseQuery, condition: parseCondition, statement: parseStatement });
}

/** Runs a parse; its syntax errors get SQL Server's numbers. */
export function asSyntaxError<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw syntaxProblem(error.message);
  }
}

function syntaxProblem(near: string): ContentProblem {
  if (/^N?'/.test(near))
    return new ContentProblem(105, `Unclosed quotation mark after the character string '${near}'.`, 15);
  if (near === 'WITH…')
    return new ContentProblem(
      319,
      "Incorrect syntax near the keyword 'with'. If this statement is a common table expression, an xmlnamespaces clause or a change tracking context clause, the previous statement must be terminated with a semicolon.",
      15,
    );
  if (isReserved(near.toUpperCase()))
    return new ContentProblem(156, `Incorrect syntax near the keyword '${near.toUpperCase()}'.`, 15);
  return new ContentProblem(102, `Incorrect syntax near '${near}'.`, 15);
}

function parseAll(reader: Reader): Statement[] {
  const statements: Statement[] = [];
  for (;;) {
    while (reader.take(';'));
    if (reader.isDone) break;
    // A procedure may be called without EXEC where a batch begins.
    const first = reader.peek();
    if (statements.length === 0 && reader.place === 0 && isBareCall(reader)) {
      statements.push({ kind: 'execute', call: parseExecute(reader) });
      continue;
    }
    if (reader.sees('WITH') && reader.place > 0 && reader.peek(-1)?.text !== ';') throw new SyntaxError('WITH…');
    const statement = parseStatement(reader);
    requireAlone(statement, statements.length > 0, first?.value ?? '');
    statements.push(statement);
    if ((statement.kind === 'module' || statement.kind === 'create-schema') && !reader.isDone) while (reader.take(';'));
    if (statement.kind === 'module' && !reader.isDone) throw new SyntaxError(reader.peek()?.text ?? '');
  }
  return statements;
}

function isBareCall(reader: Reader): boolean {
  const token = reader.peek();
  if (token?.kind === 'quoted') return true;
  if (token?.kind !== 'word' || isReserved(token.value)) return false;
  return !['THROW', 'DISABLE', 'ENABLE'].includes(token.value) && reader.peek(1)?.text !== ':';
}

/** 111: what must stand first in its batch. */
function requireAlone(statement: Statement, hasBefore: boolean, verb: string): void {
  if (!hasBefore) return;
  if (statement.kind !== 'module' && statement.kind !== 'create-schema') return;
  const what = statement.kind === 'module' ? `${verb} ${statement.what.toUpperCase()}` : 'CREATE SCHEMA';
  throw new ContentProblem(111, `'${what}' must be the first statement in a query batch.`, 15);
}

function parseStatement(reader: Reader): Statement {
  const statement = parseControlFlow(reader) ?? parseChange(reader) ?? oneByOne(parseDefinition(reader));
  if (statement === undefined) throw new SyntaxError(reader.peek()?.text ?? 'end of statement');
  while (reader.take(';'));
  return statement;
}

/**
 * DROP with several names is as many statements: what can be dropped is gone, whatever is said of the others.
 * https://stackoverflow.com/questions/56622718
 */
function oneByOne(definition: Definition | undefined): Statement | undefined {
  if (definition?.kind !== 'drop' || definition.names.length === 1) return definition;
  return { kind: 'block', body: definition.names.map((name) => ({ ...definition, names: [name] })) };
}
