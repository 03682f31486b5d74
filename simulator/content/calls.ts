import type { Token } from '../model/sql/tokens.ts';
import { KEPT, RENAMED } from './function-names.ts';
import { unknownSql } from './problem.ts';
import { splitAtCommas } from './statement-end.ts';
import { translate } from './translate.ts';
import { castTo } from './types.ts';

/** The call of a function of T-SQL, with what stands in its parentheses, for SQLite. */
export function translateCall(token: Token, inner: readonly Token[]): string {
  const name = token.value;
  const args = splitAtCommas(inner);
  const arg = (place: number) => translate(args[place] ?? []);
  if (name === 'CAST' || name === 'TRY_CAST') {
    const as = inner.findLastIndex((one) => one.kind === 'word' && one.value === 'AS');
    return castTo(inner.slice(as + 1), translate(inner.slice(0, as)), undefined);
  }
  if (name === 'CONVERT' || name === 'TRY_CONVERT') return castTo(args[0] ?? [], arg(1), args[2] && arg(2));
  if (name === 'DATEADD' || name === 'DATEDIFF' || name === 'DATEPART') {
    return `_${name.toLowerCase()}('${args[0]?.[0]?.text.toLowerCase()}', ${args
      .slice(1)
      .map((one) => translate(one))
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
  if (renamed !== undefined) return `${renamed}(${translate(inner)})`;
  if (!KEPT.has(name)) throw unknownSql(`the function ${token.text}`);
  return `${name}(${translate(inner)})`;
}
