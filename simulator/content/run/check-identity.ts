import { ContentProblem } from '../problem.ts';
import { objectNamed } from '../query/functions/metadata.ts';
import type { Statement } from '../syntax/statements.ts';
import { atomically, type Runner } from './runner.ts';
import { requireSchemaRight, valueNow } from './statement.ts';

/** DBCC CHECKIDENT: says the last identity value, or sets it. A table that never had a row begins with the value itself. */
export function checkIdentity(runner: Runner, of: Statement & { kind: 'check-identity' }): void {
  const name = String(valueNow(runner, of.table));
  const table = objectNamed(runner.env, name);
  if (table?.kind !== 'table')
    throw new ContentProblem(2501, `Cannot find a table or object with the name "${name}". Check the system catalog.`);
  const identity = table.columns.find((column) => column.identity !== undefined)?.identity;
  if (identity === undefined) throw new ContentProblem(7997, `'${name}' does not contain an identity column.`);
  const data = runner.env.data(table);
  const shown = data.identity === undefined ? 'NULL' : String(data.identity);
  runner.parts.push({ kind: 'message', text: `Checking identity information: current identity value '${shown}'.` });
  if (of.reseed?.value === undefined) return;
  if (table.home === 'content') requireSchemaRight(runner, { kind: 'create-schema', name: '', body: [] });
  const value = BigInt(Number(valueNow(runner, of.reseed.value) ?? 0));
  atomically(runner, () =>
    runner.env.store(table, { ...data, identity: data.identity === undefined ? value - identity.increment : value }),
  );
}
