import { type Call, isToAzure } from './call.ts';
import { faults } from './faults.ts';
import { killedThen, twoFaults } from './kinds.ts';
import { randomFrom, seedOf } from './seeded.ts';
import type { State } from './states.ts';

/** What goes wrong at a call, or from it on. */
export interface Trouble {
  readonly ordinal: number;
  readonly fault: string;
}

/**
 * A phase is killed at each call that changes something, as if before or after it, or so that Azure admits it a minute later, and another
 * phase follows meanwhile: at one call one of them, at the next call the next, or at each call all of them.
 */
export function otherPhases(
  state: State,
  stages: readonly string[],
  all: boolean,
  rotation: number,
): readonly Trouble[] {
  const others = stages.filter((stage) => stage !== state.stage);
  const turn = Math.abs(seedOf(state.id)) + rotation;
  return state.calls
    .filter(({ changes }) => changes)
    .flatMap((call, index) => {
      const { ordinal } = call;
      const late = isToAzure(call) ? KILLED[(index + rotation) % KILLED.length] : undefined;
      const killedAs = late ?? (index % 2 === 0 ? 'killed-after' : 'killed-before');
      const next = all ? others : others.filter((_, place) => place === (turn + index) % others.length);
      return next.map((stage) => ({ ordinal, fault: killedThen(killedAs, stage) }));
    });
}

const KILLED = ['killed-after', 'killed-late-60', 'killed-before', 'killed-late-5'] as const;

/** So many pairs of faults in one run, drawn by the name of the state: at most one of the two ends the run. */
export function pairs({ id, calls }: State, count: number, rotation: number): readonly Trouble[] {
  const random = randomFrom(seedOf(id) + rotation);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const drawn = Array.from({ length: count }, () => {
    const [first, second] = [pick(calls), pick(calls)].sort(
      (one, other) => (one?.ordinal ?? 0) - (other?.ordinal ?? 0),
    );
    if (first === undefined || second === undefined || first === second) return [];
    const [one, other] = [pick(fitting(first, calls).filter(goesOn)), pick(fitting(second, calls))];
    return one === undefined || other === undefined
      ? []
      : [{ ordinal: first.ordinal, fault: twoFaults(one, other, second.ordinal) }];
  });
  const names = new Map(drawn.flat().map((each) => [`${each.ordinal} ${each.fault}`, each]));
  return [...names.values()];
}

function fitting(call: Call, calls: readonly Call[]): readonly string[] {
  const before = calls.slice(0, call.ordinal - 1);
  return faults.filter((fault) => fault.fits(call, before)).map(({ name }) => name);
}

function goesOn(fault: string): boolean {
  return !/^(killed|ended|cancelled)/.test(fault);
}
