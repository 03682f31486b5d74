import type { Token } from '../model/sql/tokens.ts';
import { translateCall } from './calls.ts';
import { catalogView } from './catalog.ts';
import { NOT_CALLED, TEXT_FUNCTIONS } from './function-names.ts';
import { unknownSql } from './problem.ts';

const RENAMED_WORDS: Record<string, string> = {
  CURRENT_TIMESTAMP: '_now()',
  CURRENT_USER: '_user()',
  SESSION_USER: '_user()',
  SYSTEM_USER: '_login()',
};

/** Translates tokens of a query or an expression to SQLite: names, literals, functions, TOP, hints, paging. */
export function translate(tokens: readonly Token[]): string {
  return query(tokens).trim();
}

/** Text for SQLite of a name. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** One level of a query: what stands in parentheses is translated by itself. */
function query(tokens: readonly Token[]): string {
  const out: string[] = [];
  let limit = '';
  const isConcatenation = plusMeansText(tokens);
  for (let place = 0; place < tokens.length; place += 1) {
    const token = tokens[place];
    if (token === undefined) break;
    const next = tokens[place + 1];
    if (token.kind === 'word' && next?.text === '(' && token.value !== 'TOP') {
      const end = closing(tokens, place + 1);
      const inner = tokens.slice(place + 2, end);
      if (token.value === 'OPTION' || (token.value === 'WITH' && isHint(inner))) {
        place = end;
        continue;
      }
      if (!NOT_CALLED.has(token.value) && isCallable(token, tokens[place - 1])) {
        out.push(translateCall(token, inner));
        place = end;
        continue;
      }
    }
    if (token.kind === 'symbol' && token.text === '(') {
      const end = closing(tokens, place);
      out.push(`(${query(tokens.slice(place + 1, end))})`);
      place = end;
    } else if (token.kind === 'word' && token.value === 'TOP') {
      const end = next?.text === '(' ? closing(tokens, place + 1) : place + 1;
      limit = ` LIMIT ${query(next?.text === '(' ? tokens.slice(place + 2, end) : [next as Token])}`;
      place = end;
      const after = tokens[place + 1]?.value;
      if (after === 'PERCENT' || (after === 'WITH' && tokens[place + 2]?.value === 'TIES'))
        throw unknownSql(`TOP … ${after}`);
    } else if (
      token.kind === 'word' &&
      token.value === 'OFFSET' &&
      tokens.slice(place).some((one) => one.value === 'ROWS' || one.value === 'ROW')
    ) {
      const page = paging(tokens.slice(place));
      limit = page.text;
      place += page.length - 1;
    } else if (token.kind === 'word' && ['UNION', 'EXCEPT', 'INTERSECT'].includes(token.value) && limit !== '') {
      throw unknownSql(`TOP inside ${token.value}`);
    } else if (token.kind === 'symbol' && token.text === '+' && isConcatenation) out.push('||');
    else {
      const name = schemaName(tokens, place);
      if (name === undefined) out.push(word(token, next));
      else {
        out.push(name.text);
        place += name.length - 1;
      }
    }
  }
  return join(out) + limit;
}

/** `dbo.X` and catalog views such as `sys.tables`; `undefined` when no such name begins here. */
function schemaName(tokens: readonly Token[], place: number): { text: string; length: number } | undefined {
  const [schema, dot, name] = [tokens[place], tokens[place + 1], tokens[place + 2]];
  if (schema === undefined || name === undefined || dot?.text !== '.' || tokens[place - 1]?.text === '.')
    return undefined;
  if (schema.kind !== 'word' && schema.kind !== 'quoted') return undefined;
  const written = (token: Token) => (token.kind === 'word' ? token.text : token.value);
  const view = catalogView(`${written(schema)}.${written(name)}`);
  if (view !== undefined) return { text: view, length: 3 };
  if (written(schema).toLowerCase() === 'sys') throw unknownSql(`the view sys.${written(name)}`);
  if (written(schema).toLowerCase() !== 'dbo') return undefined;
  return { text: quoteName(written(name)), length: 3 };
}

function word(token: Token, next: Token | undefined): string {
  switch (token.kind) {
    case 'quoted':
      return quoteName(token.value);
    case 'string':
      return `'${token.value.replaceAll("'", "''")}'`;
    case 'number':
      return token.text.toLowerCase().startsWith('0x') ? `x'${token.text.slice(2)}'` : token.text;
    case 'variable':
      return token.value.startsWith('@')
        ? `_global('${token.value.slice(1).toUpperCase()}')`
        : `@${token.value.toLowerCase()}`;
    case 'symbol':
      return token.text;
    case 'word':
      if (token.text.startsWith('#')) return quoteName(token.text);
      if (token.value === 'LIMIT' || token.value === 'INDEXED' || token.value === 'NOTNULL')
        return quoteName(token.text);
      return next?.text === '.' ? token.text : (RENAMED_WORDS[token.value] ?? token.text);
  }
}

/** A function, unless the name before the parenthesis is a table with its columns (`INSERT INTO t (…)`). */
function isCallable(token: Token, before: Token | undefined): boolean {
  if (
    before?.kind === 'word' &&
    ['INTO', 'INSERT', 'TABLE', 'JOIN', 'FROM', 'REFERENCES', 'AS', 'WITH'].includes(before.value)
  )
    return false;
  return token.kind === 'word' && before?.text !== '.';
}

/** `OFFSET n ROWS [FETCH NEXT m ROWS ONLY]`. */
function paging(tokens: readonly Token[]): { text: string; length: number } {
  const rows = tokens.findIndex((token) => token.value === 'ROWS' || token.value === 'ROW');
  const offset = query(tokens.slice(1, rows));
  if (tokens[rows + 1]?.value !== 'FETCH') return { text: ` LIMIT -1 OFFSET ${offset}`, length: rows + 1 };
  const only = tokens.findIndex((token) => token.value === 'ONLY');
  return { text: ` LIMIT ${query(tokens.slice(rows + 3, only - 1))} OFFSET ${offset}`, length: only + 1 };
}

const HINTS = new Set([
  'NOLOCK',
  'UPDLOCK',
  'HOLDLOCK',
  'ROWLOCK',
  'TABLOCK',
  'TABLOCKX',
  'XLOCK',
  'READPAST',
  'SERIALIZABLE',
  'READCOMMITTED',
  'READUNCOMMITTED',
  'REPEATABLEREAD',
  'PAGLOCK',
  'NOWAIT',
  'INDEX',
  'FORCESEEK',
]);

function isHint(tokens: readonly Token[]): boolean {
  return tokens[0]?.kind === 'word' && HINTS.has(tokens[0].value);
}

/**
 * `+` joins text when text is seen beside it: a string, a conversion to text, a function that makes text.
 * Two columns or parameters alone cannot be told apart from numbers here; CONCAT can.
 */
function plusMeansText(tokens: readonly Token[]): boolean {
  let depth = 0;
  return tokens.some((token, place) => {
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (depth !== 0) return false;
    const isBeside = tokens[place - 1]?.text === '+' || tokens[place + 1]?.text === '+';
    if (token.kind === 'string') return isBeside;
    if (token.kind !== 'word' || tokens[place + 1]?.text !== '(') return false;
    const after = tokens[closing(tokens, place + 1) + 1]?.text;
    if (after !== '+' && tokens[place - 1]?.text !== '+') return false;
    if (TEXT_FUNCTIONS.has(token.value)) return true;
    return (
      ['CAST', 'CONVERT'].includes(token.value) &&
      tokens.slice(place, closing(tokens, place + 1)).some((one) => /CHAR$/.test(one.value) && one.kind === 'word')
    );
  });
}

/** The place of the parenthesis that closes the one at `open`. */
export function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let place = open; place < tokens.length; place += 1) {
    if (tokens[place]?.kind !== 'symbol') continue;
    if (tokens[place]?.text === '(') depth += 1;
    if (tokens[place]?.text === ')' && --depth === 0) return place;
  }
  throw new SyntaxError('(');
}

function join(parts: readonly string[]): string {
  return parts.join(' ').replaceAll(' . ', '.');
}
