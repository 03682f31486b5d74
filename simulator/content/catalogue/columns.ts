import { type Column, type Table, tablesOf } from '../data/schema.ts';
import type { Env, OutputColumn } from '../env.ts';
import {
  BIGINT,
  BIT,
  familyOf,
  INT,
  NVARCHAR_MAX,
  nvarchar,
  type SqlType,
  SYSNAME,
  typeOf,
} from '../values/sql-type.ts';
import type { Value } from '../values/value.ts';
import { objectEntry, objectsOf, schemaId } from './objects.ts';
import { catalogueName, maxLength, precisionOf, SYSTEM_TYPES, scaleOf, typeId } from './type-ids.ts';
import { type CatalogueView, type Entry, view } from './view-contract.ts';

export const COLLATION_NAME = 'SQL_Latin1_General_CP1_CI_AS';
const TINY = typeOf('tinyint');

const COLUMN = {
  object_id: INT,
  name: SYSNAME,
  column_id: INT,
  system_type_id: TINY,
  user_type_id: INT,
  max_length: typeOf('smallint'),
  precision: TINY,
  scale: TINY,
  collation_name: SYSNAME,
  is_nullable: BIT,
  is_ansi_padded: BIT,
  is_rowguidcol: BIT,
  is_identity: BIT,
  is_computed: BIT,
  is_filestream: BIT,
  is_replicated: BIT,
  is_xml_document: BIT,
  xml_collection_id: INT,
  default_object_id: INT,
  rule_object_id: INT,
  is_sparse: BIT,
  is_column_set: BIT,
  generated_always_type: TINY,
  generated_always_type_desc: nvarchar(60),
  is_hidden: BIT,
  is_masked: BIT,
};

function columnEntry(objectId: number, id: number, of: { name: string; type: SqlType; isNullable: boolean }): Entry {
  return {
    object_id: objectId,
    name: of.name,
    column_id: id,
    system_type_id: typeId(of.type),
    user_type_id: typeId(of.type),
    max_length: maxLength(of.type),
    precision: precisionOf(of.type),
    scale: scaleOf(of.type),
    collation_name: familyOf(of.type) === 'text' ? COLLATION_NAME : null,
    is_nullable: Number(of.isNullable),
    is_ansi_padded: Number(familyOf(of.type) === 'text' || familyOf(of.type) === 'binary'),
    is_rowguidcol: 0,
    is_identity: 0,
    is_computed: 0,
    is_filestream: 0,
    is_replicated: 0,
    is_xml_document: 0,
    xml_collection_id: 0,
    default_object_id: 0,
    rule_object_id: 0,
    is_sparse: 0,
    is_column_set: 0,
    generated_always_type: 0,
    generated_always_type_desc: 'NOT_APPLICABLE',
    is_hidden: 0,
    is_masked: 0,
  };
}

function ofTable(table: Table, column: Column): Entry {
  return {
    ...columnEntry(table.id, column.id, column),
    is_identity: Number(column.identity !== undefined),
    is_computed: Number(column.computed !== undefined),
    default_object_id: column.default?.id ?? 0,
  };
}

function allColumns(env: Env): Entry[] {
  const tables = tablesOf(env.database().schema).flatMap((table) =>
    table.columns.map((column) => ofTable(table, column)),
  );
  const views = objectsOf(env, 'view').flatMap((one) =>
    env.viewColumns(one).map((column: OutputColumn, place) => columnEntry(one.id, place + 1, column)),
  );
  return [...tables, ...views];
}

function identities(env: Env): Entry[] {
  return tablesOf(env.database().schema).flatMap((table) =>
    table.columns.flatMap((column) =>
      column.identity === undefined
        ? []
        : [
            {
              ...ofTable(table, column),
              seed_value: column.identity.seed,
              increment_value: column.identity.increment,
              last_value: env.data(table).identity ?? null,
              is_not_for_replication: 0,
            },
          ],
    ),
  );
}

function types(env: Env): Entry[] {
  const system = SYSTEM_TYPES.map(({ id, name }): Entry => {
    const type = typeOf(name, name === 'rowversion' ? 8 : 8000);
    return {
      name: catalogueName(name),
      system_type_id: id,
      user_type_id: id,
      schema_id: 4,
      max_length: maxLength(type),
      precision: precisionOf(type),
      scale: scaleOf(type),
      collation_name: familyOf(type) === 'text' ? COLLATION_NAME : null,
      is_nullable: 1,
      is_user_defined: 0,
      is_assembly_type: 0,
      is_table_type: 0,
      default_object_id: 0,
      rule_object_id: 0,
    };
  });
  const sysname: Entry = {
    name: 'sysname',
    system_type_id: 231,
    user_type_id: 256,
    schema_id: 4,
    max_length: 256,
    precision: 0,
    scale: 0,
    collation_name: COLLATION_NAME,
    is_nullable: 0,
    is_user_defined: 0,
    is_assembly_type: 0,
    is_table_type: 0,
    default_object_id: 0,
    rule_object_id: 0,
  };
  const own = [...env.database().schema.types.values()].map(
    (one): Entry => ({
      name: one.name,
      system_type_id: typeId(one.type),
      user_type_id: one.id,
      schema_id: schemaId(env, one.schema),
      max_length: maxLength(one.type),
      precision: precisionOf(one.type),
      scale: scaleOf(one.type),
      collation_name: null,
      is_nullable: Number(one.isNullable),
      is_user_defined: 1,
      is_assembly_type: 0,
      is_table_type: 0,
      default_object_id: 0,
      rule_object_id: 0,
    }),
  );
  return [...system, sysname, ...own];
}

/** Views of columns and types by lower-case name. */
export const COLUMN_VIEWS: Readonly<Record<string, CatalogueView>> = {
  'sys.columns': view(COLUMN, allColumns),
  'sys.all_columns': view(COLUMN, allColumns),
  'sys.syscolumns': view(
    { name: SYSNAME, id: INT, xtype: TINY, length: typeOf('smallint'), colid: typeOf('smallint'), isnullable: INT },
    (env) =>
      allColumns(env).map(
        (one): Entry => ({
          name: one.name ?? null,
          id: one.object_id ?? null,
          xtype: one.system_type_id ?? null,
          length: one.max_length ?? null,
          colid: one.column_id ?? null,
          isnullable: one.is_nullable ?? null,
        }),
      ),
  ),
  'sys.identity_columns': view(
    { ...COLUMN, seed_value: BIGINT, increment_value: BIGINT, last_value: BIGINT, is_not_for_replication: BIT },
    identities,
  ),
  'sys.computed_columns': view(
    { ...COLUMN, definition: NVARCHAR_MAX, uses_database_collation: BIT, is_persisted: BIT },
    (env) =>
      tablesOf(env.database().schema).flatMap((table) =>
        table.columns.flatMap((column) =>
          column.computed === undefined
            ? []
            : [
                {
                  ...ofTable(table, column),
                  definition: column.computed.text,
                  uses_database_collation: 1,
                  is_persisted: Number(column.computed.isPersisted),
                },
              ],
        ),
      ),
  ),
  'sys.default_constraints': view(
    {
      name: SYSNAME,
      object_id: INT,
      principal_id: INT,
      schema_id: INT,
      parent_object_id: INT,
      type: typeOf('char', 2),
      type_desc: nvarchar(60),
      is_ms_shipped: BIT,
      parent_column_id: INT,
      definition: NVARCHAR_MAX,
      is_system_named: BIT,
    },
    (env) =>
      tablesOf(env.database().schema).flatMap((table) =>
        table.columns.flatMap((column): Entry[] =>
          column.default === undefined
            ? []
            : [
                {
                  ...objectEntry(env, { ...table, ...column.default }, 'D', table.id),
                  parent_column_id: column.id,
                  definition: column.default.text,
                  is_system_named: Number(column.default.isSystemNamed),
                },
              ],
        ),
      ),
  ),
  'sys.types': view(
    {
      name: SYSNAME,
      system_type_id: TINY,
      user_type_id: INT,
      schema_id: INT,
      principal_id: INT,
      max_length: typeOf('smallint'),
      precision: TINY,
      scale: TINY,
      collation_name: SYSNAME,
      is_nullable: BIT,
      is_user_defined: BIT,
      is_assembly_type: BIT,
      default_object_id: INT,
      rule_object_id: INT,
      is_table_type: BIT,
    },
    types,
  ),
  'sys.parameters': view(
    { object_id: INT, name: SYSNAME, parameter_id: INT, is_output: BIT, has_default_value: BIT },
    (env) =>
      objectsOf(env, 'procedure').flatMap((one) =>
        one.parameters.map(
          (parameter, place): Entry => ({
            object_id: one.id,
            name: `@${parameter.name}`,
            parameter_id: place + 1,
            is_output: Number(parameter.isOutput),
            has_default_value: 0,
          }),
        ),
      ),
  ),
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
