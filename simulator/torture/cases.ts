import { type Call, requestOf } from './call.ts';
import { type Depth, USUAL } from './depth.ts';
import { faultNamed, faults } from './faults.ts';
import { readingAt, reads } from './reading.ts';
import { seedOf } from './seeded.ts';
import { beside } from './special-cases.ts';
import type { State } from './states.ts';
import { type Turns, turnsFrom } from './turns.ts';

/** One fault at one call of one stage from one state. */
export interface Case {
  /** `<state>#<call>/<fault>`: what `--replay` takes. */
  readonly id: string;
  readonly state: string;
  readonly phase: string;
  readonly fault: string;
  readonly ordinal: number;
}

/** The scenario that is played most thoroughly. */
const PLAIN = 'one';

/**
 * The cases of many states. A request is known by its phase, its path and what it sends: one that was met before, in another state or
 * another scenario, is not played in full again. A new write meets every fault that fits, in other scenarios than the plain one some of
 * them by turns; of new reads, and of writes that are new to a scenario, some meet one at least by turns, another one each time.
 * @param turn which of what is played by turns
 */
export function casesOfAll(states: readonly State[], depth: Depth = USUAL, turn = 0): Case[] {
  const turns = turnsFrom(turn);
  const stages = new Set<string>();
  return states.flatMap((state) => {
    const isPlain = state.scenario.name === PLAIN;
    const isNew = isFirstOf(stages, `${state.phase} ${[...new Set(state.calls.map(requestOf))].join('\n')}`);
    const besides = isNew ? beside(state, depth, isPlain, turns, turn) : [];
    return [
      ...state.calls.flatMap((call, index) => atCall(state, call, index, { depth, isPlain, isNew, turns, turn })),
      ...besides.map(({ ordinal, fault }) => caseAt(state, ordinal, fault)),
    ];
  });
}

interface Where {
  readonly depth: Depth;
  readonly isPlain: boolean;
  readonly isNew: boolean;
  readonly turns: Turns;
  readonly turn: number;
}

/** The faults of one call that are played. */
function atCall(state: State, call: Call, index: number, { depth, isPlain, isNew, turns, turn }: Where): Case[] {
  const before = state.calls.slice(0, index);
  const fitting = faults
    .filter((fault) => fault.fits(call, before) && (call.changes || reads(readingAt(call, before), fault.atReads)))
    .map(({ name }) => name);
  const request = `${state.phase} ${requestOf(call)}`;
  const isFirst = turns.isFirst(request);
  const isFirstHere = turns.isFirst(`${state.scenario.name} ${request}`);
  const does = call.changes ? 'write' : 'read';
  const stride = isFirst ? depth[does][isPlain ? 'plain' : 'new'] : depth[does].known;
  const met = isFirst ? 'new' : 'here';
  const isMet = isFirstHere && turns.isTurn(`${does} ${met}`, depth.met[does][met]);
  const one = isMet ? fitting[Math.abs(seedOf(request) + turn) % Math.max(fitting.length, 1)] : undefined;
  const isTaken = (fault: string) =>
    fault === one ||
    turns.isTurn(`${fault} ${stride}`, stride) ||
    (isNew &&
      faultNamed(fault).inFull === true &&
      turns.isTurn(`${fault} in full`, depth.inFull[isPlain ? 'plain' : 'others']));
  return fitting.filter(isTaken).map((fault) => caseAt(state, call.ordinal, fault));
}

function isFirstOf(known: Set<string>, what: string): boolean {
  const before = known.size;
  return known.add(what).size > before;
}

function caseAt({ id, phase }: State, ordinal: number, fault: string): Case {
  return { id: `${id}#${ordinal}/${fault}`, state: id, phase, fault, ordinal };
}
