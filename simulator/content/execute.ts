import { Cursor, type Token, tokenize } from '../model/sql/tokens.ts';
import type { TdsValue } from '../tds/handler-contract.ts';
import { parseBatch } from './batch.ts';
import { indexName } from './ddl.ts';
import { ContentProblem, unknownSql } from './problem.ts';
import { type Run, runStatements } from './run.ts';
import { splitAtCommas } from './statement-end.ts';
import { evaluate, fileOf, runStep } from './step.ts';
import { closing, quoteName } from './translate.ts';

interface Argument {
  readonly name: string | undefined;
  readonly value: TdsValue;
  /** The caller's variable that takes an OUTPUT value. */
  readonly into: string | undefined;
}

/** EXEC: of a string, of sp_executesql and sp_rename, of a procedure that was created here. */
export function runExecute(run: Run, tokens: readonly Token[]): void {
  if (tokens[0]?.text === '(') {
    const text = evaluate(run, tokens.slice(1, closing(tokens, 0)));
    inner(run, String(text), {}, run);
    return;
  }
  const isAssigned = tokens[0]?.kind === 'variable' && tokens[1]?.text === '=';
  const result = isAssigned ? tokens[0]?.value.toLowerCase() : undefined;
  const cursor = new Cursor(isAssigned ? tokens.slice(2) : tokens);
  let procedure = cursor.name();
  while (cursor.take('.')) procedure = cursor.name();
  const args = splitAtCommas(cursor.tokens.slice(cursor.place)).map((one) => argument(run, one));
  const status = call(run, procedure.toLowerCase(), procedure, args);
  if (result !== undefined) run.variables[result] = status;
}

function call(run: Run, name: string, written: string, args: readonly Argument[]): number {
  if (name === 'sp_executesql') {
    const values = Object.fromEntries(
      args.slice(2).map((one, place) => [one.name ?? declared(String(args[1]?.value ?? ''), place), one.value]),
    );
    const after = inner(run, String(args[0]?.value ?? ''), values, run);
    for (const [place, one] of args.slice(2).entries()) {
      if (one.into !== undefined)
        run.variables[one.into] = after[one.name ?? declared(String(args[1]?.value ?? ''), place)] ?? null;
    }
    return 0;
  }
  if (name === 'sp_rename') {
    rename(run, args);
    return 0;
  }
  return callCreated(run, written, args);
}

function rename(run: Run, args: readonly Argument[]): void {
  const [from, to, kind] = args.map((one) => String(one.value ?? ''));
  if (from === undefined || to === undefined)
    throw new ContentProblem(
      201,
      "Procedure or function 'sp_rename' expects parameter '@newname', which was not supplied.",
    );
  const parts = tokenize(from)
    .filter((token) => token.text !== '.')
    .map((token) => (token.kind === 'word' ? token.text : token.value));
  const names = parts[0]?.toLowerCase() === 'dbo' ? parts.slice(1) : parts;
  const [table = '', child = ''] = names;
  const sql = (): string => {
    if (kind === undefined || kind.toUpperCase() === 'OBJECT')
      return `ALTER TABLE ${quoteName(table)} RENAME TO ${quoteName(to)}`;
    if (kind.toUpperCase() === 'COLUMN')
      return `ALTER TABLE ${quoteName(table)} RENAME COLUMN ${quoteName(child)} TO ${quoteName(to)}`;
    throw unknownSql(`sp_rename of ${kind} ${indexName(table, child)}`);
  };
  runStep(run, { sql: sql(), does: 'schema', returns: false, isTemporary: false });
  run.parts.push({
    kind: 'message',
    text: 'Caution: Changing any part of an object name could break scripts and stored procedures.',
  });
}

/** Runs a procedure that CREATE PROCEDURE kept: its parameters, then its body. */
function callCreated(run: Run, name: string, args: readonly Argument[]): number {
  const rows = fileOf(run)
    .prepare('SELECT source FROM _procedures WHERE name = @name')
    .all({ name }) as unknown as string[][];
  const source = rows[0]?.[0];
  if (source === undefined) throw new ContentProblem(2812, `Could not find stored procedure '${name}'.`);
  const tokens = tokenize(source);
  const as = tokens.findIndex(
    (token) => token.kind === 'word' && token.value === 'AS' && tokens[tokens.indexOf(token) - 1]?.kind !== 'variable',
  );
  const head = tokens.slice(0, as).filter((token) => token.text !== '(' || tokens[0] !== token);
  const values: Record<string, TdsValue> = {};
  for (const [place, parameter] of splitAtCommas(head[0]?.kind === 'variable' ? head : head.slice(0, 0)).entries()) {
    const parameterName = parameter[0]?.value.toLowerCase() ?? '';
    const equals = parameter.findIndex((token) => token.text === '=');
    const given =
      args.find((one) => one.name === parameterName) ?? (args[place]?.name === undefined ? args[place] : undefined);
    if (given === undefined && equals < 0)
      throw new ContentProblem(
        201,
        `Procedure or function '${name}' expects parameter '@${parameterName}', which was not supplied.`,
      );
    values[parameterName] = given?.value ?? (equals < 0 ? null : evaluate(run, parameter.slice(equals + 1)));
  }
  const after = inner(run, source.slice(tokens[as]?.end), values, run);
  for (const one of args)
    if (one.into !== undefined && one.name !== undefined) run.variables[one.into] = after[one.name] ?? null;
  return 0;
}

/** Runs a batch inside this one, with variables of its own; gives them back as they are at its end. */
function inner(run: Run, sql: string, values: Record<string, TdsValue>, outer: Run): Record<string, TdsValue> {
  const variables = outer.variables;
  outer.variables = { ...values };
  try {
    runStatements(run, parseBatch(sql));
    return outer.variables;
  } finally {
    outer.variables = variables;
  }
}

function argument(run: Run, tokens: readonly Token[]): Argument {
  const isNamed = tokens[0]?.kind === 'variable' && tokens[1]?.text === '=';
  let value = isNamed ? tokens.slice(2) : tokens;
  const isOutput = ['OUTPUT', 'OUT'].includes(value.at(-1)?.value ?? '');
  if (isOutput) value = value.slice(0, -1);
  const into = isOutput && value[0]?.kind === 'variable' ? value[0].value.toLowerCase() : undefined;
  const name = isNamed ? tokens[0]?.value.toLowerCase() : undefined;
  const [only] = value;
  const isBareWord = value.length === 1 && only?.kind === 'word' && only.value !== 'NULL';
  return { name, into, value: isBareWord ? only.text : evaluate(run, value) };
}

/** The name of the n-th parameter in a declaration such as `@id int, @name nvarchar(50)`. */
function declared(declaration: string, place: number): string {
  return splitAtCommas(tokenize(declaration))[place]?.[0]?.value.toLowerCase() ?? `p${place + 1}`;
}
