import { constraintsOf } from '../data/constraints.ts';
import { type DbObject, tablesOf } from '../data/schema.ts';
import type { Env } from '../env.ts';
import { converter } from '../values/convert.ts';
import { fromMilliseconds } from '../values/instant.ts';
import { BIGINT, BIT, DATETIME, DATETIME2, INT, NVARCHAR_MAX, nvarchar, SYSNAME, typeOf } from '../values/sql-type.ts';
import type { Value } from '../values/value.ts';
import { type CatalogueView, type Entry, view } from './view-contract.ts';

const toDatetime = converter(DATETIME2, DATETIME, { isExplicit: true });

const OBJECT = {
  name: SYSNAME,
  object_id: INT,
  principal_id: INT,
  schema_id: INT,
  parent_object_id: INT,
  type: typeOf('char', 2),
  type_desc: nvarchar(60),
  create_date: DATETIME,
  modify_date: DATETIME,
  is_ms_shipped: BIT,
  is_published: BIT,
  is_schema_published: BIT,
};

const TYPES: Readonly<Record<string, readonly [string, string]>> = {
  table: ['U ', 'USER_TABLE'],
  view: ['V ', 'VIEW'],
  procedure: ['P ', 'SQL_STORED_PROCEDURE'],
  function: ['FN', 'SQL_SCALAR_FUNCTION'],
  inline: ['IF', 'SQL_INLINE_TABLE_VALUED_FUNCTION'],
  sequence: ['SO', 'SEQUENCE_OBJECT'],
  PK: ['PK', 'PRIMARY_KEY_CONSTRAINT'],
  UQ: ['UQ', 'UNIQUE_CONSTRAINT'],
  F: ['F ', 'FOREIGN_KEY_CONSTRAINT'],
  C: ['C ', 'CHECK_CONSTRAINT'],
  D: ['D ', 'DEFAULT_CONSTRAINT'],
};

export function schemaId(env: Env, name: string): number {
  return env.database().schema.schemas.get(name.toLowerCase())?.id ?? 1;
}

function when(at: number): Value {
  return toDatetime(fromMilliseconds(at));
}

/** What every object has in the views of its kind. */
export function objectEntry(
  env: Env,
  of: { id: number; name: string; schema: string; createdAt: number; modifiedAt: number },
  kind: string,
  parent = 0,
): Entry {
  const [type = '', description = ''] = TYPES[kind] ?? [];
  return {
    name: of.name,
    object_id: of.id,
    schema_id: schemaId(env, of.schema),
    parent_object_id: parent,
    type,
    type_desc: description,
    create_date: when(of.createdAt),
    modify_date: when(of.modifiedAt),
    is_ms_shipped: 0,
    is_published: 0,
    is_schema_published: 0,
  };
}

export function objectsOf<K extends DbObject['kind']>(env: Env, kind: K): Extract<DbObject, { kind: K }>[] {
  return [...env.database().schema.objects.values()].filter(
    (one): one is Extract<DbObject, { kind: K }> => one.kind === kind,
  );
}

function kindOf(object: DbObject): string {
  return object.kind === 'function' && object.returns === undefined ? 'inline' : object.kind;
}

function allObjects(env: Env): Entry[] {
  const { objects } = env.database().schema;
  const constraints = tablesOf(env.database().schema).flatMap((table) =>
    constraintsOf(table).map((one) => objectEntry(env, { ...table, id: one.id, name: one.name }, one.type, table.id)),
  );
  return [...[...objects.values()].map((one) => objectEntry(env, one, kindOf(one))), ...constraints];
}

/** Views of objects by lower-case name. */
export const OBJECT_VIEWS: Readonly<Record<string, CatalogueView>> = {
  'sys.objects': view(OBJECT, allObjects),
  'sys.all_objects': view(OBJECT, allObjects),
  'sys.sysobjects': view(
    {
      name: SYSNAME,
      id: INT,
      xtype: typeOf('char', 2),
      type: typeOf('char', 2),
      uid: typeOf('smallint'),
      parent_obj: INT,
      crdate: DATETIME,
    },
    (env) =>
      allObjects(env).map((one) => ({
        name: one.name ?? null,
        id: one.object_id ?? null,
        xtype: one.type ?? null,
        type: one.type ?? null,
        uid: one.schema_id ?? null,
        parent_obj: one.parent_object_id ?? null,
        crdate: one.create_date ?? null,
      })),
  ),
  'sys.tables': view(
    {
      ...OBJECT,
      lob_data_space_id: INT,
      max_column_id_used: INT,
      lock_on_bulk_load: BIT,
      uses_ansi_nulls: BIT,
      is_replicated: BIT,
      is_memory_optimized: BIT,
      durability: typeOf('tinyint'),
      durability_desc: nvarchar(60),
      temporal_type: typeOf('tinyint'),
      temporal_type_desc: nvarchar(60),
      history_table_id: INT,
      is_external: BIT,
      is_filetable: BIT,
      is_node: BIT,
      is_edge: BIT,
      ledger_type: typeOf('tinyint'),
    },
    (env) =>
      objectsOf(env, 'table').map((one) => ({
        ...objectEntry(env, one, 'table'),
        max_column_id_used: one.nextColumnId - 1,
        lob_data_space_id: 0,
        lock_on_bulk_load: 0,
        uses_ansi_nulls: 1,
        is_replicated: 0,
        is_memory_optimized: 0,
        durability: 0,
        durability_desc: 'SCHEMA_AND_DATA',
        temporal_type: 0,
        temporal_type_desc: 'NON_TEMPORAL_TABLE',
        is_external: 0,
        is_filetable: 0,
        is_node: 0,
        is_edge: 0,
        ledger_type: 0,
      })),
  ),
  'sys.views': view({ ...OBJECT, with_check_option: BIT, is_date_correlation_view: BIT }, (env) =>
    objectsOf(env, 'view').map((one) => ({
      ...objectEntry(env, one, 'view'),
      with_check_option: 0,
      is_date_correlation_view: 0,
    })),
  ),
  'sys.procedures': view({ ...OBJECT, is_auto_executed: BIT }, (env) =>
    objectsOf(env, 'procedure').map((one) => ({ ...objectEntry(env, one, 'procedure'), is_auto_executed: 0 })),
  ),
  'sys.sequences': view(
    { ...OBJECT, start_value: BIGINT, increment: BIGINT, current_value: BIGINT, is_cycling: BIT, is_cached: BIT },
    (env) =>
      objectsOf(env, 'sequence').map((one) => ({
        ...objectEntry(env, one, 'sequence'),
        start_value: one.start,
        increment: one.increment,
        current_value: env.database().sequences.get(one.id) ?? one.start,
        is_cycling: 0,
        is_cached: 1,
      })),
  ),
  'sys.schemas': view({ name: SYSNAME, schema_id: INT, principal_id: INT }, (env) =>
    [...env.database().schema.schemas.values()].map((one) => ({ name: one.name, schema_id: one.id, principal_id: 1 })),
  ),
  'sys.sql_modules': view(
    {
      object_id: INT,
      definition: NVARCHAR_MAX,
      uses_ansi_nulls: BIT,
      uses_quoted_identifier: BIT,
      is_schema_bound: BIT,
    },
    (env) =>
      [...objectsOf(env, 'view'), ...objectsOf(env, 'procedure'), ...objectsOf(env, 'function')].map((one) => ({
        object_id: one.id,
        definition: one.text,
        uses_ansi_nulls: 1,
        uses_quoted_identifier: 1,
        is_schema_bound: 0,
      })),
  ),
  // What cannot be made here is not there either.
  'sys.triggers': view(
    {
      ...OBJECT,
      parent_class: typeOf('tinyint'),
      parent_class_desc: nvarchar(60),
      parent_id: INT,
      is_disabled: BIT,
      is_instead_of_trigger: BIT,
    },
    () => [],
  ),
  'sys.synonyms': view({ ...OBJECT, base_object_name: nvarchar(1035) }, () => []),
  'sys.extended_properties': view(
    {
      class: typeOf('tinyint'),
      class_desc: nvarchar(60),
      major_id: INT,
      minor_id: INT,
      name: SYSNAME,
      value: NVARCHAR_MAX,
    },
    (env) =>
      env.database().schema.properties.map((one) => ({
        class: one.class,
        class_desc: one.class === 0 ? 'DATABASE' : one.class === 3 ? 'SCHEMA' : 'OBJECT_OR_COLUMN',
        major_id: one.majorId,
        minor_id: one.minorId,
        name: one.name,
        value: one.value,
      })),
  ),
  'sys.table_types': view({ name: SYSNAME, type_table_object_id: INT, user_type_id: INT, schema_id: INT }, () => []),
};
