import { catalogueName, maxLength, precisionOf, SYSTEM_TYPES, scaleOf } from '../../catalogue/type-ids.ts';
import { constraintOf, constraintsOf } from '../../data/constraints.ts';
import { columnNamed, type DbObject, findObject, type Table, tablesOf } from '../../data/schema.ts';
import type { Env, Frame } from '../../env.ts';
import { unknownSql } from '../../problem.ts';
import { decimal, INT, nvarchar, type SqlType, SYSNAME, typeOf } from '../../values/sql-type.ts';
import type { Value } from '../../values/value.ts';
import { type Define, strict } from '../function-contract.ts';
import { splitParts } from './name-parts.ts';

const TEXT = nvarchar(776);

/** An object by its name in text, as OBJECT_ID reads it. */
export function objectNamed(env: Env, text: string): DbObject | undefined {
  const parts = splitParts(text);
  const [name = '', schema = '', database = ''] = [...parts].reverse();
  if (name.startsWith('#')) return env.temporary.get(name.toLowerCase());
  if (database !== '' && database.toLowerCase() !== env.caller.database.toLowerCase()) return undefined;
  return findObject(env.database().schema, schema === '' ? 'dbo' : schema, name);
}

function objectById(env: Env, id: number): DbObject | undefined {
  for (const one of env.database().schema.objects.values()) if (one.id === id) return one;
  return [...env.temporary.values()].find((one) => one.id === id);
}

/** An object, or a constraint with its table's schema. */
function namedById(env: Env, id: number): { readonly name: string; readonly schema: string } | undefined {
  const object = objectById(env, id);
  if (object !== undefined) return object;
  const constraint = tablesOf(env.database().schema)
    .flatMap(constraintsOf)
    .find((one) => one.id === id);
  return constraint && { name: constraint.name, schema: constraint.table.schema };
}

/** What OBJECT_ID's second argument means. */
const KINDS: Readonly<Record<string, string>> = { table: 'U', view: 'V', procedure: 'P', sequence: 'SO' };

function kindOf(object: DbObject): string | undefined {
  if (object.kind === 'function') return object.returns === undefined ? 'IF' : 'FN';
  return KINDS[object.kind];
}

function objectId(env: Env, text: string, kind: string | undefined): number | null {
  const found = objectNamed(env, text);
  const wanted = kind?.trim().toUpperCase();
  if (found !== undefined && (wanted === undefined || kindOf(found) === wanted)) return found.id;
  const [name = '', schema = ''] = [...splitParts(text)].reverse();
  const constraint = constraintOf(env.database().schema, schema === '' ? 'dbo' : schema, name);
  return constraint !== undefined && (wanted === undefined || constraint.type === wanted) ? constraint.id : null;
}

function define(
  type: SqlType,
  least: number,
  most: number,
  wants: readonly SqlType[],
  body: (env: Env, values: readonly NonNullable<Value>[]) => Value,
): Define {
  return (of) => ({
    ...strict(least, most, () => ({ type, wants, body: (values, frame: Frame) => body(frame.env, values) }))(of),
    uses: -1,
  });
}

function tableNamed(env: Env, text: Value | undefined): Table | undefined {
  const found = objectNamed(env, String(text));
  return found?.kind === 'table' ? found : undefined;
}

function identityOf(
  env: Env,
  text: Value | undefined,
  read: (identity: { seed: bigint; increment: bigint }, last: bigint | undefined) => bigint,
): Value {
  const table = tableNamed(env, text);
  const identity = table?.columns.find((one) => one.identity !== undefined)?.identity;
  return table === undefined || identity === undefined ? null : read(identity, env.data(table).identity);
}

/** Functions about what the database defines by upper-case name. */
export const METADATA_FUNCTIONS: Readonly<Record<string, Define>> = {
  OBJECT_ID: define(INT, 1, 2, [TEXT, nvarchar(2)], (env, [name, kind]) =>
    objectId(env, String(name), kind === undefined ? undefined : String(kind)),
  ),
  OBJECT_NAME: define(SYSNAME, 1, 2, [INT, INT], (env, [id]) => namedById(env, Number(id))?.name ?? null),
  OBJECT_SCHEMA_NAME: define(SYSNAME, 1, 2, [INT, INT], (env, [id]) => namedById(env, Number(id))?.schema ?? null),
  OBJECT_DEFINITION: define(nvarchar(-1), 1, 1, [INT], (env, [id]) => {
    const found = objectById(env, Number(id));
    return found?.kind === 'view' || found?.kind === 'procedure' || found?.kind === 'function' ? found.text : null;
  }),
  SCHEMA_ID: define(
    INT,
    0,
    1,
    [SYSNAME],
    (env, [name]) => env.database().schema.schemas.get(String(name ?? 'dbo').toLowerCase())?.id ?? null,
  ),
  SCHEMA_NAME: define(SYSNAME, 0, 1, [INT], (env, [id]) => {
    if (id === undefined) return 'dbo';
    return [...env.database().schema.schemas.values()].find((one) => one.id === Number(id))?.name ?? null;
  }),
  COL_LENGTH: define(typeOf('smallint'), 2, 2, [TEXT, SYSNAME], (env, [table, column]) => {
    const found = tableNamed(env, table);
    const type = found && columnNamed(found, String(column))?.type;
    return type === undefined ? null : maxLength(type);
  }),
  COL_NAME: define(SYSNAME, 2, 2, [INT, INT], (env, [id, column]) => {
    const found = objectById(env, Number(id));
    return found?.kind === 'table' ? (found.columns.find((one) => one.id === Number(column))?.name ?? null) : null;
  }),
  COLUMNPROPERTY: define(INT, 3, 3, [INT, SYSNAME, SYSNAME], (env, [id, name, property]) =>
    columnProperty(objectById(env, Number(id)), String(name), String(property)),
  ),
  OBJECTPROPERTY: define(INT, 2, 2, [INT, SYSNAME], (env, [id, property]) =>
    objectProperty(objectById(env, Number(id)), String(property)),
  ),
  OBJECTPROPERTYEX: define(INT, 2, 2, [INT, SYSNAME], (env, [id, property]) =>
    objectProperty(objectById(env, Number(id)), String(property)),
  ),
  INDEXPROPERTY: define(INT, 3, 3, [INT, SYSNAME, SYSNAME], (env, [id, name, property]) => {
    const found = objectById(env, Number(id));
    const index =
      found?.kind === 'table'
        ? found.indexes.find((one) => one.name.toLowerCase() === String(name).toLowerCase())
        : undefined;
    if (index === undefined) return null;
    const known: Readonly<Record<string, number>> = {
      isunique: Number(index.isUnique),
      isclustered: Number(index.isClustered),
      indexid: index.id,
      isdisabled: Number(index.isDisabled),
    };
    return known[String(property).toLowerCase()] ?? null;
  }),
  TYPE_ID: define(INT, 1, 1, [TEXT], (env, [name]) => {
    const wanted = (splitParts(String(name)).at(-1) ?? '').toLowerCase();
    const own = [...env.database().schema.types.values()].find((one) => one.name.toLowerCase() === wanted);
    return own?.id ?? SYSTEM_TYPES.find((one) => catalogueName(one.name) === wanted)?.id ?? null;
  }),
  TYPE_NAME: define(SYSNAME, 1, 1, [INT], (env, [id]) => {
    const own = [...env.database().schema.types.values()].find((one) => one.id === Number(id));
    const system = SYSTEM_TYPES.find((one) => one.id === Number(id));
    return own?.name ?? (system === undefined ? null : catalogueName(system.name));
  }),
  IDENT_CURRENT: define(decimal(38, 0), 1, 1, [TEXT], (env, [name]) =>
    identityOf(env, name, ({ seed }, last) => last ?? seed),
  ),
  IDENT_SEED: define(decimal(38, 0), 1, 1, [TEXT], (env, [name]) => identityOf(env, name, ({ seed }) => seed)),
  IDENT_INCR: define(decimal(38, 0), 1, 1, [TEXT], (env, [name]) =>
    identityOf(env, name, ({ increment }) => increment),
  ),
};

function columnProperty(object: DbObject | undefined, name: string, property: string): Value {
  const column = object?.kind === 'table' ? columnNamed(object, name) : undefined;
  if (column === undefined) return null;
  switch (property.toLowerCase()) {
    case 'allowsnull':
      return Number(column.isNullable);
    case 'isidentity':
      return Number(column.identity !== undefined);
    case 'iscomputed':
      return Number(column.computed !== undefined);
    case 'columnid':
    case 'ordinal':
      return column.id;
    case 'precision':
      return precisionOf(column.type) || column.type.length;
    case 'scale':
      return scaleOf(column.type);
    case 'charmaxlen':
      return column.type.length === 0 ? null : column.type.length;
    case 'isrowguidcol':
    case 'issparse':
    case 'ishidden':
    case 'generatedalwaystype':
      return 0;
    default:
      throw unknownSql(`COLUMNPROPERTY('${property}')`);
  }
}

function objectProperty(object: DbObject | undefined, property: string): Value {
  if (object === undefined) return null;
  const wanted = property.toLowerCase();
  const kinds: Readonly<Record<string, string>> = {
    istable: 'table',
    isusertable: 'table',
    isview: 'view',
    isprocedure: 'procedure',
  };
  const kind = kinds[wanted];
  if (kind !== undefined) return Number(object.kind === kind);
  if (wanted === 'ismsshipped') return 0;
  if (object.kind !== 'table') return 0;
  if (wanted === 'tablehasidentity') return Number(object.columns.some((one) => one.identity !== undefined));
  if (wanted === 'tablehasprimarykey') return Number(object.indexes.some((one) => one.isPrimary));
  if (wanted === 'tablehasforeignkey') return Number(object.foreignKeys.length > 0);
  if (wanted === 'tabletemporaltype') return 0;
  throw unknownSql(`OBJECTPROPERTY('${property}')`);
}
