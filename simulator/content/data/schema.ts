import type { Condition, Expression, Query, TypeSyntax } from '../syntax/ast.ts';
import type { Action, ParameterSyntax, Statement } from '../syntax/statements.ts';
import type { SqlType } from '../values/sql-type.ts';

/** What a database defines: plain data that is never changed, only replaced. */
export interface Schema {
  /** Objects by `schema.name` in lower case. */
  readonly objects: ReadonlyMap<string, DbObject>;
  /** Schemas by lower-case name. */
  readonly schemas: ReadonlyMap<string, { readonly id: number; readonly name: string }>;
  readonly types: ReadonlyMap<
    string,
    {
      readonly id: number;
      readonly name: string;
      readonly schema: string;
      readonly type: SqlType;
      readonly isNullable: boolean;
    }
  >;
  readonly properties: readonly ExtendedProperty[];
  readonly nextId: number;
}

/** What sp_addextendedproperty keeps: descriptions, mostly. */
export interface ExtendedProperty {
  readonly name: string;
  readonly value: string;
  /** 0: the database, 1: an object or column, 3: a schema. */
  readonly class: 0 | 1 | 3;
  readonly majorId: number;
  /** The column's id, or 0. */
  readonly minorId: number;
}

export type DbObject = Table | View | Procedure | UserFunction | Sequence;

interface Named {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface Table extends Named {
  readonly kind: 'table';
  /** Where its rows are: in the content, with the session, or with the batch. */
  readonly home: 'content' | 'session' | 'batch';
  readonly columns: readonly Column[];
  readonly indexes: readonly Index[];
  readonly checks: readonly Check[];
  readonly foreignKeys: readonly ForeignKey[];
  /** How many places its rows have; those of dropped columns stay empty. */
  readonly places: number;
  readonly nextColumnId: number;
}

export interface Column {
  readonly id: number;
  readonly name: string;
  readonly type: SqlType;
  readonly isNullable: boolean;
  /** Where in a row its value is. */
  readonly place: number;
  readonly identity: { readonly seed: bigint; readonly increment: bigint } | undefined;
  readonly default: Default | undefined;
  readonly computed: { readonly text: string; readonly of: Expression; readonly isPersisted: boolean } | undefined;
}

export interface Default {
  readonly id: number;
  readonly name: string;
  readonly isSystemNamed: boolean;
  readonly text: string;
  readonly of: Expression;
}

export interface Index {
  readonly id: number;
  /** The constraint's object id; the index has none of its own. */
  readonly constraintId: number | undefined;
  readonly name: string;
  readonly isSystemNamed: boolean;
  readonly isUnique: boolean;
  readonly isPrimary: boolean;
  readonly isClustered: boolean;
  readonly columns: readonly { readonly place: number; readonly isDescending: boolean }[];
  readonly include: readonly number[];
  readonly filter: { readonly text: string; readonly of: Condition } | undefined;
  readonly ignoresDuplicates: boolean;
  readonly isDisabled: boolean;
}

export interface Check {
  readonly id: number;
  readonly name: string;
  readonly isSystemNamed: boolean;
  readonly text: string;
  readonly of: Condition;
  /** The places of the columns that it names. */
  readonly uses: readonly number[];
  readonly isEnabled: boolean;
  readonly isTrusted: boolean;
}

export interface ForeignKey {
  readonly id: number;
  readonly name: string;
  readonly isSystemNamed: boolean;
  readonly columns: readonly number[];
  readonly to: number;
  readonly toColumns: readonly number[];
  readonly onDelete: Action;
  readonly onUpdate: Action;
  readonly isEnabled: boolean;
  readonly isTrusted: boolean;
}

export interface View extends Named {
  readonly kind: 'view';
  readonly text: string;
  readonly columns: readonly string[];
  /** The names of its columns when it was made: `*` does not grow with its tables. */
  readonly shape: readonly string[];
  readonly query: Query;
}

export interface Procedure extends Named {
  readonly kind: 'procedure';
  readonly text: string;
  readonly parameters: readonly ParameterSyntax[];
  readonly body: readonly Statement[];
}

/** A function: of a body that returns a value, or of a query that is its table. */
export interface UserFunction extends Named {
  readonly kind: 'function';
  readonly text: string;
  readonly parameters: readonly ParameterSyntax[];
  readonly returns: TypeSyntax | undefined;
  readonly body: readonly Statement[];
  readonly query: Query | undefined;
}

export interface Sequence extends Named {
  readonly kind: 'sequence';
  readonly type: SqlType;
  readonly start: bigint;
  readonly increment: bigint;
}

export const EMPTY_SCHEMA: Schema = {
  objects: new Map(),
  schemas: new Map([
    ['dbo', { id: 1, name: 'dbo' }],
    ['guest', { id: 2, name: 'guest' }],
    ['information_schema', { id: 3, name: 'INFORMATION_SCHEMA' }],
    ['sys', { id: 4, name: 'sys' }],
  ]),
  types: new Map(),
  properties: [],
  nextId: 901_578_250,
};

function objectKey(schema: string, name: string): string {
  return `${schema}.${name}`.toLowerCase();
}

export function findObject(schema: Schema, owner: string, name: string): DbObject | undefined {
  return schema.objects.get(objectKey(owner, name));
}

export function tablesOf(schema: Schema): Table[] {
  return [...schema.objects.values()].filter((one) => one.kind === 'table');
}

export function tableById(schema: Schema, id: number): Table | undefined {
  for (const one of schema.objects.values()) if (one.id === id && one.kind === 'table') return one;
  return undefined;
}

export function columnNamed(table: Table, name: string): Column | undefined {
  const wanted = name.toLowerCase();
  return table.columns.find((one) => one.name.toLowerCase() === wanted);
}

export function columnAt(table: Table, place: number): Column {
  const column = table.columns.find((one) => one.place === place);
  if (column === undefined) throw new Error(`table ${table.name} has no column at ${place}`);
  return column;
}

/** The schema with an object put in, in place of one with the same name. */
export function withObject(schema: Schema, object: DbObject): Schema {
  const objects = new Map(schema.objects);
  objects.set(objectKey(object.schema, object.name), object);
  return { ...schema, objects };
}

export function withoutObject(schema: Schema, object: DbObject): Schema {
  const objects = new Map(schema.objects);
  objects.delete(objectKey(object.schema, object.name));
  return { ...schema, objects };
}

/** The names of constraints, which share their schema's names with objects. */
export function isNameTaken(schema: Schema, owner: string, name: string): boolean {
  if (findObject(schema, owner, name) !== undefined) return true;
  const wanted = name.toLowerCase();
  return tablesOf(schema).some(
    (table) =>
      table.schema.toLowerCase() === owner.toLowerCase() &&
      [
        ...table.checks,
        ...table.foreignKeys,
        ...table.indexes.filter((index) => index.constraintId !== undefined),
        ...table.columns.flatMap((column) => column.default ?? []),
      ].some((one) => one.name.toLowerCase() === wanted),
  );
}
