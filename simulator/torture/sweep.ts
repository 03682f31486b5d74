import { type Case, casesOfAll } from './cases.ts';
import { type DepthName, depths } from './depth.ts';
import type { Outcome } from './outcome.ts';
import { inPart, type Part, WHOLE } from './part.ts';
import { runCase } from './run-case.ts';
import { isAsPromised, type State } from './states.ts';

/** Which cases are played. */
export interface Choice {
  /** How many, see there. Default: usual. */
  readonly depth?: DepthName;
  /** Which of what is played by turns. Default: 0. */
  readonly turn?: number;
  /** Regular expression that their ids match. */
  readonly only: string;
  /** Of so many one; 1 for all. */
  readonly stride: number;
  /** Which part of them. Default: all. */
  readonly part?: Part;
}

/** A case, and what the call does that it is about. */
export interface ChosenCase extends Case {
  /** `between`: it is about no call, but lies between two phases. */
  readonly does: 'changes' | 'reads' | 'between';
}

export function chosenCases(
  states: readonly State[],
  { depth = 'usual', turn = 0, only, stride, part = WHOLE }: Choice,
): readonly ChosenCase[] {
  const pattern = new RegExp(only);
  const matching = casesOfAll(states.filter(isAsPromised), depths[depth], turn).filter(({ id }) => pattern.test(id));
  const chosen = inPart(
    matching.filter((_, index) => index % stride === 0),
    part,
  );
  const callsOf = new Map(states.map((state) => [state.id, new Map(state.calls.map((call) => [call.ordinal, call]))]));
  return chosen.map((each) => {
    const call = callsOf.get(each.state)?.get(each.ordinal);
    return { ...each, does: call === undefined ? 'between' : call.changes ? 'changes' : 'reads' };
  });
}

export async function outcomeOf(state: State, each: Case): Promise<Outcome> {
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
export function undisturbedOutcome(state: State): Outcome {
  return {
    id: `${state.id}#0/undisturbed`,
    phase: state.phase,
    fault: 'undisturbed',
    end: state.played.isGreen ? 'green' : 'red',
    runs: state.played.runs,
    violations: state.played.violations.map((violation) => ({ ...violation, call: '' })),
  };
}
