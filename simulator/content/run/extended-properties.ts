import { columnNamed, type ExtendedProperty, findObject } from '../data/schema.ts';
import { ContentProblem, unknownSql } from '../problem.ts';
import type { Value } from '../values/value.ts';
import type { Runner } from './runner.ts';

type Arguments = (name: string, place: number) => Value;

/** sp_addextendedproperty, sp_updateextendedproperty and sp_dropextendedproperty. */
export function changeProperty(runner: Runner, does: 'add' | 'update' | 'drop', args: Arguments): void {
  const name = String(args('name', 0));
  const first = does === 'drop' ? 1 : 2;
  const level = (at: number) => args(`level${Math.floor(at / 2)}${at % 2 === 0 ? 'type' : 'name'}`, first + at);
  const target = targetOf(runner, [0, 1, 2, 3, 4, 5].map(level));
  const { env } = runner;
  const database = env.database();
  const isIt = (one: ExtendedProperty) =>
    one.name.toLowerCase() === name.toLowerCase() &&
    one.class === target.class &&
    one.majorId === target.majorId &&
    one.minorId === target.minorId;
  const isThere = database.schema.properties.some(isIt);
  if (does === 'add' && isThere)
    throw new ContentProblem(
      15233,
      `Property cannot be added. Property '${name}' already exists for the object specified.`,
    );
  if (does !== 'add' && !isThere)
    throw new ContentProblem(
      15217,
      `Cannot update or delete a property. Property '${name}' does not exist for the object specified.`,
    );
  const others = database.schema.properties.filter((one) => !isIt(one));
  const added = does === 'drop' ? [] : [{ ...target, name, value: String(args('value', 1) ?? '') }];
  env.replace({ ...database, schema: { ...database.schema, properties: [...others, ...added] } });
}

/** What the levels name: the database, a schema, an object of it, or a column of that. */
function targetOf(runner: Runner, levels: readonly Value[]): Pick<ExtendedProperty, 'class' | 'majorId' | 'minorId'> {
  const [kind, schema, objectKind, object, columnKind, column] = levels.map((one) =>
    one === null ? undefined : String(one),
  );
  if (kind === undefined) return { class: 0, majorId: 0, minorId: 0 };
  if (kind.toUpperCase() !== 'SCHEMA' && kind.toUpperCase() !== 'USER')
    throw unknownSql(`an extended property of a ${kind}`);
  const present = runner.env.database().schema;
  const owner = present.schemas.get((schema ?? '').toLowerCase());
  if (owner === undefined) throw notThere(schema);
  if (objectKind === undefined) return { class: 3, majorId: owner.id, minorId: 0 };
  const found = findObject(present, owner.name, object ?? '');
  if (found === undefined) throw notThere(`${schema}.${object}`);
  if (columnKind === undefined) return { class: 1, majorId: found.id, minorId: 0 };
  if (columnKind.toUpperCase() !== 'COLUMN' || found.kind !== 'table')
    throw unknownSql(`an extended property of a ${columnKind}`);
  const part = columnNamed(found, column ?? '');
  if (part === undefined) throw notThere(`${schema}.${object}.${column}`);
  return { class: 1, majorId: found.id, minorId: part.id };
}

function notThere(what: string | undefined): ContentProblem {
  return new ContentProblem(
    15135,
    `Object is invalid. Extended properties are not permitted on '${what ?? ''}', or the object does not exist.`,
  );
}
