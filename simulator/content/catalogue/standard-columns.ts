import type { Env } from '../env.ts';
import { familyOf, INT, nvarchar, type SqlType, SYSNAME, typeOf } from '../values/sql-type.ts';
import type { Value } from '../values/value.ts';
import { COLLATION_NAME } from './collation.ts';
import { objectsOf } from './objects.ts';
import { catalogueName, maxLength, precisionOf, scaleOf } from './type-ids.ts';
import { type CatalogueView, type Entry, view } from './view-contract.ts';

const TINY = typeOf('tinyint');

/** INFORMATION_SCHEMA.COLUMNS. */
export const STANDARD_COLUMNS: Readonly<Record<string, CatalogueView>> = {
  'information_schema.columns': view(
    {
      TABLE_CATALOG: SYSNAME,
      TABLE_SCHEMA: SYSNAME,
      TABLE_NAME: SYSNAME,
      COLUMN_NAME: SYSNAME,
      ORDINAL_POSITION: INT,
      COLUMN_DEFAULT: nvarchar(4000),
      IS_NULLABLE: typeOf('varchar', 3),
      DATA_TYPE: SYSNAME,
      CHARACTER_MAXIMUM_LENGTH: INT,
      CHARACTER_OCTET_LENGTH: INT,
      NUMERIC_PRECISION: TINY,
      NUMERIC_PRECISION_RADIX: typeOf('smallint'),
      NUMERIC_SCALE: INT,
      DATETIME_PRECISION: typeOf('smallint'),
      CHARACTER_SET_CATALOG: SYSNAME,
      CHARACTER_SET_SCHEMA: SYSNAME,
      CHARACTER_SET_NAME: SYSNAME,
      COLLATION_CATALOG: SYSNAME,
      COLLATION_SCHEMA: SYSNAME,
      COLLATION_NAME: SYSNAME,
      DOMAIN_CATALOG: SYSNAME,
      DOMAIN_SCHEMA: SYSNAME,
      DOMAIN_NAME: SYSNAME,
    },
    (env) => [
      ...objectsOf(env, 'table').flatMap((table) =>
        table.columns.map((column, place) => standardColumn(env, table, column, place, column.default?.text ?? null)),
      ),
      ...objectsOf(env, 'view').flatMap((one) =>
        env.viewColumns(one).map((column, place) => standardColumn(env, one, column, place, null)),
      ),
    ],
  ),
};

function standardColumn(
  env: Env,
  owner: { schema: string; name: string },
  column: { name: string; type: SqlType; isNullable: boolean },
  place: number,
  byDefault: Value,
): Entry {
  const { type } = column;
  const family = familyOf(type);
  const isNumber = family === 'integer' || family === 'decimal' || family === 'money' || family === 'float';
  const hasLength = family === 'text' || family === 'binary';
  return {
    TABLE_CATALOG: env.caller.database,
    TABLE_SCHEMA: owner.schema,
    TABLE_NAME: owner.name,
    COLUMN_NAME: column.name,
    ORDINAL_POSITION: place + 1,
    COLUMN_DEFAULT: byDefault,
    IS_NULLABLE: column.isNullable ? 'YES' : 'NO',
    DATA_TYPE: catalogueName(type.name),
    CHARACTER_MAXIMUM_LENGTH: hasLength && type.name !== 'rowversion' ? type.length : null,
    CHARACTER_OCTET_LENGTH: hasLength && type.name !== 'rowversion' ? maxLength(type) : null,
    NUMERIC_PRECISION: isNumber && type.name !== 'bit' ? precisionOf(type) : null,
    NUMERIC_PRECISION_RADIX: isNumber && type.name !== 'bit' ? (family === 'float' ? 2 : 10) : null,
    NUMERIC_SCALE: isNumber && family !== 'float' && type.name !== 'bit' ? scaleOf(type) : null,
    DATETIME_PRECISION:
      family === 'date' ? (type.name === 'smalldatetime' || type.name === 'date' ? 0 : type.scale) : null,
    CHARACTER_SET_NAME: family === 'text' ? (type.name.startsWith('n') ? 'UNICODE' : 'iso_1') : null,
    COLLATION_NAME: family === 'text' ? COLLATION_NAME : null,
  };
}
