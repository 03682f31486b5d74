import { expect, test } from '@jest/globals';
import type { Case } from '../../../simulator/torture/cases.ts';
import { deal, type Worker } from '../../../simulator/torture/deal.ts';
import type { Task } from '../../../simulator/torture/tasks.ts';

const states = new Map(['one', 'two', 'servers'].map((name) => [name, new TextEncoder().encode(name)]));
const cases: readonly Case[] = [...states.keys()].flatMap((name) =>
  Array.from({ length: 170 }, (_, ordinal) => ({
    id: `${name}/clone#${ordinal}/busy`,
    state: `${name}/clone`,
    phase: 'clone',
    fault: 'busy',
    ordinal,
  })),
);

type Play = Extract<Task, { do: 'play' }>;

/** Works for as long as it has cases to play, in turns of the event loop. */
function busy(turnsACase: number, tasks: Play[]): Worker {
  return {
    async do(task) {
      if (task.do !== 'play') throw new Error(`Cases are dealt, and not ${task.do}.`);
      tasks.push(task);
      for (let turn = 0; turn < task.cases.length * turnsACase; turn++) await new Promise(setImmediate);
      return {};
    },
  };
}

test('every case is played once, by a worker that has the states of its scenario', async () => {
  const tasks: readonly Play[][] = [[], [], []];
  await deal(
    tasks.map((list) => busy(1, list)),
    cases,
    states,
  );
  const played = tasks.flat().flatMap((task) => task.cases.map(({ id }) => id));
  expect(played.sort()).toEqual(cases.map(({ id }) => id).sort());
  for (const list of tasks) {
    let known = '';
    for (const task of list) {
      if (task.states) known = new TextDecoder().decode(task.states);
      expect(new Set(task.cases.map(({ state }) => state))).toEqual(new Set([`${known}/clone`]));
    }
  }
});

test('a slow worker gets fewer cases, and at the end few at a time', async () => {
  const [quick, slow]: [Play[], Play[]] = [[], []];
  await deal([busy(1, quick), busy(3, slow)], cases, states);
  const count = (tasks: readonly Play[]) => tasks.flatMap((task) => task.cases).length;
  expect(count(quick) / count(slow)).toBeGreaterThan(2.5);
  expect(count(quick) / count(slow)).toBeLessThan(3.5);
  expect([...quick, ...slow].filter((task) => task.cases.length === 1).length).toBeGreaterThan(2);
});

test('when a worker ends, so does the sweep, and not as if all had been played', async () => {
  const dead: Worker = { do: () => Promise.reject(new Error('A worker of the sweep ended with 13.')) };
  await expect(deal([busy(1, []), dead], cases, states)).rejects.toThrow('ended with 13');
});
