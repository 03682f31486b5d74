import { afterEach, expect, test } from '@jest/globals';
import { simulatedClock } from '../../../simulator/adapters/clock.ts';
import { type RunningWorld, runWorld } from '../../../simulator/adapters/running-world.ts';
import type { World } from '../../../simulator/model/world.ts';

interface Bell {
  readonly rings: number[];
  readonly due: number[];
}

const START = Date.UTC(2026, 0, 1);
/** A world in which bells ring at their instants. */
const motion = {
  advance: (world: World, now: number) => {
    const { rings, due } = world as unknown as Bell;
    while (due[0] !== undefined && due[0] <= now) rings.push(due.shift() ?? 0);
  },
  nextEventAt: (world: World) => (world as unknown as Bell).due[0],
};

let running: RunningWorld;
afterEach(() => running.stop());

test('what is due happens by itself, N times as fast as real time, and the listeners hear of it', async () => {
  const world: Bell = { rings: [], due: [START + 30_000] };
  running = runWorld(world as unknown as World, simulatedClock(START, 600), motion);
  const before = performance.now();
  await new Promise<void>((resolve) => running.onChange(resolve));
  expect(world.rings).toEqual([START + 30_000]);
  expect(performance.now() - before).toBeLessThan(1_000);
  expect(performance.now() - before).toBeGreaterThan(40);
});

test('a look at the world finds it brought to its own instant', () => {
  const world: Bell = { rings: [], due: [START - 1] };
  running = runWorld(world as unknown as World, simulatedClock(START, 1), motion);
  expect(running.read((now) => (now as unknown as Bell).rings)).toEqual([START - 1]);
});

test('a change may bring new events, which happen in their turn; many changes are told once', async () => {
  const world: Bell = { rings: [], due: [] };
  running = runWorld(world as unknown as World, simulatedClock(START, 1_000), motion);
  let told = 0;
  const rung = new Promise<void>((resolve) =>
    running.onChange(() => {
      told++;
      if (world.rings.length > 0) resolve();
    }),
  );
  for (let i = 0; i < 3; i++) running.change((now) => void (now as unknown as Bell).due.splice(0, 1, START + 50_000));
  await rung;
  expect(told).toBe(2);
});

test('a time scale that is no number above 0 is refused', () => {
  for (const scale of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => simulatedClock(START, scale)).toThrow('time scale');
  }
});
