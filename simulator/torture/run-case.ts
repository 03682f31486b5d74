import { virtualClock } from '../in-process/virtual-clock.ts';
import { cloneWorld } from '../model/model.ts';
import type { Case } from './cases.ts';
import { faultAt, faultNamed } from './faults.ts';
import { type Played, play } from './play.ts';
import type { State } from './states.ts';

/** Plays one case on a copy of its state. */
export function runCase(state: State, { fault: name, ordinal }: Case): Promise<Played> {
  const fault = faultNamed(name);
  return play({
    scenario: state.scenario,
    stage: state.stage,
    world: cloneWorld(state.world),
    history: structuredClone(state.history),
    clock: virtualClock(state.now),
    weathers: [faultAt(fault, ordinal)],
    undisturbed: state.undisturbed,
    comesLate: fault.comesLate ?? false,
    allows: new Set([...(fault.allows ?? []), ...(state.scenario.allows ?? [])]),
  });
}
