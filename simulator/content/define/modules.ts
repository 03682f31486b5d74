import {
  findObject,
  type Procedure,
  type Sequence,
  type UserFunction,
  type View,
  withObject,
  withoutObject,
} from '../data/schema.ts';
import { ContentProblem, definitionProblem, unknownSql } from '../problem.ts';
import { type Compiler, splitName } from '../query/compiler.ts';
import { compileQuery, orderIsUseless } from '../query/query.ts';
import type { Query } from '../syntax/ast.ts';
import type { Definition, Module, Statement } from '../syntax/statements.ts';
import { declaredType } from '../values/declared.ts';
import { familyOf } from '../values/sql-type.ts';
import { requireSchema } from './create-table.ts';
import { type Definer, nextId, requireFree, schemaOf } from './definer.ts';

/** CREATE, ALTER and CREATE OR ALTER of views and procedures. */
export function defineModule(
  definer: Definer,
  of: Definition & { kind: 'module' },
  requireBody: (module: Module) => void,
): void {
  const { schema: owner, name } = splitName(definer.compiler(), of.name);
  const schema = requireSchema(definer, owner);
  const before = findObject(schemaOf(definer), schema, name);
  if (before !== undefined && before.kind !== of.what)
    throw definitionProblem(
      of.how === 'create' ? 2714 : 2010,
      `Cannot perform alter on '${of.name.join('.')}' because it is an incompatible object type.`,
    );
  if (before === undefined && of.how === 'alter')
    throw new ContentProblem(208, `Invalid object name '${of.name.join('.')}'.`, 16, 'batch');
  if (before !== undefined && of.how === 'create')
    throw definitionProblem(2714, `There is already an object named '${name}' in the database.`);
  if (before === undefined) requireFree(definer, schema, name);
  const { now } = definer.env;
  const { module } = of;
  const head = {
    id: before?.id ?? nextId(definer, 'content'),
    schema,
    name,
    createdAt: before?.createdAt ?? now,
    modifiedAt: now,
    text: module.text,
  };
  if (of.what === 'view') {
    if (module.query === undefined) throw new SyntaxError('AS');
    const shape = requireView(definer.compiler(), module, module.query, of.name.join('.'));
    const view: View = { ...head, kind: 'view', columns: module.columns, shape, query: module.query };
    put(definer, view);
    return;
  }
  requireBody(module);
  if (of.what === 'function') {
    requirePure(module.body);
    const { parameters, returns, body, query } = module;
    put(definer, { ...head, kind: 'function', parameters, returns, body, query });
    return;
  }
  const procedure: Procedure = { ...head, kind: 'procedure', parameters: module.parameters, body: module.body };
  put(definer, procedure);
}

/** 443: a function changes nothing but its own variables. */
function requirePure(statements: readonly Statement[]): void {
  for (const one of statements) {
    if (one.kind === 'block') requirePure(one.body);
    else if (one.kind === 'if') requirePure(one.otherwise === undefined ? [one.then] : [one.then, one.otherwise]);
    else if (one.kind === 'while') requirePure([one.body]);
    else if (!isPure(one))
      throw new ContentProblem(
        443,
        `Invalid use of a side-effecting operator '${one.kind.toUpperCase()}' within a function.`,
        16,
        'batch',
      );
  }
}

function isPure(of: Statement): boolean {
  if (of.kind === 'insert' || of.kind === 'update' || of.kind === 'delete' || of.kind === 'merge')
    return of.target.kind === 'variable';
  if (of.kind === 'select')
    return of.query.body.kind === 'select' && of.query.body.items.every((item) => item.kind === 'assign');
  return ['declare', 'declare-table', 'set', 'return', 'jump', 'nothing'].includes(of.kind);
}

function put(definer: Definer, object: View | Procedure | UserFunction | Sequence): void {
  const database = definer.env.database();
  definer.env.replace({ ...database, schema: withObject(database.schema, object) });
}

/** A view's query must compile, and each of its columns have a name of its own. */
function requireView(compiler: Compiler, module: Module, query: Query, name: string): string[] {
  const { order, offset, body } = query;
  if (order.length > 0 && offset === undefined && !(body.kind === 'select' && body.top !== undefined))
    throw orderIsUseless();
  if (body.kind === 'select' && body.items.some((item) => item.kind === 'assign'))
    throw unknownSql('a view that assigns variables');
  const { columns } = compileQuery({ ...compiler, variables: new Map(), temporary: new Map() }, query, undefined);
  const names = columns.map((column, place) => module.columns[place] ?? column.name);
  const unnamed = names.indexOf('');
  if (unnamed >= 0)
    throw definitionProblem(
      4511,
      `Create View or Function failed because no column name was specified for column ${unnamed + 1}.`,
    );
  const seen = new Set<string>();
  for (const one of names) {
    if (seen.has(one.toLowerCase()))
      throw definitionProblem(
        4506,
        `Column names in each view or function must be unique. Column name '${one}' in view or function '${name}' is specified more than once.`,
      );
    seen.add(one.toLowerCase());
  }
  return columns.map((column) => column.name);
}

/** CREATE SCHEMA. */
export function createSchema(definer: Definer, name: string): void {
  const schema = schemaOf(definer);
  if (schema.schemas.has(name.toLowerCase()))
    throw definitionProblem(2714, `There is already an object named '${name}' in the database.`);
  const schemas = new Map(schema.schemas);
  const id = Math.max(4, ...[...schemas.values()].map((one) => one.id)) + 1;
  schemas.set(name.toLowerCase(), { id, name });
  definer.env.replace({ ...definer.env.database(), schema: { ...schema, schemas } });
}

/** ALTER SCHEMA … TRANSFER. */
export function transfer(definer: Definer, of: Definition & { kind: 'transfer' }): void {
  const schema = requireSchema(definer, of.schema);
  const parts = splitName(definer.compiler(), of.name);
  const object = findObject(schemaOf(definer), parts.schema, parts.name);
  if (object === undefined)
    throw new ContentProblem(
      15151,
      `Cannot find the object '${parts.name}', because it does not exist or you do not have permission.`,
      16,
      'batch',
    );
  requireFree(definer, schema, object.name);
  const database = definer.env.database();
  definer.env.replace({
    ...database,
    schema: withObject(withoutObject(database.schema, object), { ...object, schema }),
  });
}

export function createSequence(definer: Definer, of: Definition & { kind: 'create-sequence' }): void {
  const { schema: owner, name } = splitName(definer.compiler(), of.name);
  const schema = requireSchema(definer, owner);
  requireFree(definer, schema, name);
  const type = declaredType(of.type, 'declaration', definer.compiler().ownType);
  if (familyOf(type) !== 'integer') throw unknownSql(`a sequence of ${type.name}`);
  const { now } = definer.env;
  put(definer, {
    kind: 'sequence',
    id: nextId(definer, 'content'),
    schema,
    name,
    createdAt: now,
    modifiedAt: now,
    type,
    start: of.start,
    increment: of.increment,
  });
}

export function createType(definer: Definer, of: Definition & { kind: 'create-type' }): void {
  const { schema: owner, name } = splitName(definer.compiler(), of.name);
  const schema = requireSchema(definer, owner);
  const type = declaredType(of.of, 'declaration');
  const present = schemaOf(definer);
  if (present.types.has(name.toLowerCase()))
    throw definitionProblem(
      219,
      `The type '${schema}.${name}' already exists, or you do not have permission to create it.`,
    );
  const types = new Map(present.types);
  types.set(name.toLowerCase(), { id: 257 + types.size, name, schema, type, isNullable: of.isNullable ?? true });
  definer.env.replace({ ...definer.env.database(), schema: { ...schemaOf(definer), types } });
}
