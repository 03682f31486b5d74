import { ContentProblem, unknownSql } from '../problem.ts';
import { snapshotOf } from '../session.ts';
import { goBack, type Runner } from './runner.ts';

/**
 * BEGIN, COMMIT, ROLLBACK and SAVE TRANSACTION. Nested ones only count, as in SQL Server: the outermost commit
 * commits, any rollback rolls everything back.
 */
export function runTransaction(runner: Runner, does: 'begin' | 'commit' | 'rollback' | 'save', name: string): void {
  switch (does) {
    case 'begin':
      begin(runner);
      return;
    case 'commit':
      commit(runner);
      return;
    case 'rollback':
      name === '' ? rollBack(runner) : rollBackTo(runner, name);
      return;
    case 'save':
      save(runner, name);
      return;
  }
}

function begin(runner: Runner): void {
  const { session } = runner;
  if (session.depth === 0) {
    session.beforeTransaction = snapshotOf(session);
    session.savepoints.clear();
  }
  session.depth += 1;
}

function commit(runner: Runner): void {
  const { session, store } = runner;
  if (session.depth === 0)
    throw new ContentProblem(3902, 'The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION.');
  if (session.isDoomed)
    throw new ContentProblem(
      3930,
      'The current transaction cannot be committed and cannot support operations that write to the log file. Roll back the transaction.',
    );
  session.depth -= 1;
  if (session.depth > 0) return;
  if (session.working !== undefined) store.commit(session.contentId, session.working, runner.env.now);
  session.working = undefined;
  session.beforeTransaction = undefined;
}

function rollBack(runner: Runner): void {
  if (runner.session.depth === 0)
    throw new ContentProblem(3903, 'The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION.');
  endTransaction(runner);
}

/** Rolls back whatever is open. */
export function endTransaction(runner: Runner): void {
  const { session } = runner;
  if (session.depth === 0) return;
  const before = session.beforeTransaction ?? { working: undefined, temporary: new Map(), temporaryData: new Map() };
  goBack(runner, before);
  session.depth = 0;
  session.isDoomed = false;
  session.working = undefined;
  session.beforeTransaction = undefined;
  session.savepoints.clear();
}

function save(runner: Runner, name: string): void {
  const { session } = runner;
  if (session.depth === 0)
    throw new ContentProblem(628, 'Cannot issue SAVE TRANSACTION when there is no active transaction.');
  if (session.isDoomed)
    throw new ContentProblem(
      3931,
      'The current transaction cannot be committed and cannot be rolled back to a savepoint. Roll back the entire transaction.',
    );
  session.savepoints.set(name, snapshotOf(session));
}

/** To a savepoint, after which the transaction goes on; a name that is none is the transaction's own. */
function rollBackTo(runner: Runner, name: string): void {
  const { session } = runner;
  const savepoint = session.savepoints.get(name);
  if (savepoint === undefined) {
    rollBack(runner);
    return;
  }
  if (session.isDoomed)
    throw new ContentProblem(
      3931,
      'The current transaction cannot be committed and cannot be rolled back to a savepoint. Roll back the entire transaction.',
    );
  if (session.depth === 0) throw unknownSql('a savepoint without a transaction');
  // The first write may have come after the savepoint: then the lock stays and the data go back to what was committed.
  const working =
    savepoint.working ?? (session.working === undefined ? undefined : runner.store.committed(session.contentId));
  goBack(runner, { ...savepoint, working });
}
