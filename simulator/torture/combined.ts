import { type Call, isToAzure } from './call.ts';
import type { Depth } from './depth.ts';
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
 * phase follows meanwhile: of the ways to be killed and of the phases at one call one, at the next call the next, or at each call all.
 */
export function otherPhases(
  state: Pick<State, 'id' | 'stage' | 'calls'>,
  stages: readonly string[],
  { everyOther, everyKill }: Pick<Depth, 'everyOther' | 'everyKill'>,
  rotation: number,
): readonly Trouble[] {
  const others = stages.filter((stage) => stage !== state.stage);
  const turn = Math.abs(seedOf(state.id)) + rotation;
  return state.calls
    .filter(({ changes }) => changes)
    .flatMap((call, index) => {
      const { ordinal } = call;
      const ways = isToAzure(call) ? KILLED : AT_ONCE;
      const kills = ways.filter((_, place) => everyKill || place === (index + rotation) % ways.length);
      const next = everyOther ? others : others.filter((_, place) => place === (turn + index) % others.length);
      return kills.flatMap((killedAs) => next.map((stage) => ({ ordinal, fault: killedThen(killedAs, stage) })));
    });
}

/** A statement is run when it arrives or never: nothing of it comes late. */
const AT_ONCE = ['killed-after', 'killed-before'] as const;
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
