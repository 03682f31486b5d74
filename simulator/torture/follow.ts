import { type Way, waysIn } from '../../src/inputs/advice.ts';
import type { Act } from '../../src/settings/act.ts';
import { phaseNames } from '../../src/settings/phases.ts';
import { virtualClock } from '../in-process/virtual-clock.ts';
import { cloneWorld } from '../model/model.ts';
import { noFaults } from './no-faults.ts';
import { type Play, type Played, play } from './play.ts';
import type { Violated } from './watch.ts';

/** Longer ways than that are circles in which something counts on. */
const LONGEST = 6;

/**
 * What a red end tells people to do next, done as written, and what that tells, likewise: each way must end green or with a
 * person, never where it began. On copies of the world, so that every way begins at the same place.
 * @param broken where the phase ended red
 */
export async function follow(broken: Play, played: Played): Promise<readonly Violated[]> {
  if (played.isGreen || played.advice === undefined) return [];
  const ran: Act = { phase: phaseOf(broken.stage), inputs: broken.inputs ?? {} };
  const ways = waysIn(played.advice, ran);
  if (ways.length === 0) return [deadEnd('no way is told', [played])];
  const found: Violated[] = [];
  for (const way of ways) found.push(...(await walk(broken, way, [played])));
  return found;
}

async function walk(from: Play, way: Way, before: readonly Played[]): Promise<readonly Violated[]> {
  if (!('acts' in way)) return [];
  const at: Play = {
    ...from,
    world: cloneWorld(from.world),
    history: structuredClone(from.history),
    clock: virtualClock(from.clock.now()),
    faults: [noFaults],
    undisturbed: undefined,
    allows: new Set([...from.allows, 'red', 'different', 'errors', 'undone', 'operators']),
  };
  for (const { phase, inputs } of way.acts) {
    const played = await play({ ...at, stage: phase, inputs, mustEndRed: false });
    if (played.isGreen) continue;
    if (played.advice === undefined) return [];
    if (before.some((each) => wordsOf(each) === wordsOf(played))) return [deadEnd('in a circle', [...before, played])];
    if (before.length >= LONGEST) return [deadEnd('without an end', [...before, played])];
    const [next] = waysIn(played.advice, { phase, inputs }).filter((each) => 'acts' in each);
    return next === undefined ? [] : walk({ ...at, stage: phase, inputs }, next, [...before, played]);
  }
  return [];
}

function deadEnd(how: string, on: readonly Played[]): Violated {
  const words = on.map((each) => each.failures.at(-1)).join('\n -> ');
  return { invariant: 'advice-leads-out', what: `what to do next leads nowhere, ${how}: ${words}`, at: 'the end' };
}

/** Instants and durations differ each time. */
function wordsOf({ failures }: Played): string {
  return (failures.at(-1) ?? '').replaceAll(/\d+/g, 'N');
}

function phaseOf(stage: string): Act['phase'] {
  const found = phaseNames.find((phase) => phase === stage.split(':')[0]);
  if (found === undefined) throw new Error(`Stage ${stage} is of no phase.`);
  return found;
}
