import { type Case, casesOfAll } from './cases.ts';
import { type DepthName, depths } from './depth.ts';
import type { Outcome } from './outcome.ts';
import { inPart, type Part } from './part.ts';
import { runCase } from './run-case.ts';
import type { Scenario } from './scenarios.ts';
import { isAsPromised, type State, statesOf } from './states.ts';

/** Which part of the sweep a process does. */
interface Share {
  readonly index: number;
  readonly of: number;
  /** Every so many cases one; 1 for all. */
  readonly stride: number;
  readonly part: Part;
  readonly depth: DepthName;
  /** Which of what is played by turns. */
  readonly turn: number;
  readonly matches: (id: string) => boolean;
}

/** Plays a share of all cases, and tells of each as it ends. */
export async function sweep(
  scenarios: readonly Scenario[],
  share: Share,
  tell: (outcome: Outcome) => void,
): Promise<void> {
  const states = new Map<string, State>();
  for (const scenario of scenarios) for (const state of await statesOf(scenario)) states.set(state.id, state);
  if (share.index === 0 && share.part.index === 1) for (const state of states.values()) tell(undisturbedOutcome(state));
  const promised = [...states.values()].filter(isAsPromised);
  const cases = casesOfAll(promised, depths[share.depth], share.turn).filter((each) => share.matches(each.id));
  const chosen = inPart(
    cases.filter((_, index) => index % share.stride === 0),
    share.part,
  );
  for (const [index, each] of chosen.entries()) {
    if (index % share.of !== share.index) continue;
    const state = states.get(each.state);
    if (state) tell(await outcomeOf(state, each));
  }
}

async function outcomeOf(state: State, each: Case): Promise<Outcome> {
  const played = await runCase(state, each);
  const call = state.calls.find(({ ordinal }) => ordinal === each.ordinal);
  return {
    id: each.id,
    phase: each.phase,
    fault: each.fault,
    end: played.isGreen ? 'green' : 'red',
    runs: played.runs,
    violations: played.violations.map((violation) => ({ ...violation, call: call?.text ?? '' })),
  };
}

/** An undisturbed run that does not end as promised is a violation, too. */
function undisturbedOutcome(state: State): Outcome {
  return {
    id: `${state.id}#0/undisturbed`,
    phase: state.phase,
    fault: 'undisturbed',
    end: state.played.isGreen ? 'green' : 'red',
    runs: state.played.runs,
    violations: state.played.violations.map((violation) => ({ ...violation, call: '' })),
  };
}
