import { phaseNames } from '../../src/settings/phases.ts';
import { cloneWorld } from '../model/model.ts';
import { type Call, requestOf } from './call.ts';
import { otherPhases, pairs, type Trouble } from './combined.ts';
import type { Depth } from './depth.ts';
import { createsUnderKnownName, nameTaken } from './faults/name-taken.ts';
import { kindOf } from './kinds.ts';
import type { Operator } from './operator.ts';
import { operators } from './operators.ts';
import { readingAt } from './reading.ts';
import type { State } from './states.ts';
import type { Turns } from './turns.ts';

/** What is not one call going wrong, and of it what is played: some of each kind by turns. */
export function beside(state: State, depth: Depth, isPlain: boolean, turns: Turns, turn: number): readonly Trouble[] {
  const troubles = [
    ...specialCases(state, depth, isPlain, turns),
    ...otherPhases(state, OUT_OF_TURN, depth, turn),
    ...pairs(state, depth.pairs, turn),
  ];
  const stride = depth.special[isPlain ? 'plain' : 'others'];
  const kindOfTrouble = (fault: string) => (/^operator-/.test(fault) && isPlain ? fault : kindOf(fault).kind);
  return troubles.filter(
    ({ fault }) => isRare(fault) || turns.isTurn(`${stride} ${state.phase} ${kindOfTrouble(fault)}`, stride),
  );
}

/** What is not one call going wrong: other people, phases out of their turn, and two runs at once. */
function specialCases(state: State, depth: Depth, isPlain: boolean, turns: Turns): readonly Trouble[] {
  const at = (ordinal: number, fault: string): Trouble => ({ ordinal, fault });
  const reads = new Set(['preflight', 'status']);
  return [
    at(0, 'days-later'),
    at(0, 'everything-late'),
    ...operatorsFor(state).map(({ name }) => at(0, `operator-${name}`)),
    ...OUT_OF_TURN.filter((stage) => stage !== state.stage).map((stage) => at(0, `out-of-turn-${stage}`)),
    ...(reads.has(state.phase)
      ? []
      : beginnings(state, depth, isPlain, turns).map((ordinal) => at(ordinal, 'second-run'))),
    ...(reads.has(state.phase) ? [] : secondChange(state).map((ordinal) => at(ordinal, 'second-run-unlocked'))),
    ...beforeCreations(state).map((ordinal) => at(ordinal, nameTaken.name)),
    ...(state.phase === 'clone' ? state.calls.map(({ ordinal }) => at(ordinal, 'second-deployment')) : []),
  ];
}

/** Where the first run surely has the lease. */
function secondChange({ calls }: State): number[] {
  return calls
    .filter(({ changes, port }) => changes && port === 'http')
    .slice(1, 2)
    .map(({ ordinal }) => ordinal);
}

/** An operator who acts wherever there is something to do. */
function isRare(fault: string): boolean {
  return operators.some(({ name, isRare }) => isRare === true && fault === `operator-${name}`);
}

function operatorsFor({ world, history, now, stage }: State): Operator[] {
  const fitting = operators.filter(({ before }) => before?.test(stage) !== false);
  return fitting.filter((operator) => operator.apply(cloneWorld(world), now, structuredClone(history)));
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
 * Where a second run may begin: in the plainest scenario once at every request but a poll that finds what it found before; in the others
 * at every change, once between two of them, and before the first change, where it decides who comes first, at some (of `clone`, which
 * has no lease yet to take, at all).
 */
function beginnings({ calls, phase }: State, depth: Depth, isPlain: boolean, turns: Turns): number[] {
  const firstChange = calls.findIndex(({ changes }) => changes);
  const stride = phase === 'clone' ? 1 : depth.beginning;
  const isTaken = (call: Call, index: number) => {
    if (isPlain && depth.special.plain > 1)
      return isNewTo(call, index) && turns.isFirst(`${phase} second-run ${requestOf(call)}`);
    return (
      (isPlain && isNewTo(call, index)) ||
      call.changes ||
      calls[index - 1]?.changes === true ||
      (index <= firstChange && index % stride === 0)
    );
  };
  const isNewTo = (call: Call, index: number) => call.changes || readingAt(call, calls.slice(0, index)) !== 'poll';
  return calls.filter(isTaken).map(({ ordinal }) => ordinal);
}
