import { type ConstraintObject, constraintsOf } from '../data/constraints.ts';
import { columnAt, type Table, tableById, tablesOf } from '../data/schema.ts';
import type { Env } from '../env.ts';
import { INT, NVARCHAR_MAX, nvarchar, SYSNAME, varchar } from '../values/sql-type.ts';
import { objectsOf } from './objects.ts';
import { type CatalogueView, type Entry, view } from './view-contract.ts';

const KINDS = { PK: 'PRIMARY KEY', UQ: 'UNIQUE', F: 'FOREIGN KEY', C: 'CHECK', D: '' } as const;

function constraints(env: Env): ConstraintObject[] {
  return tablesOf(env.database().schema).flatMap((table) => constraintsOf(table).filter((one) => one.type !== 'D'));
}

function columnsOf(one: ConstraintObject): number[] {
  const { table } = one;
  const index = table.indexes.find((each) => each.constraintId === one.id);
  if (index !== undefined) return index.columns.map(({ place }) => place);
  return [...(table.foreignKeys.find((key) => key.id === one.id)?.columns ?? [])];
}

function named(env: Env, one: ConstraintObject): Entry {
  return {
    CONSTRAINT_CATALOG: env.caller.database,
    CONSTRAINT_SCHEMA: one.table.schema,
    CONSTRAINT_NAME: one.name,
    TABLE_CATALOG: env.caller.database,
    TABLE_SCHEMA: one.table.schema,
    TABLE_NAME: one.table.name,
  };
}

const NAMED = {
  CONSTRAINT_CATALOG: SYSNAME,
  CONSTRAINT_SCHEMA: SYSNAME,
  CONSTRAINT_NAME: SYSNAME,
  TABLE_CATALOG: SYSNAME,
  TABLE_SCHEMA: SYSNAME,
  TABLE_NAME: SYSNAME,
};

/** The unique constraint or index that a foreign key points at. */
function referenced(env: Env, table: Table, id: number) {
  const key = table.foreignKeys.find((one) => one.id === id);
  const to = key && tableById(env.database().schema, key.to);
  const index = to?.indexes.find(
    (one) =>
      one.isUnique &&
      one.columns.length === key?.toColumns.length &&
      one.columns.every(({ place }) => key.toColumns.includes(place)),
  );
  return { key, to, index };
}

/** INFORMATION_SCHEMA but its columns, by lower-case name. */
export const STANDARD_VIEWS: Readonly<Record<string, CatalogueView>> = {
  'information_schema.tables': view(
    { TABLE_CATALOG: SYSNAME, TABLE_SCHEMA: SYSNAME, TABLE_NAME: SYSNAME, TABLE_TYPE: varchar(10) },
    (env) =>
      (['table', 'view'] as const).flatMap((kind) =>
        objectsOf(env, kind).map((one) => ({
          TABLE_CATALOG: env.caller.database,
          TABLE_SCHEMA: one.schema,
          TABLE_NAME: one.name,
          TABLE_TYPE: kind === 'table' ? 'BASE TABLE' : 'VIEW',
        })),
      ),
  ),
  'information_schema.views': view(
    {
      TABLE_CATALOG: SYSNAME,
      TABLE_SCHEMA: SYSNAME,
      TABLE_NAME: SYSNAME,
      VIEW_DEFINITION: nvarchar(4000),
      CHECK_OPTION: varchar(7),
      IS_UPDATABLE: varchar(2),
    },
    (env) =>
      objectsOf(env, 'view').map((one) => ({
        TABLE_CATALOG: env.caller.database,
        TABLE_SCHEMA: one.schema,
        TABLE_NAME: one.name,
        VIEW_DEFINITION: one.text,
        CHECK_OPTION: 'NONE',
        IS_UPDATABLE: 'NO',
      })),
  ),
  'information_schema.schemata': view(
    { CATALOG_NAME: SYSNAME, SCHEMA_NAME: SYSNAME, SCHEMA_OWNER: SYSNAME, DEFAULT_CHARACTER_SET_NAME: SYSNAME },
    (env) =>
      [...env.database().schema.schemas.values()].map((one) => ({
        CATALOG_NAME: env.caller.database,
        SCHEMA_NAME: one.name,
        SCHEMA_OWNER: 'dbo',
        DEFAULT_CHARACTER_SET_NAME: 'iso_1',
      })),
  ),
  'information_schema.routines': view(
    {
      SPECIFIC_CATALOG: SYSNAME,
      SPECIFIC_SCHEMA: SYSNAME,
      SPECIFIC_NAME: SYSNAME,
      ROUTINE_CATALOG: SYSNAME,
      ROUTINE_SCHEMA: SYSNAME,
      ROUTINE_NAME: SYSNAME,
      ROUTINE_TYPE: nvarchar(20),
      ROUTINE_DEFINITION: nvarchar(4000),
    },
    (env) =>
      objectsOf(env, 'procedure').map((one) => ({
        SPECIFIC_CATALOG: env.caller.database,
        SPECIFIC_SCHEMA: one.schema,
        SPECIFIC_NAME: one.name,
        ROUTINE_CATALOG: env.caller.database,
        ROUTINE_SCHEMA: one.schema,
        ROUTINE_NAME: one.name,
        ROUTINE_TYPE: 'PROCEDURE',
        ROUTINE_DEFINITION: one.text,
      })),
  ),
  'information_schema.table_constraints': view(
    { ...NAMED, CONSTRAINT_TYPE: varchar(11), IS_DEFERRABLE: varchar(2), INITIALLY_DEFERRED: varchar(2) },
    (env) =>
      constraints(env).map((one) => ({
        ...named(env, one),
        CONSTRAINT_TYPE: KINDS[one.type],
        IS_DEFERRABLE: 'NO',
        INITIALLY_DEFERRED: 'NO',
      })),
  ),
  'information_schema.key_column_usage': view({ ...NAMED, COLUMN_NAME: SYSNAME, ORDINAL_POSITION: INT }, (env) =>
    constraints(env).flatMap((one) =>
      columnsOf(one).map((place, order) => ({
        ...named(env, one),
        COLUMN_NAME: columnAt(one.table, place).name,
        ORDINAL_POSITION: order + 1,
      })),
    ),
  ),
  'information_schema.constraint_column_usage': view({ ...NAMED, COLUMN_NAME: SYSNAME }, (env) =>
    constraints(env).flatMap((one) => {
      const check = one.table.checks.find((each) => each.id === one.id);
      return (check?.uses ?? columnsOf(one)).map((place) => ({
        ...named(env, one),
        COLUMN_NAME: columnAt(one.table, place).name,
      }));
    }),
  ),
  'information_schema.constraint_table_usage': view(NAMED, (env) => constraints(env).map((one) => named(env, one))),
  'information_schema.referential_constraints': view(
    {
      CONSTRAINT_CATALOG: SYSNAME,
      CONSTRAINT_SCHEMA: SYSNAME,
      CONSTRAINT_NAME: SYSNAME,
      UNIQUE_CONSTRAINT_CATALOG: SYSNAME,
      UNIQUE_CONSTRAINT_SCHEMA: SYSNAME,
      UNIQUE_CONSTRAINT_NAME: SYSNAME,
      MATCH_OPTION: varchar(7),
      UPDATE_RULE: varchar(11),
      DELETE_RULE: varchar(11),
    },
    (env) =>
      constraints(env)
        .filter((one) => one.type === 'F')
        .map((one) => {
          const { key, to, index } = referenced(env, one.table, one.id);
          return {
            ...named(env, one),
            UNIQUE_CONSTRAINT_CATALOG: env.caller.database,
            UNIQUE_CONSTRAINT_SCHEMA: to?.schema ?? null,
            UNIQUE_CONSTRAINT_NAME: index?.name ?? null,
            MATCH_OPTION: 'SIMPLE',
            UPDATE_RULE: key?.onUpdate ?? null,
            DELETE_RULE: key?.onDelete ?? null,
          };
        }),
  ),
  'information_schema.check_constraints': view(
    { CONSTRAINT_CATALOG: SYSNAME, CONSTRAINT_SCHEMA: SYSNAME, CONSTRAINT_NAME: SYSNAME, CHECK_CLAUSE: NVARCHAR_MAX },
    (env) =>
      tablesOf(env.database().schema).flatMap((table) =>
        table.checks.map((one) => ({
          CONSTRAINT_CATALOG: env.caller.database,
          CONSTRAINT_SCHEMA: table.schema,
          CONSTRAINT_NAME: one.name,
          CHECK_CLAUSE: one.text,
        })),
      ),
  ),
};
