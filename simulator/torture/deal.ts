import type { Case } from './cases.ts';
import type { Done, Task } from './tasks.ts';

export type Crew = readonly Worker[];

export interface Worker {
  /** One task at a time. Rejects when the worker has ended. */
  do(task: Task): Promise<Done>;
}

/** A message a case would cost nothing either, but what cases of a state share stays in the processor's cache. */
const MOST_AT_ONCE = 24;

/**
 * Gives cases to whoever is free, in their order, fewer at a time towards the end, so that all are done at the same time.
 * @param states of each scenario, see `packed-states.ts`
 */
export async function deal(crew: Crew, cases: readonly Case[], states: ReadonlyMap<string, Uint8Array>): Promise<void> {
  let next = 0;
  const take = () => {
    const first = cases[next];
    if (first === undefined) return undefined;
    const scenario = scenarioOf(first);
    const share = Math.ceil((cases.length - next) / (crew.length * 4));
    const some = cases.slice(next, next + Math.min(share, MOST_AT_ONCE));
    const other = some.findIndex((each) => scenarioOf(each) !== scenario);
    const taken = other < 0 ? some : some.slice(0, other);
    next += taken.length;
    return { scenario, cases: taken };
  };
  await Promise.all(
    crew.map(async (worker) => {
      let known: string | undefined;
      for (let taken = take(); taken !== undefined; taken = take()) {
        const { scenario, cases } = taken;
        const bytes = scenario === known ? undefined : states.get(scenario);
        known = scenario;
        await worker.do({ do: 'play', cases, ...(bytes && { states: bytes }) });
      }
    }),
  );
}

function scenarioOf({ state }: Case): string {
  return state.slice(0, state.indexOf('/'));
}
