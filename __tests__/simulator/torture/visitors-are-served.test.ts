import { expect, test } from '@jest/globals';
import type { History } from '../../../simulator/torture/history.ts';
import { visitorsAreServed } from '../../../simulator/torture/invariants/visitors-are-served.ts';
import { open, partsOf } from '../../in-process/zoo.ts';

const NEW: History = {
  originals: [],
  accepted: [],
  uploads: [],
  config: {},
  validated: {},
  routeChanges: 0,
  namesakes: {},
  nextWrite: 0,
  lastVisitAt: 0,
};

/** What is said of the last of these visits, each a status and the instance that answers. */
function saidOf(...visits: readonly (readonly [number, string])[]): string | undefined {
  const { world } = open();
  const serving = partsOf(world).production.occupant.instance?.id ?? 'none';
  const start = { world, history: NEW, phase: 'switch', scenario: 'lagging', undisturbed: undefined };
  const watcher = visitorsAreServed.watch({ ...start, allows: new Set(['errors']) });
  return visits
    .map(([status, by], at) => {
      const body = JSON.stringify({ instance: by === 'serving' ? serving : by });
      return watcher.visit?.({ now: at * 2_500, status, body });
    })
    .at(-1);
}

test('what somebody broke before us may linger at some front ends once it is swapped out', () => {
  expect(saidOf([500, 'broken'], [200, 'serving'], [500, 'broken'])).toBeUndefined();
});

type Visits = readonly (readonly [number, string])[];

test.each<[string, Visits]>([
  [
    'an instance that nobody had broken before',
    [
      [500, 'broken'],
      [200, 'serving'],
      [500, 'another'],
    ],
  ],
  [
    'what production runs, whoever broke it',
    [
      [500, 'serving'],
      [200, 'another'],
      [500, 'serving'],
    ],
  ],
  [
    'an error page of nobody’s',
    [
      [500, 'broken'],
      [200, 'serving'],
      [502, ''],
    ],
  ],
])('an error of %s is ours', (_, visits) => {
  expect(saidOf(...visits)).toMatch(/^a visitor got 50/);
});
