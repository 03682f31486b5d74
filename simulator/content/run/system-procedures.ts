import { columnAt, type Index, type Table } from '../data/schema.ts';
import type { OutputColumn } from '../env.ts';
import { ContentProblem, unknownSql } from '../problem.ts';
import { objectNamed } from '../query/functions/metadata.ts';
import { nvarchar, type SqlType, SYSNAME, varchar } from '../values/sql-type.ts';
import type { Value } from '../values/value.ts';
import { changeProperty } from './extended-properties.ts';
import { rename } from './rename.ts';
import { atomically, type Runner } from './runner.ts';
import { pushRows, requireSchemaRight } from './statement.ts';

export interface SystemArgument {
  readonly name: string | undefined;
  readonly value: Value;
}

type Procedure = (runner: Runner, args: (name: string, place: number) => Value) => void;

const PROCEDURES: Readonly<Record<string, Procedure>> = {
  sp_rename(runner, args) {
    requireSchemaRight(runner, { kind: 'create-schema', name: '', body: [] });
    atomically(runner, () =>
      rename(
        runner,
        String(args('objname', 0)),
        String(args('newname', 1)),
        args('objtype', 2) === null ? undefined : String(args('objtype', 2)),
      ),
    );
  },
  sp_addextendedproperty: (runner, args) => property(runner, 'add', args),
  sp_updateextendedproperty: (runner, args) => property(runner, 'update', args),
  sp_dropextendedproperty: (runner, args) => property(runner, 'drop', args),
  sp_helpindex: (runner, args) => helpIndex(runner, String(args('objname', 0))),
  sp_refreshview: () => undefined,
  sp_recompile: () => undefined,
  sp_updatestats: () => undefined,
};

function property(runner: Runner, does: 'add' | 'update' | 'drop', args: (name: string, place: number) => Value): void {
  requireSchemaRight(runner, { kind: 'create-schema', name: '', body: [] });
  atomically(runner, () => changeProperty(runner, does, args));
}

export function isSystemProcedure(name: string): boolean {
  return name in PROCEDURES;
}

/** Calls a procedure of the system, its arguments by name or by place. */
export function callSystem(runner: Runner, name: string, given: readonly SystemArgument[]): void {
  const procedure = PROCEDURES[name];
  if (procedure === undefined) throw unknownSql(`the procedure ${name}`);
  procedure(
    runner,
    (wanted, place) =>
      given.find((one) => one.name === wanted)?.value ??
      (given[place]?.name === undefined ? (given[place]?.value ?? null) : null),
  );
}

/** The indexes of a table, as sp_helpindex describes them. */
function helpIndex(runner: Runner, name: string): void {
  const table = objectNamed(runner.env, name);
  if (table?.kind !== 'table')
    throw new ContentProblem(
      15009,
      `The object '${name}' does not exist in database '${runner.caller.database}' or is invalid for this operation.`,
    );
  const column = (columnName: string, type: SqlType): OutputColumn => ({ name: columnName, type, isNullable: true });
  if (table.indexes.length === 0) {
    runner.parts.push({
      kind: 'message',
      text: `The object '${name}' does not have any indexes, or you do not have permissions.`,
    });
    return;
  }
  const rows = [...table.indexes]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((index) => [index.name, description(index), keys(table, index)]);
  pushRows(
    runner,
    [column('index_name', SYSNAME), column('index_description', varchar(210)), column('index_keys', nvarchar(2078))],
    rows,
  );
}

function description(index: Index): string {
  const kinds = [index.isClustered ? 'clustered' : 'nonclustered'];
  if (index.isUnique) kinds.push('unique');
  if (index.isPrimary) kinds.push('primary key');
  else if (index.constraintId !== undefined) kinds.push('unique key');
  return `${kinds.join(', ')} located on PRIMARY`;
}

function keys(table: Table, index: Index): string {
  return index.columns
    .map(({ place, isDescending }) => `${columnAt(table, place).name}${isDescending ? '(-)' : ''}`)
    .join(', ');
}
