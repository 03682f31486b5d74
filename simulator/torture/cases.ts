import { phaseNames } from '../../src/settings/phases.ts';
import { cloneWorld } from '../model/model.ts';
import type { Call } from './call.ts';
import { otherPhases, pairs } from './combined.ts';
import type { AtReads } from './faults/fault.ts';
import { createsUnderKnownName, nameTaken } from './faults/name-taken.ts';
import { faultNamed, faults } from './faults.ts';
import type { Operator } from './operator.ts';
import { operators } from './operators.ts';
import type { State } from './states.ts';

/** One fault at one call of one stage from one state. */
export interface Case {
  /** `<state>#<call>/<fault>`: what `--replay` takes. */
  readonly id: string;
  readonly state: string;
  readonly phase: string;
  readonly fault: string;
  readonly ordinal: number;
}

/**
 * Every call in turn with each fault that fits. Calls that change something get them all; reads get those that say that
 * they matter there.
 */
function casesOf(state: State): Case[] {
  const cases: Case[] = [];
  state.calls.forEach((call, index) => {
    const before = state.calls.slice(0, index);
    const reading = call.changes ? undefined : readingAt(call, before);
    for (const fault of faults) {
      if (!fault.fits(call, before) || (reading !== undefined && !MEETS[reading].includes(fault.atReads))) continue;
      cases.push(caseAt(state, call.ordinal, fault.name));
    }
  });
  return cases;
}

/**
 * The cases of many states. A write gets every fault once for each phase that makes it, and then, from other states and in
 * other scenarios, one in some. Of the reads, which have proven harmless, a few are taken.
 */
export function casesOfAll(states: readonly State[], depth: Depth = USUAL): Case[] {
  const stages = new Set<string>();
  const writes = new Set<string>();
  const seen = new Map<string, number>();
  // Where the world does not allow a deployment, only that is asked: a look that fails is taken again by later phases.
  const played = states.filter(({ stage }) => !stage.endsWith(':refused'));
  return played.flatMap((state) => {
    const isFirst = state.scenario.name === 'one';
    const isNew = isFirstOf(stages, `${state.phase} ${[...new Set(state.calls.map(({ text }) => text))].join('\n')}`);
    const strides = new Map<number, number>();
    const times = new Map<string, number>();
    for (const { ordinal, text, changes } of state.calls) {
      const time = (times.get(text) ?? 0) + 1;
      times.set(text, time);
      const isKnown = changes && !isFirstOf(writes, `${state.phase} ${text} ${time}`);
      strides.set(ordinal, changes && !isKnown ? 1 : depth[changes ? 'write' : 'read'][isNew ? 'new' : 'known']);
    }
    const isTaken = (each: Case) => {
      const stride = strides.get(each.ordinal) ?? 1;
      return isEvery(seen, `${each.fault} ${stride}`, stride) || (isNew && faultNamed(each.fault).inFull === true);
    };
    const special = isNew
      ? specialCases(state, depth).filter(({ fault }, index) => isFirst || index % depth.special === 0 || isRare(fault))
      : [];
    const combined = isNew
      ? combinedCases(state, depth).filter((_, index) => isFirst || index % depth.special === 0)
      : [];
    return [...casesOf(state).filter(isTaken), ...special, ...combined];
  });
}

/** How many cases are played. */
export interface Depth {
  /** Of so many cases one, at calls that change something or only read. */
  readonly write: Readonly<Record<'new' | 'known', number>>;
  readonly read: Readonly<Record<'new' | 'known', number>>;
  readonly special: number;
  readonly beginning: number;
  /** Pairs of faults in one run of each kind. */
  readonly pairs: number;
  /** After a kill every other phase is tried, and not one. */
  readonly everyOther: boolean;
}

/** So that the whole takes a quarter of an hour on two cores at the most. */
const USUAL: Depth = {
  write: { new: 8, known: 40 },
  read: { new: 30, known: 80 },
  special: 5,
  beginning: 8,
  pairs: 4,
  everyOther: false,
};

/** Once, by night. */
export const DEEP: Depth = {
  write: { new: 2, known: 20 },
  read: { new: 10, known: 40 },
  special: 1,
  beginning: 4,
  pairs: 70,
  everyOther: true,
};

/** The first of its kind, and then every so many one: counted for each fault by itself, or the stride would miss some for ever. */
function isEvery(seen: Map<string, number>, kind: string, stride: number): boolean {
  const before = seen.get(kind) ?? 0;
  seen.set(kind, before + 1);
  return before % stride === 0;
}

function isFirstOf(known: Set<string>, what: string): boolean {
  const before = known.size;
  return known.add(what).size > before;
}

/** What is not one call going wrong: other people, phases out of their turn, and two runs at once. */
function specialCases(state: State, depth: Depth): Case[] {
  const at = (ordinal: number, fault: string) => caseAt(state, ordinal, fault);
  const reads = new Set(['preflight', 'status']);
  return [
    at(0, 'days-later'),
    at(0, 'everything-late'),
    ...operatorsFor(state).map(({ name }) => at(0, `operator-${name}`)),
    ...OUT_OF_TURN.filter((stage) => stage !== state.stage).map((stage) => at(0, `out-of-turn-${stage}`)),
    ...(reads.has(state.phase) ? [] : beginnings(state, depth).map((ordinal) => at(ordinal, 'second-run'))),
    ...beforeCreations(state).map((ordinal) => at(ordinal, nameTaken.name)),
    ...(state.phase === 'clone' ? state.calls.map(({ ordinal }) => at(ordinal, 'second-deployment')) : []),
  ];
}

/** Two faults in one run, and another phase soon after a run that was killed. */
function combinedCases(state: State, depth: Depth): Case[] {
  const troubles = [...otherPhases(state, OUT_OF_TURN, depth.everyOther), ...pairs(state, depth.pairs)];
  return troubles.map(({ ordinal, fault }) => caseAt(state, ordinal, fault));
}

function caseAt({ id, phase }: State, ordinal: number, fault: string): Case {
  return { id: `${id}#${ordinal}/${fault}`, state: id, phase, fault, ordinal };
}

/** An operator who acts wherever there is something to do. */
function isRare(fault: string): boolean {
  return operators.some(({ name, isRare }) => isRare === true && fault === `operator-${name}`);
}

function operatorsFor({ world, history, now }: State): Operator[] {
  return operators.filter((operator) => operator.apply(cloneWorld(world), now, structuredClone(history)));
}

/** Stages that are tried from every state, whether it is their turn or not. */
const OUT_OF_TURN: readonly string[] = phaseNames
  .filter((phase) => phase !== 'preflight')
  .flatMap((phase) => (phase === 'rollback' ? ['rollback:code', 'rollback:database', 'rollback:auto'] : [phase]));

/** The last looks before something is created under a name that is known before. */
function beforeCreations({ calls }: State): number[] {
  const creations = calls.flatMap((call, index) => (createsUnderKnownName(call) ? [index] : []));
  return creations.flatMap((index) =>
    calls.slice(Math.max(0, index - LAST_LOOKS), index).flatMap((call) => (call.changes ? [] : [call.ordinal])),
  );
}

const LAST_LOOKS = 4;

/**
 * Where a second run may begin: in the plainest scenario at every request but a poll that finds what it found before; in the others
 * at every change, once between two of them, and before the first change, where it decides who comes first, at some (of `clone`, which has no lease yet to take, at all).
 */
function beginnings({ calls, phase, scenario }: State, depth: Depth): number[] {
  const firstChange = calls.findIndex(({ changes }) => changes);
  const stride = phase === 'clone' ? 1 : depth.beginning;
  const isTaken = (call: Call, index: number) =>
    (scenario.name === 'one' && !call.changes && readingAt(call, calls.slice(0, index)) !== 'poll') ||
    call.changes ||
    calls[index - 1]?.changes === true ||
    (index <= firstChange && index % stride === 0);
  return calls.filter(isTaken).map(({ ordinal }) => ordinal);
}

/** How a read stands to the reads before it. */
type Reading = 'first-after-change' | 'new' | 'again' | 'poll';

/** The faults that a read meets, by what they say of themselves. */
const MEETS: Readonly<Record<Reading, readonly AtReads[]>> = {
  'first-after-change': ['first-after-change', 'new', 'all'],
  new: ['new', 'all'],
  again: ['all'],
  poll: [],
};

function readingAt(call: Call, before: readonly Call[]): Reading {
  if (before.at(-1)?.changes !== false) return 'first-after-change';
  const lastChange = before.findLastIndex((other) => other.changes);
  if (before.slice(lastChange + 1).some((other) => other.text === call.text)) return 'poll';
  if (!before.some((other) => other.text === call.text)) return 'new';
  return wasReadAfter(before[lastChange]?.text, call.text, before) ? 'poll' : 'again';
}

/** The same read has followed the same kind of change before. */
function wasReadAfter(change: string | undefined, read: string, before: readonly Call[]): boolean {
  let last: string | undefined;
  let current = 0;
  const lastChange = before.findLastIndex((other) => other.changes);
  for (const call of before) {
    if (call.changes) last = call.text;
    if (current++ >= lastChange) return false;
    if (!call.changes && last === change && call.text === read) return true;
  }
  return false;
}
