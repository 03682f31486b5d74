import type { Definer } from '../define/definer.ts';
import { compilerOf, type Runner } from './runner.ts';

/** What CREATE, ALTER and DROP work with, for a runner. */
export function definerOf(runner: Runner): Definer {
  const { session, env } = runner;
  return {
    env,
    compiler: () => compilerOf(runner),
    keepTemporary(name, table) {
      const temporary = new Map(session.temporary);
      if (table === undefined) temporary.delete(name);
      else temporary.set(name, table);
      session.temporary = temporary;
    },
    temporaryId() {
      session.nextTemporaryId -= 1;
      return session.nextTemporaryId;
    },
  };
}
