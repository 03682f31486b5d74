import type { Token } from '../model/sql/tokens.ts';
import { clause, clauses, joinedTarget, nameAt } from './clauses.ts';
import type { Built } from './plan.ts';
import { unknownSql } from './problem.ts';
import { splitAtCommas } from './statement-end.ts';
import { closing, quoteName, translate } from './translate.ts';

export function planInsert(prefix: string, tokens: readonly Token[]): Built {
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

export function planUpdate(prefix: string, tokens: readonly Token[]): Built {
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

export function planDelete(prefix: string, tokens: readonly Token[]): Built {
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
