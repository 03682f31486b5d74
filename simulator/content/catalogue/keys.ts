import { columnAt, type ForeignKey, type Index, type Table, tableById, tablesOf } from '../data/schema.ts';
import type { Env } from '../env.ts';
import { BIGINT, BIT, INT, NVARCHAR_MAX, nvarchar, SYSNAME, typeOf } from '../values/sql-type.ts';
import { objectEntry } from './objects.ts';
import { type CatalogueView, type Entry, view } from './view-contract.ts';

const TINY = typeOf('tinyint');
const HEAD = {
  name: SYSNAME,
  object_id: INT,
  principal_id: INT,
  schema_id: INT,
  parent_object_id: INT,
  type: typeOf('char', 2),
  type_desc: nvarchar(60),
  is_ms_shipped: BIT,
};

function each<T>(env: Env, entries: (table: Table) => T[]): T[] {
  return tablesOf(env.database().schema).flatMap(entries);
}

function indexEntry(table: Table, index: Index): Entry {
  return {
    object_id: table.id,
    name: index.name,
    index_id: index.id,
    type: index.isClustered ? 1 : 2,
    type_desc: index.isClustered ? 'CLUSTERED' : 'NONCLUSTERED',
    is_unique: Number(index.isUnique),
    data_space_id: 1,
    ignore_dup_key: Number(index.ignoresDuplicates),
    is_primary_key: Number(index.isPrimary),
    is_unique_constraint: Number(index.constraintId !== undefined && !index.isPrimary),
    fill_factor: 0,
    is_padded: 0,
    is_disabled: Number(index.isDisabled),
    is_hypothetical: 0,
    allow_row_locks: 1,
    allow_page_locks: 1,
    has_filter: Number(index.filter !== undefined),
    filter_definition: index.filter?.text ?? null,
  };
}

/** A heap has a row too, without a name. */
function indexes(env: Env): Entry[] {
  return each(env, (table): Entry[] => [
    ...(table.indexes.some((one) => one.isClustered)
      ? []
      : [
          {
            object_id: table.id,
            index_id: 0,
            type: 0,
            type_desc: 'HEAP',
            is_unique: 0,
            data_space_id: 1,
            ignore_dup_key: 0,
            is_primary_key: 0,
            is_unique_constraint: 0,
            fill_factor: 0,
            is_padded: 0,
            is_disabled: 0,
            is_hypothetical: 0,
            allow_row_locks: 1,
            allow_page_locks: 1,
            has_filter: 0,
          },
        ]),
    ...table.indexes.map((one) => indexEntry(table, one)),
  ]);
}

function indexColumns(env: Env): Entry[] {
  return each(env, (table) =>
    table.indexes.flatMap((index) => [
      ...index.columns.map((one, place) => ({
        object_id: table.id,
        index_id: index.id,
        index_column_id: place + 1,
        column_id: columnAt(table, one.place).id,
        key_ordinal: place + 1,
        partition_ordinal: 0,
        is_descending_key: Number(one.isDescending),
        is_included_column: 0,
      })),
      ...index.include.map((place, order) => ({
        object_id: table.id,
        index_id: index.id,
        index_column_id: index.columns.length + order + 1,
        column_id: columnAt(table, place).id,
        key_ordinal: 0,
        partition_ordinal: 0,
        is_descending_key: 0,
        is_included_column: 1,
      })),
    ]),
  );
}

const ACTIONS = ['NO ACTION', 'CASCADE', 'SET NULL', 'SET DEFAULT'];

function foreignEntry(env: Env, table: Table, key: ForeignKey): Entry {
  const to = tableById(env.database().schema, key.to);
  return {
    ...objectEntry(env, { ...table, ...key }, 'F', table.id),
    referenced_object_id: key.to,
    key_index_id:
      to?.indexes.find((one) => one.isUnique && one.columns.every(({ place }) => key.toColumns.includes(place)))?.id ??
      1,
    is_disabled: Number(!key.isEnabled),
    is_not_for_replication: 0,
    is_not_trusted: Number(!key.isTrusted),
    delete_referential_action: ACTIONS.indexOf(key.onDelete),
    delete_referential_action_desc: key.onDelete.replace(' ', '_'),
    update_referential_action: ACTIONS.indexOf(key.onUpdate),
    update_referential_action_desc: key.onUpdate.replace(' ', '_'),
    is_system_named: Number(key.isSystemNamed),
  };
}

/** Views of indexes and constraints by lower-case name. */
export const KEY_VIEWS: Readonly<Record<string, CatalogueView>> = {
  'sys.indexes': view(
    {
      object_id: INT,
      name: SYSNAME,
      index_id: INT,
      type: TINY,
      type_desc: nvarchar(60),
      is_unique: BIT,
      data_space_id: INT,
      ignore_dup_key: BIT,
      is_primary_key: BIT,
      is_unique_constraint: BIT,
      fill_factor: TINY,
      is_padded: BIT,
      is_disabled: BIT,
      is_hypothetical: BIT,
      allow_row_locks: BIT,
      allow_page_locks: BIT,
      has_filter: BIT,
      filter_definition: NVARCHAR_MAX,
    },
    indexes,
  ),
  'sys.index_columns': view(
    {
      object_id: INT,
      index_id: INT,
      index_column_id: INT,
      column_id: INT,
      key_ordinal: TINY,
      partition_ordinal: TINY,
      is_descending_key: BIT,
      is_included_column: BIT,
    },
    indexColumns,
  ),
  'sys.key_constraints': view({ ...HEAD, unique_index_id: INT, is_system_named: BIT }, (env) =>
    each(env, (table) =>
      table.indexes.flatMap((one): Entry[] =>
        one.constraintId === undefined
          ? []
          : [
              {
                ...objectEntry(
                  env,
                  { ...table, id: one.constraintId, name: one.name },
                  one.isPrimary ? 'PK' : 'UQ',
                  table.id,
                ),
                unique_index_id: one.id,
                is_system_named: Number(one.isSystemNamed),
              },
            ],
      ),
    ),
  ),
  'sys.check_constraints': view(
    {
      ...HEAD,
      is_disabled: BIT,
      is_not_trusted: BIT,
      parent_column_id: INT,
      definition: NVARCHAR_MAX,
      is_system_named: BIT,
    },
    (env) =>
      each(env, (table) =>
        table.checks.map((one) => ({
          ...objectEntry(env, { ...table, ...one }, 'C', table.id),
          is_disabled: Number(!one.isEnabled),
          is_not_trusted: Number(!one.isTrusted),
          parent_column_id: one.uses.length === 1 ? columnAt(table, one.uses[0] ?? 0).id : 0,
          definition: one.text,
          is_system_named: Number(one.isSystemNamed),
        })),
      ),
  ),
  'sys.foreign_keys': view(
    {
      ...HEAD,
      referenced_object_id: INT,
      key_index_id: INT,
      is_disabled: BIT,
      is_not_for_replication: BIT,
      is_not_trusted: BIT,
      delete_referential_action: TINY,
      delete_referential_action_desc: nvarchar(60),
      update_referential_action: TINY,
      update_referential_action_desc: nvarchar(60),
      is_system_named: BIT,
    },
    (env) => each(env, (table) => table.foreignKeys.map((one) => foreignEntry(env, table, one))),
  ),
  'sys.foreign_key_columns': view(
    {
      constraint_object_id: INT,
      constraint_column_id: INT,
      parent_object_id: INT,
      parent_column_id: INT,
      referenced_object_id: INT,
      referenced_column_id: INT,
    },
    (env) =>
      each(env, (table) =>
        table.foreignKeys.flatMap((key) => {
          const to = tableById(env.database().schema, key.to);
          return key.columns.map((place, order) => ({
            constraint_object_id: key.id,
            constraint_column_id: order + 1,
            parent_object_id: table.id,
            parent_column_id: columnAt(table, place).id,
            referenced_object_id: key.to,
            referenced_column_id: to === undefined ? 0 : columnAt(to, key.toColumns[order] ?? 0).id,
          }));
        }),
      ),
  ),
  'sys.partitions': view(
    { partition_id: BIGINT, object_id: INT, index_id: INT, partition_number: INT, hobt_id: BIGINT, rows: BIGINT },
    (env) =>
      each(env, (table) =>
        [0, ...table.indexes.map((one) => one.id)]
          .filter((id) => id !== 0 || !table.indexes.some((one) => one.isClustered))
          .map((id) => ({
            partition_id: BigInt(table.id) * 256n + BigInt(id),
            object_id: table.id,
            index_id: id,
            partition_number: 1,
            hobt_id: BigInt(table.id) * 256n + BigInt(id),
            rows: BigInt(env.data(table).rows.size),
          })),
      ),
  ),
  // A page holds 8 KiB; how many rows fit is a guess, as how large they are.
  'sys.allocation_units': view(
    {
      allocation_unit_id: BIGINT,
      type: typeOf('tinyint'),
      type_desc: nvarchar(60),
      container_id: BIGINT,
      total_pages: BIGINT,
      used_pages: BIGINT,
    },
    (env) =>
      each(env, (table) => {
        const rows = env.data(table).rows.size;
        const pages = rows === 0 ? 0n : BigInt(1 + Math.ceil(rows / 50));
        return [0, ...table.indexes.map((one) => one.id)]
          .filter((id) => id !== 0 || !table.indexes.some((one) => one.isClustered))
          .map((id) => {
            const container = BigInt(table.id) * 256n + BigInt(id);
            const kind = { type: 1, type_desc: 'IN_ROW_DATA' };
            return {
              allocation_unit_id: container,
              ...kind,
              container_id: container,
              total_pages: pages,
              used_pages: pages,
            };
          });
      }),
  ),
  'sys.data_spaces': view(
    { name: SYSNAME, data_space_id: INT, type: typeOf('char', 2), type_desc: nvarchar(60), is_default: BIT },
    () => [{ name: 'PRIMARY', data_space_id: 1, type: 'FG', type_desc: 'ROWS_FILEGROUP', is_default: 1 }],
  ),
  'sys.filegroups': view(
    { name: SYSNAME, data_space_id: INT, type: typeOf('char', 2), type_desc: nvarchar(60), is_default: BIT },
    () => [{ name: 'PRIMARY', data_space_id: 1, type: 'FG', type_desc: 'ROWS_FILEGROUP', is_default: 1 }],
  ),
};
