import type { Token } from '../model/sql/tokens.ts';
import { splitAtCommas } from './batch.ts';
import { catalogView } from './catalog.ts';
import { unknownSql } from './problem.ts';
import { castTo } from './types.ts';

/** Functions that only change their name. */
const RENAMED: Record<string, string> = {
  ISNULL: 'ifnull',
  LEN: '_len',
  CHARINDEX: '_charindex',
  SUBSTRING: 'substr',
  LEFT: '_left',
  RIGHT: '_right',
  REPLICATE: '_replicate',
  DATALENGTH: '_datalength',
  GETUTCDATE: '_now',
  GETDATE: '_now',
  SYSUTCDATETIME: '_now',
  SYSDATETIME: '_now',
  NEWID: '_newid',
  NEWSEQUENTIALID: '_newid',
  RAND: '_rand',
  DB_NAME: '_db_name',
  ORIGINAL_LOGIN: '_login',
  SUSER_SNAME: '_login',
  SUSER_NAME: '_login',
  USER_NAME: '_user',
  HOST_NAME: '_host',
  APP_NAME: '_app',
  CEILING: 'ceil',
  LOG: 'ln',
  STRING_AGG: 'group_concat',
  JSON_VALUE: 'json_extract',
  QUOTENAME: '_quotename',
  HASHBYTES: '_hash',
  COUNT_BIG: 'count',
  UNICODE: 'unicode',
  NCHAR: 'char',
  POWER: 'pow',
};
const KEPT = new Set([
  'COUNT',
  'SUM',
  'MIN',
  'MAX',
  'AVG',
  'ABS',
  'ROUND',
  'FLOOR',
  'COALESCE',
  'NULLIF',
  'UPPER',
  'LOWER',
  'LTRIM',
  'RTRIM',
  'TRIM',
  'REPLACE',
  'CONCAT',
  'CONCAT_WS',
  'IIF',
  'SIGN',
  'SQRT',
  'EXP',
  'ROW_NUMBER',
  'RANK',
  'DENSE_RANK',
  'LAG',
  'LEAD',
  'FIRST_VALUE',
  'LAST_VALUE',
  'NTILE',
  'CHAR',
]);
/** Words before a parenthesis that are no functions. */
const NOT_CALLED = new Set([
  'IN',
  'VALUES',
  'AND',
  'OR',
  'NOT',
  'EXISTS',
  'ON',
  'AS',
  'BY',
  'OVER',
  'WHERE',
  'SELECT',
  'FROM',
  'JOIN',
  'UNION',
  'ALL',
  'TOP',
  'THEN',
  'ELSE',
  'WHEN',
  'SET',
  'LIKE',
  'BETWEEN',
  'IS',
  'HAVING',
  'INTO',
  'APPLY',
  'USING',
  'EXCEPT',
  'INTERSECT',
  'DISTINCT',
  'PARTITION',
  'DEFAULT',
  'CHECK',
  'KEY',
  'REFERENCES',
  'UNIQUE',
  'INCLUDE',
  'CLUSTERED',
  'NONCLUSTERED',
  'OFFSET',
  'NEXT',
  'FETCH',
  'ESCAPE',
  'ANY',
  'SOME',
  'INSERT',
  'CASE',
  'RETURNING',
  'LIMIT',
  'WITH',
  'OPTION',
]);
const TEXT_FUNCTIONS = new Set([
  'CONCAT',
  'UPPER',
  'LOWER',
  'LTRIM',
  'RTRIM',
  'TRIM',
  'REPLACE',
  'SUBSTRING',
  'LEFT',
  'RIGHT',
  'REPLICATE',
  'QUOTENAME',
  'DB_NAME',
  'STRING_AGG',
  'HOST_NAME',
  'APP_NAME',
]);
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
        out.push(call(token, inner));
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

function call(token: Token, inner: readonly Token[]): string {
  const name = token.value;
  const args = splitAtCommas(inner);
  const arg = (place: number) => query(args[place] ?? []);
  if (name === 'CAST' || name === 'TRY_CAST') {
    const as = inner.findLastIndex((one) => one.kind === 'word' && one.value === 'AS');
    return castTo(inner.slice(as + 1), query(inner.slice(0, as)), undefined);
  }
  if (name === 'CONVERT' || name === 'TRY_CONVERT') return castTo(args[0] ?? [], arg(1), args[2] && arg(2));
  if (name === 'DATEADD' || name === 'DATEDIFF' || name === 'DATEPART') {
    return `_${name.toLowerCase()}('${args[0]?.[0]?.text.toLowerCase()}', ${args
      .slice(1)
      .map((one) => query(one))
      .join(', ')})`;
  }
  if (name === 'YEAR' || name === 'MONTH' || name === 'DAY') return `_datepart('${name.toLowerCase()}', ${arg(0)})`;
  if (name === 'SCOPE_IDENTITY' || name === 'IDENT_CURRENT') return "_global('IDENTITY')";
  if (/^ERROR_(NUMBER|MESSAGE|SEVERITY|STATE|LINE|PROCEDURE)$/.test(name)) return `_global('${name}')`;
  if (name === 'XACT_STATE') return "_global('XACT_STATE')";
  if (name === 'OBJECT_ID')
    return `(SELECT object_id FROM sys_objects WHERE name = _bare_name(${arg(0)}) COLLATE NOCASE)`;
  if (name === 'OBJECT_NAME') return `(SELECT name FROM sys_objects WHERE object_id = ${arg(0)})`;
  if (name === 'SCHEMA_ID') return '1';
  if (name === 'SCHEMA_NAME') return "'dbo'";
  if (name === 'TYPE_NAME') return arg(0);
  if (name === 'COL_LENGTH')
    return `(SELECT max_length FROM sys_columns WHERE object_id = _object_id(${arg(0)}) AND name = ${arg(1)} COLLATE NOCASE)`;
  if (name === 'COLUMNPROPERTY')
    return `(SELECT 1 FROM sys_columns WHERE object_id = ${arg(0)} AND name = ${arg(1)} COLLATE NOCASE)`;
  const renamed = RENAMED[name];
  if (renamed !== undefined) return `${renamed}(${query(inner)})`;
  if (!KEPT.has(name)) throw unknownSql(`the function ${token.text}`);
  return `${name}(${query(inner)})`;
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
