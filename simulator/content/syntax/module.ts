import { unknownSql } from '../problem.ts';
import type { Query } from './ast.ts';
import { parseExpression } from './expression.ts';
import { takeNameList, takeQualified, takeType, takeVariable } from './names.ts';
import { parseQuery } from './query.ts';
import type { Reader } from './reader.ts';
import type { Definition, ParameterSyntax, Statement } from './statements.ts';

/** Parses VIEW, PROCEDURE or FUNCTION after CREATE or ALTER, to the end of the batch; `undefined` when none is next. */
export function parseModule(
  reader: Reader,
  start: number,
  how: 'create' | 'alter' | 'create or alter',
): Definition | undefined {
  if (reader.take('VIEW')) return parseView(reader, start, how);
  if (reader.take('PROCEDURE') || reader.take('PROC')) return parseProcedure(reader, start, how);
  if (reader.take('FUNCTION')) return parseFunction(reader, start, how);
  return undefined;
}

type How = 'create' | 'alter' | 'create or alter';

function parseView(reader: Reader, start: number, how: How): Definition {
  const name = takeQualified(reader);
  const columns = takeNameList(reader);
  takeModuleOptions(reader);
  reader.expect('AS');
  const query = parseQuery(reader);
  if (reader.take('WITH')) {
    reader.expect('CHECK');
    reader.expect('OPTION');
  }
  const module = { text: reader.textFrom(start), columns, query, parameters: [], body: [], returns: undefined };
  return { kind: 'module', what: 'view', how, name, module };
}

function parseProcedure(reader: Reader, start: number, how: How): Definition {
  const name = takeQualified(reader);
  const isWrapped = reader.take('(');
  const parameters: ParameterSyntax[] = [];
  if (reader.peek()?.kind === 'variable') {
    do parameters.push(parseParameter(reader));
    while (reader.take(','));
  }
  if (isWrapped) reader.expect(')');
  takeModuleOptions(reader);
  reader.expect('AS');
  while (reader.take(';'));
  const body: Statement[] = [];
  while (!reader.isDone) body.push(reader.statement());
  const module = { text: reader.textFrom(start), columns: [], query: undefined, parameters, body, returns: undefined };
  return { kind: 'module', what: 'procedure', how, name, module };
}

/** A scalar function with its body, or a table-valued one that is a query. */
function parseFunction(reader: Reader, start: number, how: How): Definition {
  const name = takeQualified(reader);
  reader.expect('(');
  const parameters: ParameterSyntax[] = [];
  if (!reader.sees(')')) {
    do parameters.push(parseParameter(reader));
    while (reader.take(','));
  }
  reader.expect(')');
  reader.expect('RETURNS');
  if (reader.peek()?.kind === 'variable') throw unknownSql('a function that returns a table variable');
  const returns = reader.take('TABLE') ? undefined : takeType(reader);
  takeModuleOptions(reader);
  reader.take('AS');
  let query: Query | undefined;
  let body: readonly Statement[] = [];
  if (returns === undefined) {
    reader.expect('RETURN');
    const isWrapped = reader.take('(');
    query = parseQuery(reader);
    if (isWrapped) reader.expect(')');
    reader.take(';');
  } else body = [reader.statement()];
  const module = { text: reader.textFrom(start), columns: [], query, parameters, body, returns };
  return { kind: 'module', what: 'function', how, name, module };
}

function parseParameter(reader: Reader): ParameterSyntax {
  const name = takeVariable(reader);
  reader.take('AS');
  const type = takeType(reader);
  reader.take('NULL');
  const byDefault = reader.take('=') ? parseExpression(reader) : undefined;
  const isOutput = reader.take('OUTPUT') || reader.take('OUT');
  if (reader.sees('READONLY')) throw unknownSql('table-valued parameters');
  return { name, type, default: byDefault, isOutput };
}

/** `@a int, @b nvarchar(10) OUTPUT`, as sp_executesql declares parameters. */
export function parseParameterList(reader: Reader): ParameterSyntax[] {
  const parameters: ParameterSyntax[] = [];
  if (reader.isDone) return parameters;
  do parameters.push(parseParameter(reader));
  while (reader.take(','));
  if (!reader.isDone) throw new SyntaxError(reader.peek()?.text ?? '');
  return parameters;
}

function takeModuleOptions(reader: Reader): void {
  if (!reader.take('WITH')) return;
  do {
    const word = reader.next().value;
    if (!['SCHEMABINDING', 'RECOMPILE', 'ENCRYPTION', 'VIEW_METADATA'].includes(word)) throw unknownSql(`WITH ${word}`);
  } while (reader.take(','));
}
