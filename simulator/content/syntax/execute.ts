import { parseExpression } from './expression.ts';
import { takeQualified, takeVariable } from './names.ts';
import type { Reader } from './reader.ts';
import { isReserved } from './reserved.ts';
import type { Argument, Execute } from './statements.ts';

/** What stands after EXEC: a procedure with its arguments, or text in parentheses. */
export function parseExecute(reader: Reader): Execute {
  if (reader.take('(')) {
    const text = parseExpression(reader);
    reader.expect(')');
    return { kind: 'text', text };
  }
  let result: string | undefined;
  if (reader.peek()?.kind === 'variable' && reader.peek(1)?.text === '=') {
    result = takeVariable(reader);
    reader.expect('=');
  }
  const name = takeQualified(reader);
  const args: Argument[] = [];
  if (!isEnd(reader)) {
    do args.push(parseArgument(reader));
    while (reader.take(','));
  }
  if (reader.take('WITH')) {
    reader.expect('RECOMPILE');
  }
  return { kind: 'procedure', name, result, args };
}

function isEnd(reader: Reader): boolean {
  const token = reader.peek();
  if (token === undefined || token.text === ';' || token.text === ')') return true;
  if (token.kind !== 'word' || token.value === 'NULL' || token.value === 'DEFAULT') return false;
  return isReserved(token.value) || token.value === 'THROW';
}

function parseArgument(reader: Reader): Argument {
  const isNamed = reader.peek()?.kind === 'variable' && reader.peek(1)?.text === '=';
  const name = isNamed ? takeVariable(reader) : undefined;
  if (isNamed) reader.expect('=');
  const token = reader.peek();
  // A bare word stands for its text: EXEC sp_rename a, b.
  const isBare = token?.kind === 'quoted' || (token?.kind === 'word' && !isReserved(token.value));
  const value = isBare ? { kind: 'string' as const, value: reader.name(), isUnicode: true } : parseExpression(reader);
  return { name, value, isOutput: reader.take('OUTPUT') || reader.take('OUT') };
}
