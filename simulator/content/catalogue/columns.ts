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
import { COLLATION_NAME } from './collation.ts';
import { objectEntry, objectsOf } from './objects.ts';
import { maxLength, precisionOf, scaleOf, typeId } from './type-ids.ts';
import { type CatalogueView, type Entry, view } from './view-contract.ts';

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

/** Views of columns by lower-case name. */
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
};
