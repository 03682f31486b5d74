import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { brokenLaws } from './laws.ts';
import { type Picture, start } from './picture.ts';
import { brokenPromise } from './promises.ts';
import { isOver, RUNS } from './reachable.ts';
import { after, run } from './walk.ts';

const BACK = ['rollback', { 'rollback-scope': 'code-and-database' }] as const;
const twice = after(['clone', 'read-only', 'switch', 'deploy', BACK, 'deploy', BACK], start());

const beginnings: Readonly<Record<string, Picture>> = {
  'nothing begun': start(),
  'two databases': start('catalog', 'shop'),
  'window open': after(['clone', 'read-only', 'switch'], start()),
  'two databases deployed': after(['clone', 'read-only', 'switch', 'deploy'], start('catalog', 'shop')),
  'rolled back twice': after(['validate', 'complete'], twice),
  completed: after(['clone', 'read-only', 'switch', 'deploy', 'validate', 'complete'], start()),
};

const move = fc.record({
  run: fc.nat(RUNS.length - 1),
  /** Killed after so many steps; most runs come to their end. */
  kill: fc.option(fc.nat(9), { freq: 3 }),
});

test('however runs follow one another, and wherever they are killed, every law and every promise is kept', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(beginnings)), fc.array(move, { maxLength: 14 }), (beginning, moves) => {
      let picture = beginnings[beginning] ?? start();
      for (const { run: index, kill } of moves) {
        if (isOver(picture)) return;
        const [phase, inputs, weather] = RUNS[index] ?? RUNS[0];
        const walk = run(picture, phase, inputs, weather);
        expect(walk.rounds.flatMap(brokenLaws)).toEqual([]);
        const calm = Object.keys(weather).length === 0;
        if (walk.stop === undefined && calm) expect(brokenPromise(phase, walk.picture)).toBeUndefined();
        const pictures = walk.rounds.flatMap((round) => round.pictures);
        picture = (kill === null ? undefined : pictures[kill]) ?? walk.picture;
      }
    }),
    { numRuns: 800 },
  );
});

test('a second run right after a green one changes nothing', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(beginnings)), fc.array(move, { maxLength: 8 }), (beginning, moves) => {
      let picture = beginnings[beginning] ?? start();
      for (const { run: index } of moves) {
        if (isOver(picture)) return;
        const [phase, inputs, weather] = RUNS[index] ?? RUNS[0];
        const walk = run(picture, phase, inputs, weather);
        picture = walk.picture;
        if (walk.stop !== undefined || Object.keys(weather).length > 0) continue;
        const again = run(picture, phase, inputs, weather);
        expect(again.stop).toBeUndefined();
        expect({ ...again.picture, second: 0 }).toEqual({ ...picture, second: 0 });
      }
    }),
    { numRuns: 120 },
  );
});
