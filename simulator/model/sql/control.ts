import type { SqlValue } from '../../../src/ports.ts';
import { Unmodelled } from '../world.ts';
import { getAppLock, makeGlobalTable, releaseAppLock } from './app-locks.ts';
import { may, type SqlContext } from './context.ts';
import type { ControlStatement } from './control-statement.ts';
import { endSession, endSessionsOf, sessionsOf } from './end-session.ts';
import { evaluate } from './evaluate.ts';
import { fault } from './faults.ts';
import { inject } from './new-database.ts';
import { changePrincipals } from './principals.ts';
import { evaluateSelect, type RowSet } from './select-rows.ts';
import { SqlProblem } from './sql-problem.ts';
import type { Database } from './state.ts';
import type { StatementResult } from './statement-result.ts';

const NOTHING: RowSet = { columns: [], rows: [] };

/** Runs a batch of statements about the server; the last SELECT answers. */
export function runControl(context: SqlContext, statements: readonly ControlStatement[]): StatementResult {
  let answer = NOTHING;
  try {
    for (const one of statements) {
      if (one.kind === 'alter-read-only') {
        if (statements.length > 1)
          throw new SqlProblem(40530, 16, 'The ALTER DATABASE statement must be the only statement in the batch.');
        alterReadOnly(context, one);
      } else answer = run(context, one) ?? answer;
    }
  } catch (error) {
    if (error instanceof SqlProblem) return fault(error.number, error.class, error.message);
    throw error;
  }
  return { kind: 'rows', ...answer };
}

function run(context: SqlContext, one: Exclude<ControlStatement, { kind: 'alter-read-only' }>): RowSet | undefined {
  if (one.kind === 'select') return evaluateSelect(context, one.select);
  if (one.kind === 'declare')
    context.variables[one.name] = one.value === undefined ? null : evaluate(context, one.value, []);
  else if (one.kind === 'assign') context.variables[one.name] = evaluate(context, one.value, []);
  else if (one.kind === 'principal') changePrincipals(context, one.of);
  else if (one.kind === 'kill') kill(context, Number(evaluate(context, one.session, [])));
  else if (one.kind === 'global-table') makeGlobalTable(context, one.name);
  else if (one.kind === 'execute') execute(context, one);
  return undefined;
}

const ARGUMENTS: Record<string, string[]> = {
  sp_getapplock: ['resource', 'lockmode', 'lockowner', 'locktimeout', 'dbprincipal'],
  sp_releaseapplock: ['resource', 'lockowner', 'dbprincipal'],
};

function execute(context: SqlContext, one: ControlStatement & { kind: 'execute' }): void {
  const args: Record<string, SqlValue> = {};
  for (const [place, argument] of one.args.entries()) {
    const name = argument.name ?? ARGUMENTS[one.procedure]?.[place] ?? '';
    if (!ARGUMENTS[one.procedure]?.includes(name))
      throw new SqlProblem(8145, 16, `@${name} is not a parameter for procedure ${one.procedure}.`);
    args[name] = evaluate(context, argument.value, []);
  }
  const status = one.procedure === 'sp_getapplock' ? getAppLock(context, args) : releaseAppLock(context, args);
  if (one.result !== undefined) context.variables[one.result] = status;
}

/**
 * `ALTER DATABASE … SET READ_ONLY | READ_WRITE`. Others in the database: NO_WAIT fails with 5070, ROLLBACK ends
 * their sessions (after n seconds: now, the model cannot wait); without either SQL Server waits, the model refuses.
 */
function alterReadOnly(context: SqlContext, one: ControlStatement & { kind: 'alter-read-only' }): void {
  const database = one.database === undefined ? context.database : context.server.databases[one.database.toLowerCase()];
  const name = one.database ?? context.database?.name ?? 'master';
  const isReachable = database !== undefined && (context.database === undefined || context.database === database);
  if (
    !isReachable ||
    !(context.database === undefined ? context.rights.isServerAdministrator : may(context.rights, 'ALTER'))
  ) {
    throw new SqlProblem(
      5011,
      14,
      `User does not have permission to alter database '${name}', the database does not exist, or the database is not in a state that allows access checks.`,
    );
  }
  if (context.session.openTransactions > 0)
    throw new SqlProblem(226, 16, 'ALTER DATABASE statement not allowed within multi-statement transaction.');
  if (inject(context.world, 'alter-5061'))
    throw new SqlProblem(
      5061,
      16,
      `ALTER DATABASE failed because a lock could not be placed on database '${database.name}'. Try again later.`,
    );
  if (database.isReadOnly === one.isReadOnly) return;
  if (one.isReadOnly && context.world.variants['replicated-stays-open'] && isReplicated(context, database))
    throw new SqlProblem(
      1468,
      16,
      `The operation cannot be performed on database "${database.name}" because it is involved in a database mirroring session or an availability group.`,
    );
  const others = sessionsOf(context.world, database).filter((id) => id !== context.session.sessionId);
  if (others.length > 0) {
    if (one.otherwise === 'wait')
      throw new Unmodelled('ALTER DATABASE … SET waiting for other sessions: give WITH NO_WAIT or WITH ROLLBACK');
    if (one.otherwise === 'fail')
      throw new SqlProblem(
        5070,
        16,
        `Database state cannot be changed while other users are using the database '${database.name}'`,
      );
    endSessionsOf(context.world, database, context.now, context.session.sessionId);
  }
  database.isReadOnly = one.isReadOnly;
}

/** https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors (1468) */
function isReplicated({ server }: SqlContext, database: Database): boolean {
  const groups = Object.values(server.failoverGroups);
  return database.replicationLinks.length > 0 || groups.some(({ databases }) => databases.includes(database.name));
}

function kill(context: SqlContext, sessionId: number): void {
  if (!may(context.rights, 'KILL DATABASE CONNECTION'))
    throw new SqlProblem(6102, 14, 'User does not have permission to use the KILL statement.');
  if (sessionId === context.session.sessionId)
    throw new SqlProblem(6104, 16, 'Cannot use KILL to kill your own process.');
  const victim = context.world.sql.sessions[sessionId];
  if (victim === undefined || victim.databaseId !== context.session.databaseId)
    throw new SqlProblem(6106, 16, `Process ID ${sessionId} is not an active process ID.`);
  endSession(context.world, sessionId, context.now);
}
