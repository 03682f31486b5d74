import type { Cursor, Token } from '../../model/sql/tokens.ts';
import type { Name, TypeSyntax } from './ast.ts';
import { isReserved } from './reserved.ts';

/** Whether a token can be a name: quoted, or a word that is not reserved. */
export function isName(token: Token | undefined): boolean {
  return token?.kind === 'quoted' || (token?.kind === 'word' && !isReserved(token.value));
}

/** The next token as a name. */
export function takeName(cursor: Cursor): string {
  const token = cursor.peek();
  if (!isName(token)) throw new SyntaxError(token?.text ?? 'end of statement');
  return cursor.name();
}

/** `a`, `dbo.a`, `db.dbo.a`, `db..a`. */
export function takeQualified(cursor: Cursor): Name {
  const parts = [takeName(cursor)];
  while (cursor.take('.')) parts.push(cursor.sees('.') ? '' : takePart(cursor));
  return parts;
}

/** After a dot a reserved word may stand. */
function takePart(cursor: Cursor): string {
  const token = cursor.peek();
  return token?.kind === 'word' ? cursor.next().text : takeName(cursor);
}

export function takeVariable(cursor: Cursor): string {
  const token = cursor.next();
  if (token.kind !== 'variable' || token.value.startsWith('@')) throw new SyntaxError(token.text);
  return token.value.toLowerCase();
}

/** `(a, b)`; empty when no parenthesis is next. */
export function takeNameList(cursor: Cursor): string[] {
  if (!cursor.take('(')) return [];
  const names: string[] = [];
  do names.push(takeQualified(cursor).at(-1) ?? '');
  while (cursor.take(','));
  cursor.expect(')');
  return names;
}

export function takeType(cursor: Cursor): TypeSyntax {
  const first = takeTypeWord(cursor);
  const second = cursor.take('.') ? cursor.name().toLowerCase() : undefined;
  const name = second ?? first;
  const args: number[] = [];
  if (cursor.sees('(')) {
    cursor.next();
    do {
      if (cursor.take('MAX')) args.push(-1);
      else {
        const token = cursor.next();
        if (token.kind !== 'number') throw new SyntaxError(token.text);
        args.push(Number(token.text));
      }
    } while (cursor.take(','));
    cursor.expect(')');
  }
  return { name, args, schema: second === undefined ? undefined : first };
}

/** A type's first word, several of which standard SQL writes as two or three. */
function takeTypeWord(cursor: Cursor): string {
  if (cursor.take('DOUBLE')) {
    cursor.expect('PRECISION');
    return 'float';
  }
  const isNational = cursor.take('NATIONAL');
  const name = cursor.name().toLowerCase();
  const isVarying = /^(n?char|character|binary)$/.test(name) && cursor.take('VARYING');
  const base = name === 'character' ? 'char' : name;
  return `${isNational ? 'n' : ''}${isVarying ? base.replace(/(char|binary)$/, 'var$1') : base}`;
}

/** A whole number, perhaps with a sign. */
export function takeInteger(cursor: Cursor): bigint {
  const isNegative = cursor.take('-');
  if (!isNegative) cursor.take('+');
  const token = cursor.next();
  if (token.kind !== 'number' || !/^\d+$/.test(token.text)) throw new SyntaxError(token.text);
  return isNegative ? -BigInt(token.text) : BigInt(token.text);
}

/** Skips what stands in parentheses, the first of which is next. */
export function skipParentheses(cursor: Cursor): void {
  let depth = 0;
  do {
    const token = cursor.next();
    if (token.kind === 'symbol' && token.text === '(') depth += 1;
    if (token.kind === 'symbol' && token.text === ')') depth -= 1;
  } while (depth > 0);
}
