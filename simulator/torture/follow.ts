import { type Way, waysIn } from '../../src/inputs/advice.ts';
import type { Act } from '../../src/settings/act.ts';
import { phaseNames } from '../../src/settings/phases.ts';
import { virtualClock } from '../in-process/virtual-clock.ts';
import { cloneWorld } from '../model/model.ts';
import { noFaults } from './no-faults.ts';
import { type Play, type Played, play } from './play.ts';
import { inputsAgain, inputsOf } from './stages.ts';
import type { Violated } from './watch.ts';

/** Longer ways than that are circles in which something counts on. */
const LONGEST = 6;

/**
 * Plays, and does what is told at each red end as written, and what that tells, likewise: each way must end green or with a person,
 * never where it began. Before the last run only what leads elsewhere: to run it again is what playing does. On copies of the world,
 * so that every way begins at the same place.
 */
export async function playAndFollow(options: Play): Promise<Played> {
  const reds = new Map<string, { readonly at: Play; readonly ways: readonly Way[] }>();
  const ran = actOf(options);
  const played = await play({
    ...options,
    onRed(words, advice) {
      const ways = waysIn(advice, ran).filter((way) => 'acts' in way && !isSame(way.acts[0], ran));
      if (ways.length > 0 && !reds.has(words)) reds.set(words, { at: copyOf(options), ways });
    },
  });
  // The last one is followed in all its ways.
  if (!played.isGreen) reds.delete(played.failures.at(-1) ?? '');
  const violations = [...(await follow(options, played))];
  for (const [words, { at, ways }] of reds) {
    for (const way of ways) violations.push(...(await walk(at, way, [words])));
  }
  return { ...played, violations: [...played.violations, ...violations] };
}

/** The same of the end of what was played. */
export async function follow(broken: Play, played: Played): Promise<readonly Violated[]> {
  if (played.isGreen || played.advice === undefined) return [];
  const words = played.failures.at(-1) ?? '';
  const ways = waysIn(played.advice, actOf(broken));
  if (ways.length === 0) return [deadEnd('no way is told', [words])];
  const found: Violated[] = [];
  for (const way of ways) found.push(...(await walk(broken, way, [words])));
  return found;
}

async function walk(from: Play, way: Way, before: readonly string[]): Promise<readonly Violated[]> {
  if (!('acts' in way)) return [];
  const at: Play = {
    ...copyOf(from),
    faults: [noFaults],
    undisturbed: undefined,
    allows: new Set([...from.allows, 'red', 'different', 'errors', 'undone', 'operators']),
  };
  for (const { phase, inputs: given } of way.acts) {
    const inputs = withOtherApps(at, phase, given);
    const played = await play({ ...at, stage: phase, inputs, mustEndRed: false });
    if (played.isGreen) continue;
    if (played.advice === undefined) return [];
    const words = played.failures.at(-1) ?? '';
    if (before.some((each) => withoutNumbers(each) === withoutNumbers(words)))
      return [deadEnd('in a circle', [...before, words])];
    if (before.length >= LONGEST) return [deadEnd('without an end', [...before, words])];
    const [next] = waysIn(played.advice, { phase, inputs }).filter((each) => 'acts' in each);
    return next === undefined ? [] : walk({ ...at, stage: phase, inputs }, next, [...before, words]);
  }
  return [];
}

/** Of an input that names several apps, one a line, it is the line of one app that is given. */
function withOtherApps({ scenario, inputs: before }: Play, stage: string, given: Act['inputs']): Act['inputs'] {
  const lines = [inputsOf(scenario, stage), before, given].flatMap(
    (inputs) => inputs?.['other-apps']?.split('\n') ?? [],
  );
  if (given['other-apps'] === undefined) return given;
  const byApp = new Map(lines.map((line) => [line.split('=')[0]?.trim(), line]));
  return { ...given, 'other-apps': [...byApp.values()].join('\n') };
}

function copyOf(from: Play): Play {
  return {
    ...from,
    world: cloneWorld(from.world),
    history: structuredClone(from.history),
    clock: virtualClock(from.clock.now()),
  };
}

function actOf({ stage, inputs = inputsAgain(stage) }: Play): Act {
  return { phase: phaseOf(stage), inputs };
}

function isSame(act: Act | undefined, { phase, inputs }: Act): boolean {
  return act?.phase === phase && JSON.stringify(act.inputs) === JSON.stringify(inputs);
}

function deadEnd(how: string, on: readonly string[]): Violated {
  const words = on.join('\n -> ');
  return { invariant: 'advice-leads-out', what: `what to do next leads nowhere, ${how}: ${words}`, at: 'the end' };
}

/** Instants and durations differ each time. */
function withoutNumbers(words: string): string {
  return words.replaceAll(/\d+/g, 'N');
}

function phaseOf(stage: string): Act['phase'] {
  const found = phaseNames.find((phase) => phase === stage.split(':')[0]);
  if (found === undefined) throw new Error(`Stage ${stage} is of no phase.`);
  return found;
}
