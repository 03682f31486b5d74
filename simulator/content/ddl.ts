import { type Token, tokenize } from '../model/sql/tokens.ts';
import { clause, nameAt } from './clauses.ts';
import { columnDefinition, tableConstraint } from './columns.ts';
import { unknownSql } from './problem.ts';
import { splitAtCommas } from './statement-end.ts';
import { closing, quoteName, translate } from './translate.ts';

/** SQLite statements for CREATE, ALTER, DROP and TRUNCATE of tables, indexes and views. */
export function createSchema(tokens: readonly Token[], tableSql: (table: string) => string | undefined): string[] {
  const words = tokens.slice(0, 4).map((token) => token.value);
  const [verb, object] = words;
  if (verb === 'TRUNCATE') return [`DELETE FROM ${quoteName(nameAt(tokens, 2).name)}`];
  if (verb === 'CREATE' && object === 'TABLE') return [createTable(tokens)];
  if (verb === 'CREATE' && words.includes('INDEX')) return [createIndex(tokens)];
  if (object === 'VIEW' || (verb === 'CREATE' && object === 'OR' && words[3] === 'VIEW')) return view(tokens);
  if (verb === 'CREATE' && object === 'SCHEMA' && tokens[2]?.value === 'DBO') return [];
  if (verb === 'ALTER' && object === 'TABLE') return alterTable(tokens, tableSql);
  if (verb === 'DROP') return drop(tokens);
  throw unknownSql(`${verb} ${object}`);
}

/** The SQLite name of an index: T-SQL's are unique in their table only. */
export function indexName(table: string, index: string): string {
  return `${table}.${index}`;
}

function createTable(tokens: readonly Token[]): string {
  const { name, end } = nameAt(tokens, 2);
  const body = splitAtCommas(tokens.slice(end + 1, closing(tokens, end)));
  const constraints = body.filter(isConstraint);
  const columns = body.filter((one) => !isConstraint(one));
  const keys = constraints.flatMap((one) => primaryKeyOf(one) ?? []);
  const definitions = columns.map((one) => {
    const column = one[0]?.kind === 'word' ? one[0].text : (one[0]?.value ?? '');
    return columnDefinition(one, keys.length === 1 && keys[0]?.toLowerCase() === column.toLowerCase());
  });
  const identity = definitions.find((one) => one.isIdentity);
  const rest = constraints
    .filter((one) => identity === undefined || primaryKeyOf(one) === undefined)
    .map(tableConstraint);
  if (identity !== undefined && keys.length > 1) throw unknownSql('IDENTITY in a primary key of several columns');
  const temp = name.startsWith('#') ? 'TEMP ' : '';
  return `CREATE ${temp}TABLE ${quoteName(name)} (${[...definitions.map((one) => one.sql), ...rest].join(', ')})`;
}

function isConstraint(tokens: readonly Token[]): boolean {
  return (
    tokens[0]?.kind === 'word' &&
    ['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK', 'INDEX'].includes(tokens[0].value)
  );
}

/** Columns of a table's PRIMARY KEY constraint. */
function primaryKeyOf(tokens: readonly Token[]): string[] | undefined {
  const place = tokens.findIndex((token) => token.kind === 'word' && token.value === 'PRIMARY');
  if (place < 0 || !isConstraint(tokens)) return undefined;
  const open = tokens.findIndex((token, index) => index > place && token.text === '(');
  return splitAtCommas(tokens.slice(open + 1, closing(tokens, open))).map((one) =>
    one[0]?.kind === 'word' ? one[0].text : (one[0]?.value ?? ''),
  );
}

function createIndex(tokens: readonly Token[]): string {
  const unique = tokens.some((token, place) => place < 4 && token.value === 'UNIQUE') ? 'UNIQUE ' : '';
  const index = nameAt(tokens, tokens.findIndex((token) => token.value === 'INDEX') + 1);
  const table = nameAt(tokens, index.end + 1);
  const end = closing(tokens, table.end);
  const columns = translate(tokens.slice(table.end + 1, end));
  const filter = clause(tokens, end, ['WHERE']);
  const stop = filter < 0 ? -1 : clause(tokens, filter, ['WITH', 'ON']);
  const where = filter < 0 ? '' : ` ${translate(tokens.slice(filter, stop < 0 ? tokens.length : stop))}`;
  return `CREATE ${unique}INDEX ${quoteName(indexName(table.name, index.name))} ON ${quoteName(table.name)} (${columns})${where}`;
}

function view(tokens: readonly Token[]): string[] {
  const place = tokens.findIndex((token) => token.value === 'VIEW');
  if (tokens[0]?.value === 'DROP') return drop(tokens);
  const { name, end } = nameAt(tokens, place + 1);
  const as = clause(tokens, end, ['AS']);
  const create = `CREATE VIEW ${quoteName(name)} AS ${translate(tokens.slice(as + 1))}`;
  const replaces = tokens[0]?.value === 'ALTER' || tokens[1]?.value === 'OR';
  return replaces ? [`DROP VIEW IF EXISTS ${quoteName(name)}`, create] : [create];
}

function alterTable(tokens: readonly Token[], tableSql: (table: string) => string | undefined): string[] {
  const { name, end } = nameAt(tokens, 2);
  const table = quoteName(name);
  let start = end;
  if (tokens[start]?.value === 'WITH') start += 2; // WITH CHECK ADD
  const verb = tokens[start]?.value;
  if (verb === 'ADD') {
    return splitAtCommas(tokens.slice(start + 1)).flatMap((one) =>
      isConstraint(one)
        ? addConstraint(name, one, tableSql)
        : [`ALTER TABLE ${table} ADD COLUMN ${columnDefinition(one, false).sql}`],
    );
  }
  if (verb === 'DROP' && tokens[start + 1]?.value === 'COLUMN') {
    const skip = tokens[start + 2]?.value === 'IF' ? 4 : 2;
    return splitAtCommas(tokens.slice(start + skip)).map(
      (one) => `ALTER TABLE ${table} DROP COLUMN ${quoteName(nameAt(one, 0).name)}`,
    );
  }
  if (verb === 'DROP' && tokens[start + 1]?.value === 'CONSTRAINT')
    return dropConstraint(name, nameAt(tokens, start + 2).name, tableSql);
  if (verb === 'ALTER' && tokens[start + 1]?.value === 'COLUMN')
    return alterColumn(name, tokens.slice(start + 2), tableSql);
  if (verb === 'CHECK' || verb === 'NOCHECK') return [];
  throw unknownSql(`ALTER TABLE … ${verb}`);
}

function addConstraint(
  table: string,
  tokens: readonly Token[],
  tableSql: (table: string) => string | undefined,
): string[] {
  const place = clause(tokens, 0, ['FOR']);
  const isDefault = tokens.some((token, index) => index < 3 && token.value === 'DEFAULT');
  if (isDefault && place > 0) {
    const column = nameAt(tokens, place + 1).name;
    const start = tokens.findIndex((token) => token.value === 'DEFAULT');
    return changeColumn(
      table,
      column,
      tableSql,
      (definition) => `${definition} DEFAULT (${translate(tokens.slice(start + 1, place))})`,
    );
  }
  const sql = existing(table, tableSql);
  return rebuild(table, `${sql.slice(0, sql.lastIndexOf(')'))}, ${tableConstraint(tokens)})`);
}

/** Changes the type of a column; its default stays. */
function alterColumn(
  table: string,
  tokens: readonly Token[],
  tableSql: (table: string) => string | undefined,
): string[] {
  const column = nameAt(tokens, 0).name;
  const changed = columnDefinition(tokens, false).sql;
  return changeColumn(table, column, tableSql, (definition) => {
    const kept = /\bDEFAULT\s+(\((?:[^()]|\([^()]*\))*\)|\S+)/i.exec(definition);
    return kept === null ? changed : `${changed} ${kept[0]}`;
  });
}

/** A DEFAULT constraint goes without a trace (SQL Server wants that before a column is dropped); others by name. */
function dropConstraint(table: string, name: string, tableSql: (table: string) => string | undefined): string[] {
  const sql = existing(table, tableSql);
  const tokens = tokenize(sql);
  const open = tokens.findIndex((token) => token.text === '(');
  const parts = splitAtCommas(tokens.slice(open + 1, closing(tokens, open)));
  const kept = parts.filter(
    (one) => !(one[0]?.value === 'CONSTRAINT' && one[1]?.value.toLowerCase() === name.toLowerCase()),
  );
  const text = (part: readonly Token[]) => sql.slice(part[0]?.start, part.at(-1)?.end);
  const named = new RegExp(
    `CONSTRAINT "${name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}" DEFAULT (\\((?:[^()]|\\([^()]*\\))*\\)|\\S+)`,
    'i',
  );
  const changed = kept.map((part) => text(part).replace(named, ''));
  if (changed.join() === parts.map(text).join())
    throw unknownSql(`dropping the constraint ${name}, whose name was not kept`);
  return rebuild(table, `${sql.slice(0, tokens[open]?.end)}${changed.join(', ')})`);
}

function changeColumn(
  table: string,
  column: string,
  tableSql: (table: string) => string | undefined,
  change: (definition: string) => string,
): string[] {
  const sql = existing(table, tableSql);
  const tokens = tokenize(sql);
  const open = tokens.findIndex((token) => token.text === '(');
  const parts = splitAtCommas(tokens.slice(open + 1, closing(tokens, open))).map((part) => {
    const text = sql.slice(part[0]?.start, part.at(-1)?.end);
    const isColumn =
      (part[0]?.kind === 'quoted' ? part[0].value : part[0]?.text)?.toLowerCase() === column.toLowerCase() &&
      !isConstraint(part);
    return isColumn ? change(text) : text;
  });
  return rebuild(table, `${sql.slice(0, tokens[open]?.end)}${parts.join(', ')})`);
}

/** A new table in place of the old one, as https://sqlite.org/lang_altertable.html#otheralter says. */
function rebuild(table: string, create: string): string[] {
  const aside = quoteName(`_rebuilt_${table}`);
  const open = create.indexOf('(');
  return [
    `CREATE TABLE ${aside} ${create.slice(open)}`,
    `INSERT INTO ${aside} SELECT * FROM ${quoteName(table)}`,
    `DROP TABLE ${quoteName(table)}`,
    `ALTER TABLE ${aside} RENAME TO ${quoteName(table)}`,
  ];
}

function existing(table: string, tableSql: (table: string) => string | undefined): string {
  const sql = tableSql(table);
  if (sql === undefined) throw new Error(`no such table: ${table}`);
  return sql;
}

function drop(tokens: readonly Token[]): string[] {
  const object = tokens[1]?.value;
  const optional = tokens[2]?.value === 'IF' ? 'IF EXISTS ' : '';
  const start = optional === '' ? 2 : 4;
  if (object === 'TABLE' || object === 'VIEW') {
    return splitAtCommas(tokens.slice(start)).map(
      (one) => `DROP ${object} ${optional}${quoteName(nameAt(one, 0).name)}`,
    );
  }
  if (object !== 'INDEX') throw unknownSql(`DROP ${object}`);
  const index = nameAt(tokens, start);
  if (tokens[index.end]?.value !== 'ON') throw unknownSql('DROP INDEX without ON');
  return [`DROP INDEX ${optional}${quoteName(indexName(nameAt(tokens, index.end + 1).name, index.name))}`];
}
