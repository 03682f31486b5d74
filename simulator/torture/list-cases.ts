import { casesOfAll } from './cases.ts';
import { depths } from './depth.ts';
import type { Scenario } from './scenarios.ts';
import { isAsPromised, type State, statesOf } from './states.ts';

/** How often the sweep tries a fault, by what the call that meets it does. */
export interface Tried {
  changes: number;
  reads: number;
  /** Between two phases, where no call meets it. */
  between: number;
}

/** What the sweep of these scenarios would try, by fault, without trying it. */
export async function listCases(
  scenarios: readonly Scenario[],
  deep = false,
): Promise<Readonly<Record<string, Tried>>> {
  const states: State[] = [];
  for (const scenario of scenarios) states.push(...(await statesOf(scenario)));
  const tried: Record<string, Tried> = {};
  for (const { state, ordinal, fault } of casesOfAll(states.filter(isAsPromised), depths[deep ? 'deep' : 'usual'])) {
    const call = states.find(({ id }) => id === state)?.calls.find((each) => each.ordinal === ordinal);
    tried[fault] ??= { changes: 0, reads: 0, between: 0 };
    tried[fault][call === undefined ? 'between' : call.changes ? 'changes' : 'reads']++;
  }
  return tried;
}
