import { logChanges } from './content-file.ts';
import { ContentProblem } from './problem.ts';
import type { Run } from './run.ts';
import { quoteName } from './translate.ts';

/**
 * BEGIN, COMMIT, ROLLBACK and SAVE TRANSACTION. Nested ones only count, as in SQL Server: the outermost commit
 * commits, any rollback rolls everything back. SQLite's transaction begins with the first write.
 */
export function runTransaction(run: Run, does: 'begin' | 'commit' | 'rollback' | 'save', name: string): void {
  const { session } = run;
  if (does === 'begin') {
    session.depth += 1;
    session.own ??= run.store.openOwn(session.contentId);
    return;
  }
  if (does === 'save') {
    if (session.isWriting) session.own?.db.exec(`SAVEPOINT ${quoteName(name)}`);
    return;
  }
  if (session.depth === 0) {
    const verb = does === 'commit' ? 'COMMIT' : 'ROLLBACK';
    throw new ContentProblem(
      does === 'commit' ? 3902 : 3903,
      `The ${verb} TRANSACTION request has no corresponding BEGIN TRANSACTION.`,
    );
  }
  if (does === 'rollback' && name !== '' && session.isWriting && isSavepoint(run, name)) return;
  session.depth = does === 'commit' ? session.depth - 1 : 0;
  if (session.depth > 0) return;
  if (session.isWriting && session.own !== undefined) {
    if (does === 'commit') logChanges(session.own, session.changes, run.now);
    session.own.db.exec(does === 'commit' ? 'COMMIT' : 'ROLLBACK');
    session.own.forget();
  }
  session.isWriting = false;
  session.changes = [];
  if (!session.hasTemporary) {
    session.own?.close();
    session.own = undefined;
  }
}

/** Rolls back to a savepoint; false when the name is the transaction's. */
function isSavepoint(run: Run, name: string): boolean {
  try {
    run.session.own?.db.exec(`ROLLBACK TO ${quoteName(name)}`);
    throw new ContentProblem(40000, 'The simulator does not model: a rollback to a savepoint followed by a commit');
  } catch (error) {
    if (error instanceof ContentProblem) throw error;
    return false;
  }
}
