import type { Token } from '../model/sql/tokens.ts';
import { createSchema } from './ddl.ts';
import { unknownSql } from './problem.ts';
import { splitAtCommas } from './statement-end.ts';
import { closing, quoteName, translate } from './translate.ts';

/** One statement for SQLite. */
export interface Step {
  readonly sql: string;
  readonly does: 'read' | 'write' | 'schema';
  /** Whether it answers rows. */
  readonly returns: boolean;
  /** Variables that the columns of its last row are assigned to. */
  readonly assigns?: readonly string[];
  /** It touches tables that only this session has. */
  readonly isTemporary: boolean;
}

/** Builds SQLite steps from a T-SQL statement; `tableSql` gives the CREATE statement of a table that is to be changed. */
export function planStatement(tokens: readonly Token[], tableSql: (table: string) => string | undefined): Step[] {
  const isTemporary = tokens.some(
    (token) => (token.kind === 'word' || token.kind === 'quoted') && token.value.startsWith('#'),
  );
  const first = tokens[0]?.value;
  if (first === 'CREATE' || first === 'ALTER' || first === 'DROP' || first === 'TRUNCATE') {
    return createSchema(tokens, tableSql).map((sql) => ({ sql, does: 'schema', returns: false, isTemporary }));
  }
  const main = first === 'WITH' ? mainVerb(tokens) : 0;
  const prefix = main === 0 ? '' : `${translate(tokens.slice(0, main))} `;
  const rest = tokens.slice(main);
  switch (rest[0]?.value) {
    case 'SELECT':
      return [planSelect(prefix, rest, isTemporary)];
    case 'INSERT':
      return [{ ...planInsert(prefix, rest), does: 'write', isTemporary }];
    case 'UPDATE':
      return [{ ...planUpdate(prefix, rest), does: 'write', isTemporary }];
    case 'DELETE':
      return [{ ...planDelete(prefix, rest), does: 'write', isTemporary }];
    default:
      throw unknownSql(String(rest[0]?.text));
  }
}

/** Where the verb after `WITH a AS (…), b AS (…)` stands. */
function mainVerb(tokens: readonly Token[]): number {
  const place = clause(tokens, 1, ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE']);
  if (place < 0) throw new SyntaxError('WITH');
  return place;
}

function planSelect(prefix: string, tokens: readonly Token[], isTemporary: boolean): Step {
  const from = clause(tokens, 1, ['FROM']);
  const into = clause(tokens, 1, ['INTO']);
  if (into > 0 && (from < 0 || into < from)) {
    const end = from < 0 ? tokens.length : from;
    const target = nameAt(tokens, into + 1);
    const select = translate([...tokens.slice(0, into), ...tokens.slice(end)]);
    const temp = target.name.startsWith('#') ? 'TEMP ' : '';
    return {
      sql: `CREATE ${temp}TABLE ${quoteName(target.name)} AS ${prefix}${select}`,
      does: 'schema',
      returns: false,
      isTemporary,
    };
  }
  const items = splitAtCommas(tokens.slice(1, from < 0 ? tokens.length : from));
  const assigns = items.map((item) =>
    item[0]?.kind === 'variable' && item[1]?.text === '=' ? item[0].value.toLowerCase() : undefined,
  );
  const sql = prefix + translate(tokens);
  if (!assigns.some((name) => name !== undefined)) return { sql, does: 'read', returns: true, isTemporary };
  const names = assigns.map((name) => {
    if (name === undefined) throw new SyntaxError('SELECT');
    return name;
  });
  const values = items.map((item) => translate(item.slice(2))).join(', ');
  const rest = from < 0 ? '' : translate(tokens.slice(from));
  return { sql: `${prefix}SELECT ${values} ${rest}`.trim(), does: 'read', returns: true, assigns: names, isTemporary };
}

type Built = Pick<Step, 'sql' | 'returns'>;

function planInsert(prefix: string, tokens: readonly Token[]): Built {
  const start = tokens[1]?.value === 'INTO' ? 2 : 1;
  const target = nameAt(tokens, start);
  let place = target.end;
  let columns = '';
  if (tokens[place]?.text === '(') {
    const end = closing(tokens, place);
    columns = ` (${splitAtCommas(tokens.slice(place + 1, end))
      .map((one) => translate(one))
      .join(', ')})`;
    place = end + 1;
  }
  const source = clause(tokens, place, ['VALUES', 'SELECT', 'DEFAULT', 'EXEC', 'EXECUTE', 'WITH']);
  if (source < 0 || tokens[source]?.value.startsWith('EXEC')) throw unknownSql('INSERT … EXEC');
  const output = outputOf(tokens.slice(place, source), 'INSERTED');
  const rows = translate(tokens.slice(source));
  return { sql: `${prefix}INSERT INTO ${quoteName(target.name)}${columns} ${rows}${output}`, returns: output !== '' };
}

function planUpdate(prefix: string, tokens: readonly Token[]): Built {
  if (tokens[1]?.value === 'TOP') throw unknownSql('UPDATE TOP');
  const target = nameAt(tokens, 1);
  const set = clause(tokens, 1, ['SET']);
  const parts = clauses(tokens, set + 1);
  const output = outputOf(parts.output, 'INSERTED');
  const assignments = splitAtCommas(parts.head).map(assignment).join(', ');
  if (parts.from.length === 0) {
    return {
      sql: `${prefix}UPDATE ${quoteName(target.name)} SET ${assignments}${where(parts.where)}${output}`,
      returns: output !== '',
    };
  }
  const { table, alias, condition, others } = joinedTarget(parts.from, target.name);
  const all = [condition, parts.where].filter((one) => one.length > 0).map((one) => `(${translate(one)})`);
  const from = others.length === 0 ? '' : ` FROM ${translate(others)}`;
  const filter = all.length === 0 ? '' : ` WHERE ${all.join(' AND ')}`;
  return {
    sql: `${prefix}UPDATE ${quoteName(table)} AS ${quoteName(alias)} SET ${assignments}${from}${filter}${output}`,
    returns: output !== '',
  };
}

function planDelete(prefix: string, tokens: readonly Token[]): Built {
  let start = 1;
  let limit = '';
  if (tokens[start]?.value === 'TOP') {
    const end = closing(tokens, start + 1);
    limit = ` LIMIT ${translate(tokens.slice(start + 2, end))}`;
    start = end + 1;
  }
  if (tokens[start]?.value === 'FROM') start += 1;
  const target = nameAt(tokens, start);
  const parts = clauses(tokens, target.end);
  const output = outputOf(parts.output, 'DELETED');
  if (parts.from.length === 0 && limit === '') {
    return {
      sql: `${prefix}DELETE FROM ${quoteName(target.name)}${where(parts.where)}${output}`,
      returns: output !== '',
    };
  }
  const source =
    parts.from.length === 0 ? { table: target.name, alias: target.name } : joinedTarget(parts.from, target.name);
  const from = parts.from.length === 0 ? quoteName(target.name) : translate(parts.from);
  const rows = `SELECT ${quoteName(source.alias)}.rowid FROM ${from}${where(parts.where)}${limit}`;
  return {
    sql: `${prefix}DELETE FROM ${quoteName(source.table)} WHERE rowid IN (${rows})${output}`,
    returns: output !== '',
  };
}

interface Clauses {
  readonly head: readonly Token[];
  readonly output: readonly Token[];
  readonly from: readonly Token[];
  readonly where: readonly Token[];
}

/** Splits `… [OUTPUT …] [FROM …] [WHERE …]`. */
function clauses(tokens: readonly Token[], start: number): Clauses {
  const found = ['OUTPUT', 'FROM', 'WHERE', 'OPTION']
    .map((word) => ({ word, place: clause(tokens, start, [word]) }))
    .filter((one) => one.place >= 0);
  const part = (word: string) => {
    const one = found.find((each) => each.word === word);
    if (one === undefined) return [];
    const end = Math.min(tokens.length, ...found.filter((each) => each.place > one.place).map((each) => each.place));
    return tokens.slice(one.place + (word === 'OUTPUT' ? 0 : 1), end);
  };
  const headEnd = Math.min(tokens.length, ...found.map((one) => one.place));
  return { head: tokens.slice(start, headEnd), output: part('OUTPUT'), from: part('FROM'), where: part('WHERE') };
}

/** `a.x = …` without the alias, `x += …` written out. */
function assignment(tokens: readonly Token[]): string {
  const equals = tokens.findIndex((token) => /^[-+*/]?=$/.test(token.text));
  const column = tokens[equals - 1];
  if (equals < 1 || column === undefined || column.kind === 'variable')
    throw unknownSql('an assignment to a variable in UPDATE');
  const name = quoteName(column.kind === 'word' ? column.text : column.value);
  const value = translate(tokens.slice(equals + 1));
  const operator = tokens[equals]?.text ?? '=';
  return operator === '=' ? `${name} = ${value}` : `${name} = ${name} ${operator.charAt(0)} (${value})`;
}

/** The table that `UPDATE a … FROM T a [JOIN …]` means, and what it is joined with. */
function joinedTarget(
  from: readonly Token[],
  target: string,
): { table: string; alias: string; condition: Token[]; others: Token[] } {
  const first = nameAt(from, 0);
  let place = first.end;
  if (from[place]?.value === 'AS') place += 1;
  const named = from[place];
  const hasAlias =
    named !== undefined &&
    (named.kind === 'quoted' ||
      (named.kind === 'word' && !['JOIN', 'INNER', 'LEFT', 'CROSS', 'WITH'].includes(named.value)));
  const alias = hasAlias ? (named.kind === 'word' ? named.text : named.value) : first.name;
  if (hasAlias) place += 1;
  if (![alias, first.name].some((name) => name.toLowerCase() === target.toLowerCase()))
    throw unknownSql(`a FROM that does not begin with ${target}`);
  if (place >= from.length) return { table: first.name, alias, condition: [], others: [] };
  if (from[place]?.text === ',') return { table: first.name, alias, condition: [], others: from.slice(place + 1) };
  if (from[place]?.value === 'INNER') place += 1;
  if (from[place]?.value !== 'JOIN') throw unknownSql(`${from[place]?.text} in the FROM of an UPDATE or DELETE`);
  const on = clause(from, place, ['ON']);
  const next = clause(from, on, ['JOIN', 'INNER', 'LEFT', 'CROSS']);
  const end = next < 0 ? from.length : next;
  return {
    table: first.name,
    alias,
    condition: from.slice(on + 1, end),
    others: [...from.slice(place + 1, on), ...from.slice(end)],
  };
}

function where(tokens: readonly Token[]): string {
  return tokens.length === 0 ? '' : ` WHERE ${translate(tokens)}`;
}

/** `OUTPUT INSERTED.x` as RETURNING. */
function outputOf(tokens: readonly Token[], table: 'INSERTED' | 'DELETED'): string {
  if (tokens.length === 0) return '';
  if (tokens[0]?.value !== 'OUTPUT') throw new SyntaxError(tokens[0]?.text ?? '');
  if (tokens.some((token) => token.value === 'INTO')) throw unknownSql('OUTPUT … INTO');
  const other = table === 'INSERTED' ? 'DELETED' : 'INSERTED';
  if (tokens.some((token) => token.value === other)) throw unknownSql(`OUTPUT ${other}`);
  const plain = tokens.slice(1).filter((token, place, all) => {
    const isTable = token.kind === 'word' && token.value === table;
    const isItsDot = token.text === '.' && all[place - 1]?.value === table;
    return !isTable && !isItsDot;
  });
  return ` RETURNING ${translate(plain)}`;
}

/** The first of these words outside parentheses, from `start`; -1 when there is none. */
export function clause(tokens: readonly Token[], start: number, words: readonly string[]): number {
  let depth = 0;
  for (let place = start; place < tokens.length; place += 1) {
    const token = tokens[place];
    if (token?.kind === 'symbol' && token.text === '(') depth += 1;
    if (token?.kind === 'symbol' && token.text === ')') depth -= 1;
    if (depth === 0 && token?.kind === 'word' && words.includes(token.value)) return place;
  }
  return -1;
}

/** A name with or without schema; `end` is the place after it. */
export function nameAt(tokens: readonly Token[], start: number): { name: string; end: number } {
  let place = start;
  let name = '';
  for (;;) {
    const token = tokens[place];
    if (token?.kind !== 'word' && token?.kind !== 'quoted') throw new SyntaxError(token?.text ?? 'end of statement');
    name = token.kind === 'word' ? token.text : token.value;
    place += 1;
    if (tokens[place]?.text !== '.') return { name, end: place };
    place += 1;
  }
}
