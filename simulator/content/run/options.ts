import { ContentProblem, unknownSql } from '../problem.ts';
import { findSource, missingObject } from '../query/compiler.ts';
import type { Statement } from '../syntax/statements.ts';
import { compilerOf, type Runner } from './runner.ts';

/** Options that may be set to these values because the engine behaves so; `*`: to any, it does not feel it. */
const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  ANSI_NULLS: ['ON'],
  ANSI_NULL_DFLT_ON: ['ON'],
  ANSI_PADDING: ['ON'],
  ANSI_WARNINGS: ['ON'],
  ANSI_DEFAULTS: ['ON'],
  ARITHABORT: ['ON', 'OFF'],
  ARITHIGNORE: ['OFF'],
  CONCAT_NULL_YIELDS_NULL: ['ON'],
  CURSOR_CLOSE_ON_COMMIT: ['OFF'],
  NUMERIC_ROUNDABORT: ['OFF'],
  IMPLICIT_TRANSACTIONS: ['OFF'],
  FMTONLY: ['OFF'],
  NOEXEC: ['OFF'],
  PARSEONLY: ['OFF'],
  ROWCOUNT: ['0'],
  TEXTSIZE: ['*'],
  LOCK_TIMEOUT: ['*'],
  DEADLOCK_PRIORITY: ['*'],
  DATEFIRST: ['7'],
  DATEFORMAT: ['MDY'],
  LANGUAGE: ['US_ENGLISH', 'ENGLISH'],
  STATISTICS: ['*'],
  FORCEPLAN: ['*'],
  REMOTE_PROC_TRANSACTIONS: ['*'],
  QUERY_GOVERNOR_COST_LIMIT: ['*'],
};

export function setOption(runner: Runner, of: Statement & { kind: 'option' }): void {
  const { session } = runner;
  const isOn = of.value === 'ON';
  if (of.name === 'XACT_ABORT') session.options = { ...session.options, isXactAbort: isOn };
  else if (of.name === 'NOCOUNT') session.options = { ...session.options, isNoCount: isOn };
  else if (of.name === 'QUOTED_IDENTIFIER') session.options = { ...session.options, quotesAreText: !isOn };
  else if (of.name === 'IDENTITY_INSERT' && of.table !== undefined) setIdentityInsert(runner, of.table, isOn);
  else {
    const allowed = HARMLESS[of.name];
    const value = of.value.toUpperCase();
    if (allowed === undefined) throw unknownSql(`SET ${of.name}`);
    if (!allowed.includes('*') && !allowed.includes(value)) throw unknownSql(`SET ${of.name} ${value}`);
  }
}

function setIdentityInsert(runner: Runner, name: readonly string[], isOn: boolean): void {
  const { session } = runner;
  const table = findSource(compilerOf(runner), name);
  if (table?.kind !== 'table')
    throw table === undefined
      ? new ContentProblem(
          1088,
          `Cannot find the object "${name.join('.')}" because it does not exist or you do not have permissions.`,
        )
      : missingObject(name);
  if (!table.columns.some((column) => column.identity !== undefined))
    throw new ContentProblem(
      8106,
      `Table '${name.join('.')}' does not have the identity property. Cannot perform SET operation.`,
    );
  const present = session.options.identityInsert;
  if (isOn && present !== undefined && present !== table.id) {
    const other = [...runner.env.database().schema.objects.values()].find((one) => one.id === present);
    throw new ContentProblem(
      8107,
      `IDENTITY_INSERT is already ON for table '${runner.caller.database}.${other?.schema ?? 'dbo'}.${other?.name ?? ''}'. Cannot perform SET operation for table '${name.join('.')}'.`,
    );
  }
  if (isOn) session.options = { ...session.options, identityInsert: table.id };
  else if (present === table.id) session.options = { ...session.options, identityInsert: undefined };
}
