import type { Cursor, Token } from '../model/sql/tokens.ts';

/** Words that begin a statement. */
export const STARTS = new Set([
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'MERGE',
  'CREATE',
  'ALTER',
  'DROP',
  'TRUNCATE',
  'WITH',
  'IF',
  'WHILE',
  'BEGIN',
  'END',
  'ELSE',
  'DECLARE',
  'SET',
  'PRINT',
  'THROW',
  'RAISERROR',
  'EXEC',
  'EXECUTE',
  'COMMIT',
  'ROLLBACK',
  'SAVE',
  'BREAK',
  'CONTINUE',
  'RETURN',
  'USE',
  'GRANT',
  'REVOKE',
  'DENY',
  'KILL',
  'WAITFOR',
  'GO',
  'BACKUP',
  'RESTORE',
  'DBCC',
  'OPEN',
  'FETCH',
  'CLOSE',
  'DEALLOCATE',
  'GOTO',
]);

/** Tokens of an expression: to a semicolon, a comma when `endsAtComma`, or a word that begins a statement. */
export function takeExpression(cursor: Cursor, endsAtComma = false): Token[] {
  const taken: Token[] = [];
  let depth = 0;
  let cases = 0;
  for (let token = cursor.peek(); token !== undefined; token = cursor.peek()) {
    if (token.kind === 'symbol' && token.text === '(') depth += 1;
    if (token.kind === 'symbol' && token.text === ')') depth -= 1;
    if (depth <= 0) {
      if (token.kind === 'symbol' && (token.text === ';' || (endsAtComma && token.text === ','))) return taken;
      if (token.kind === 'word' && token.value === 'CASE') cases += 1;
      else if (token.kind === 'word' && cases > 0 && token.value === 'END') cases -= 1;
      else if (token.kind === 'word' && cases === 0 && STARTS.has(token.value)) return taken;
    }
    taken.push(cursor.next());
  }
  return taken;
}

/** Tokens of a statement of SQL: to a semicolon, or a word that begins another statement and does not continue this one. */
export function takeUntilNext(cursor: Cursor): Token[] {
  const first = cursor.next();
  const taken = [first];
  let head = first.value;
  let depth = 0;
  let cases = 0;
  let isFed = false; // an INSERT, or a WITH, has found its SELECT
  for (let token = cursor.peek(); token !== undefined; token = cursor.peek()) {
    if (token.kind === 'symbol' && token.text === '(') depth += 1;
    if (token.kind === 'symbol' && token.text === ')') depth -= 1;
    if (depth === 0 && token.kind === 'symbol' && token.text === ';') return taken;
    if (depth === 0 && token.kind === 'word') {
      if (token.value === 'CASE') cases += 1;
      else if (cases > 0 && token.value === 'END') cases -= 1;
      else if (cases === 0 && STARTS.has(token.value)) {
        const before = taken.at(-1)?.value ?? '';
        if (token.value === 'SELECT' && ['UNION', 'ALL', 'EXCEPT', 'INTERSECT'].includes(before)) isFed = true;
        else if (head === 'WITH' && !isFed && ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(token.value)) {
          head = token.value;
          isFed = head === 'SELECT';
        } else if (head === 'INSERT' && !isFed && ['SELECT', 'WITH', 'EXEC', 'EXECUTE'].includes(token.value))
          isFed = true;
        else if (!continues(head, token.value, before, taken)) return taken;
      }
    }
    taken.push(cursor.next());
  }
  return taken;
}

function continues(head: string, word: string, before: string, taken: readonly Token[]): boolean {
  if (head === 'UPDATE' && word === 'SET') return !taken.some((token) => token.value === 'SET');
  if (word === 'WITH') return true; // hints and options
  if (word === 'FETCH') return before === 'ROWS' || before === 'ROW'; // paging
  const object = taken[1]?.value ?? '';
  if (head === 'CREATE' && (object === 'VIEW' || object === 'TRIGGER' || object === 'OR')) return true;
  if (head === 'CREATE' || head === 'ALTER') {
    if (before === 'ON' && (word === 'DELETE' || word === 'UPDATE')) return true; // foreign keys
    if (word === 'SET' && ['DELETE', 'UPDATE'].includes(before)) return true;
  }
  return (
    head === 'ALTER' &&
    ['ALTER', 'DROP', 'SET'].includes(word) &&
    !taken.some((token, place) => place > 0 && ['ADD', 'DROP', 'ALTER'].includes(token.value))
  );
}

/** Splits tokens at commas outside parentheses. */
export function splitAtCommas(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'symbol' && token.text === '(') depth += 1;
    if (token.kind === 'symbol' && token.text === ')') depth -= 1;
    if (token.kind === 'symbol' && token.text === ',' && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}
