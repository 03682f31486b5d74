import type { Token } from '../model/sql/tokens.ts';
import { clause, nameAt } from './clauses.ts';
import { createSchema } from './ddl.ts';
import { planDelete, planInsert, planUpdate } from './plan-changes.ts';
import { unknownSql } from './problem.ts';
import { splitAtCommas } from './statement-end.ts';
import { quoteName, translate } from './translate.ts';

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

/** What an INSERT, UPDATE or DELETE becomes. */
export type Built = Pick<Step, 'sql' | 'returns'>;
