import type { Caller, ServerValue } from '../env.ts';
import { unknownSql } from '../problem.ts';
import { BIT, DATETIME2, INT, nvarchar, type SqlType, typeOf } from '../values/sql-type.ts';
import { COLUMN_VIEWS } from './columns.ts';
import { KEY_VIEWS } from './keys.ts';
import { OBJECT_VIEWS } from './objects.ts';
import { fromServerValue } from './server-value.ts';
import { STANDARD_VIEWS } from './standard.ts';
import { STANDARD_COLUMNS } from './standard-columns.ts';
import { TYPE_VIEWS } from './types.ts';
import type { CatalogueView } from './view-contract.ts';

const VIEWS: Readonly<Record<string, CatalogueView>> = {
  ...OBJECT_VIEWS,
  ...COLUMN_VIEWS,
  ...TYPE_VIEWS,
  ...KEY_VIEWS,
  ...STANDARD_COLUMNS,
  ...STANDARD_VIEWS,
};
/** Old names that need no schema. */
const BARE = new Set(['sysobjects', 'syscolumns', 'sysusers', 'sysindexes']);

/** A view of the catalogue; `undefined` when the schema is no system schema. Unknown system views are refused by name. */
export function catalogueView(caller: Caller, schema: string, name: string): CatalogueView | undefined {
  const owner = BARE.has(name.toLowerCase()) ? 'sys' : schema.toLowerCase();
  if (owner !== 'sys' && owner !== 'information_schema') return undefined;
  const key = `${owner}.${name.toLowerCase()}`;
  const known = VIEWS[key];
  if (known !== undefined) return known;
  const ofServer = caller.server?.view(key);
  if (ofServer === undefined) throw unknownSql(`the view ${owner === 'sys' ? 'sys' : 'INFORMATION_SCHEMA'}.${name}`);
  const [first = {}] = ofServer;
  const columns = Object.entries(first).map(([column, value]) => ({
    name: column,
    type: typeOfValue(value),
    isNullable: true,
  }));
  return {
    columns,
    rows: (env) =>
      (env.caller.server?.view(key) ?? []).map((row) =>
        columns.map((column) => fromServerValue(row[column.name] ?? null, column.type)),
      ),
  };
}

function typeOfValue(value: ServerValue): SqlType {
  if (typeof value === 'boolean') return BIT;
  if (typeof value === 'bigint') return typeOf('bigint');
  if (typeof value === 'number') return Number.isInteger(value) ? INT : typeOf('float');
  return value instanceof Date ? DATETIME2 : nvarchar(4000);
}
