import type { ContentProblem } from '../problem.ts';
import type { Runner } from './runner.ts';
import { endTransaction } from './transaction.ts';

/** Thrown to leave a procedure or text (`scope`), or all of the batch. */
export class Ended {
  readonly what: 'scope' | 'batch';
  constructor(what: 'scope' | 'batch') {
    this.what = what;
  }
}

/**
 * What an error of a statement means: it is thrown on to a TRY that can catch it, or it is told to the client and the
 * statement, the scope or the batch ends.
 */
export function fail(runner: Runner, problem: ContentProblem): void {
  const { session, env, parts } = runner;
  env.state.error = problem.fault.number;
  // What the simulator does not know no CATCH may hide.
  if (problem.fault.number === 40000) {
    parts.push(problem.fault);
    endTransaction(runner);
    throw new Ended('batch');
  }
  const isAborting = session.options.isXactAbort && !problem.isRaised;
  const isCaught = runner.tries.some((level) => problem.compiledAt === undefined || level < problem.compiledAt);
  if (isCaught) {
    if (session.depth > 0 && (problem.reach === 'batch' || isAborting)) session.isDoomed = true;
    problem.isCaught = true;
    throw problem;
  }
  parts.push(problem.fault, ...problem.next);
  if (isAborting || problem.reach === 'batch') {
    endTransaction(runner);
    throw new Ended('batch');
  }
  if (problem.isThrown) throw new Ended('batch');
  if (problem.reach === 'scope') throw new Ended(runner.scope.level === 0 ? 'batch' : 'scope');
}
