import { expect, test } from '@jest/globals';
import type { Stop } from '../../src/errors.ts';
import { waysIn } from '../../src/inputs/advice.ts';
import type { Act } from '../../src/settings/act.ts';
import { type Picture, start } from './picture.ts';
import { explore, identity, isOver } from './reachable.ts';
import { run } from './walk.ts';

/** Where following an advice has come to. */
interface Place {
  readonly picture: Picture;
  readonly stop: Stop;
  readonly ran: Act;
}

/** Longer ways than that are circles in which something counts on. */
const LONGEST = 9;

test.each<[string, Picture, { attempts: number; swaps: number }]>([
  ['one database until deploy begins', start(), { attempts: 0, swaps: 2 }],
  ['one database with one swap and one attempt', start(), { attempts: 1, swaps: 1 }],
])('each "what to do next", followed as written, leads out, and never in a circle: %s', (_name, from, bounds) => {
  const wrong = new Set<string>();
  const known = new Set<string>();
  let followed = 0;
  for (const { phase, inputs, walk } of explore(from, bounds)) {
    const { stop, picture } = walk;
    if (stop === undefined) continue;
    const found = deadEnd({ picture, stop, ran: { phase, inputs } }, [], known);
    followed++;
    if (found !== undefined) wrong.add(found);
  }
  expect([...wrong]).toEqual([]);
  expect(followed).toBeGreaterThan(100);
});

/** The way that leads nowhere, as the sentences on it; undefined: every way leads out. */
function deadEnd(place: Place, before: readonly Place[], known: Set<string>): string | undefined {
  const { picture, stop, ran } = place;
  const here = `${ran.phase} ${JSON.stringify(ran.inputs)}: ${stop.happened} ${stop.next}`;
  const path = [...before.map((each) => `${each.ran.phase}: ${each.stop.next}`), here].join('\n -> ');
  const mark = `${identity(picture)}\n${here}`;
  if (before.some((each) => each.stop.next === stop.next && identity(each.picture) === identity(picture)))
    return `in a circle:\n${path}`;
  if (known.has(mark)) return undefined;
  if (before.length >= LONGEST) return `without an end:\n${path}`;
  known.add(mark);
  const ways = waysIn(stop.next, ran);
  if (ways.length === 0) return `no way is told:\n${path}`;
  for (const way of ways) {
    const next = 'acts' in way ? follow(picture, way.acts) : undefined;
    const found = next && deadEnd(next, [...before, place], known);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where these runs, one after the other, come to a stop; undefined when all end green. */
function follow(from: Picture, acts: readonly Act[]): Place | undefined {
  let picture = from;
  for (const act of acts) {
    if (isOver(picture)) return undefined;
    const walk = run(picture, act.phase, act.inputs);
    if (walk.stop) return { picture: walk.picture, stop: walk.stop, ran: act };
    picture = walk.picture;
  }
  return undefined;
}
