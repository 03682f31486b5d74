import type { Token } from '../model/sql/tokens.ts';
import { nameAt } from './clauses.ts';
import { unknownSql } from './problem.ts';
import { closing, quoteName, translate } from './translate.ts';

export interface ColumnDefinition {
  readonly sql: string;
  readonly isIdentity: boolean;
}

/** A column of CREATE TABLE or ALTER TABLE ADD. `isKey`: a constraint of the table makes it the primary key. */
export function columnDefinition(tokens: readonly Token[], isKey: boolean): ColumnDefinition {
  const { name, end } = nameAt(tokens, 0);
  if (tokens[end]?.value === 'AS') {
    const close = closing(tokens, end + 1);
    const stored = tokens.slice(close).some((token) => token.value === 'PERSISTED') ? ' STORED' : '';
    return { sql: `${quoteName(name)} AS (${translate(tokens.slice(end + 2, close))})${stored}`, isIdentity: false };
  }
  const type = readType(tokens, end);
  const rest = constraints(tokens.slice(type.end), type.isText);
  if (rest.isIdentity && !isKey && !rest.isPrimaryKey)
    throw unknownSql(`IDENTITY on ${name}, which is not the primary key`);
  if (rest.isIdentity) return { sql: `${quoteName(name)} INTEGER PRIMARY KEY AUTOINCREMENT`, isIdentity: true };
  return { sql: `${quoteName(name)} ${type.sql}${rest.sql}`, isIdentity: false };
}

/** A constraint of a table: key, unique, foreign key or check. */
export function tableConstraint(tokens: readonly Token[]): string {
  const words = ['CLUSTERED', 'NONCLUSTERED'];
  const kept: Token[] = [];
  for (let place = 0; place < tokens.length; place += 1) {
    const token = tokens[place];
    if (token === undefined) break;
    if (token.kind === 'word' && words.includes(token.value)) continue;
    if (token.kind === 'word' && token.value === 'INDEX') throw unknownSql('an index inside CREATE TABLE');
    if (token.kind === 'word' && token.value === 'WITH') {
      place = tokens[place + 1]?.text === '(' ? closing(tokens, place + 1) : place + 1;
      continue;
    }
    if (token.kind === 'word' && token.value === 'ON' && !['DELETE', 'UPDATE'].includes(tokens[place + 1]?.value ?? ''))
      break;
    kept.push(token);
  }
  return translate(kept).replace(/\b(ASC|DESC)\b/g, '');
}

function readType(tokens: readonly Token[], start: number): { sql: string; end: number; isText: boolean } {
  const { name, end } = nameAt(tokens, start);
  const type = name.toUpperCase();
  if (type === 'TIMESTAMP' || type === 'ROWVERSION' || type === 'XML' || type === 'GEOGRAPHY' || type === 'HIERARCHYID')
    throw unknownSql(`the column type ${type}`);
  const isText = /CHAR$|TEXT$|^SYSNAME$/.test(type);
  if (tokens[end]?.text !== '(') return { sql: type, end, isText };
  const close = closing(tokens, end);
  const sizes = tokens
    .slice(end + 1, close)
    .map((token) => token.text)
    .join('');
  // MAX is no number, so the type is written as a quoted name; SQLite takes that.
  return { sql: /MAX/i.test(sizes) ? quoteName(`${type}(MAX)`) : `${type}(${sizes})`, end: close + 1, isText };
}

function constraints(
  tokens: readonly Token[],
  isText: boolean,
): { sql: string; isIdentity: boolean; isPrimaryKey: boolean } {
  let sql = '';
  let isIdentity = false;
  let isPrimaryKey = false;
  let collation = isText ? ' COLLATE NOCASE' : '';
  for (let place = 0; place < tokens.length; place += 1) {
    const token = tokens[place];
    const next = tokens[place + 1];
    switch (token?.value) {
      case 'IDENTITY':
        isIdentity = true;
        if (next?.text === '(') place = closing(tokens, place + 1);
        break;
      case 'NOT':
      case 'NULL':
        if (token.value === 'NOT') {
          sql += ' NOT NULL';
          place += 1;
        }
        break;
      case 'PRIMARY':
        isPrimaryKey = true;
        sql += ' PRIMARY KEY';
        place += 1;
        break;
      case 'UNIQUE':
        sql += ' UNIQUE';
        break;
      case 'CLUSTERED':
      case 'NONCLUSTERED':
      case 'ROWGUIDCOL':
      case 'SPARSE':
        break;
      case 'COLLATE':
        collation = /BIN2?$|_CS_/i.test(next?.text ?? '') ? '' : ' COLLATE NOCASE';
        place += 1;
        break;
      case 'CONSTRAINT':
        sql += ` CONSTRAINT ${quoteName(next?.kind === 'word' ? next.text : (next?.value ?? ''))}`;
        place += 1;
        break;
      case 'DEFAULT': {
        const value = defaultValue(tokens, place + 1);
        sql += ` DEFAULT ${value.sql}`;
        place = value.end - 1;
        if (tokens[value.end]?.value === 'WITH' && tokens[value.end + 1]?.value === 'VALUES') place += 2;
        break;
      }
      case 'CHECK': {
        const close = closing(tokens, place + 1);
        sql += ` CHECK (${translate(tokens.slice(place + 2, close))})`;
        place = close;
        break;
      }
      case 'FOREIGN':
        place += 1;
        break;
      case 'REFERENCES': {
        sql += ` ${translate(tokens.slice(place))}`;
        place = tokens.length;
        break;
      }
      case 'WITH':
        place = next?.text === '(' ? closing(tokens, place + 1) : place + 1;
        break;
      case 'ON':
        place += 1;
        break;
      default:
        throw new SyntaxError(token?.text ?? 'end of statement');
    }
  }
  return { sql: sql + collation, isIdentity, isPrimaryKey };
}

/** A default: constants stay plain, since SQLite adds columns only with those; anything else goes in parentheses. */
function defaultValue(tokens: readonly Token[], start: number): { sql: string; end: number } {
  let [from, end] = [start, start];
  if (tokens[start]?.text === '(') {
    end = closing(tokens, start) + 1;
    from = start;
    let to = end;
    while (tokens[from]?.text === '(' && closing(tokens, from) === to - 1) {
      from += 1;
      to -= 1;
    }
    const inner = tokens.slice(from, to);
    return { sql: isConstant(inner) ? translate(inner) : `(${translate(inner)})`, end };
  }
  end = start + 1;
  if (tokens[start]?.text === '-') end += 1;
  if (tokens[end]?.text === '(') end = closing(tokens, end) + 1;
  const value = tokens.slice(start, end);
  return { sql: isConstant(value) ? translate(value) : `(${translate(value)})`, end };
}

function isConstant(tokens: readonly Token[]): boolean {
  const plain = tokens[0]?.text === '-' ? tokens.slice(1) : tokens;
  return (
    plain.length === 1 && (plain[0]?.kind === 'string' || plain[0]?.kind === 'number' || plain[0]?.value === 'NULL')
  );
}
