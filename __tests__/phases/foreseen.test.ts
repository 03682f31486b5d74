import { expect, test } from '@jest/globals';
import type { Step } from '../../src/steps/steps.ts';
import { identity } from './reachable.ts';
import { run, type Walk } from './walk.ts';
import { type Case, cases } from './ways.ts';

/** What only shows on the way whether it is wanted: whether a wait is over, whether what was created differs, whether anything is left. */
const ON_THE_WAY: ReadonlySet<Step['kind']> = new Set([
  ...(['await-copy', 'settle-swap', 'match-config', 'copy-retention', 'empty-slot', 'remove-mirror'] as const),
]);

function told(steps: readonly Step[]): readonly string[] {
  const words = steps
    // Copies of other apps, too, stop when nobody is on them.
    .filter(({ kind, of }) => !ON_THE_WAY.has(kind) && !(kind === 'stop-slot' && of !== undefined))
    .map((step) =>
      [step.kind, step.of, 'slot' in step && step.slot, 'database' in step && step.database, 'app' in step && step.app]
        .filter(Boolean)
        .join(' '),
    );
  // One that was started just now is proven already; what is open again is seen to be quiet once more.
  return words.filter(
    (each, index) => each !== words[index - 1] && (each !== 'await-quiet' || words.indexOf(each) === index),
  );
}

test('what a plan foresees at first is what is done in the end', () => {
  const wrong: unknown[] = [];
  for (const [{ way, before, phase, inputs }, { rounds }] of green()) {
    const [first] = rounds;
    const foreseen = told(first?.plan.flat() ?? []);
    const done = told(rounds.flatMap(({ plan }) => plan[0] ?? []));
    // Behind a swap back, and behind the proof of what is rolled back already, all is planned anew.
    const most =
      foreseen.at(-1) === 'post-swap' || before === 'rolledBack' ? Math.min(foreseen.length, done.length) : Infinity;
    if (JSON.stringify(foreseen.slice(0, most)) !== JSON.stringify(done.slice(0, most)))
      wrong.push({
        way,
        before,
        phase,
        inputs: JSON.stringify(inputs),
        foreseen: foreseen.join(', '),
        done: done.join(', '),
      });
  }
  expect(wrong).toEqual([]);
});

test('a run that is killed anywhere, and run again, leaves what an undisturbed one leaves', () => {
  const wrong: unknown[] = [];
  const tried = new Set<string>();
  for (const [{ way, before, phase, inputs }, { rounds, picture }] of green()) {
    const done = rounds.flatMap(({ plan }) => plan[0] ?? []);
    const what = `${phase}: ${told(done).join(', ')}`;
    if (tried.has(what)) continue;
    tried.add(what);
    for (const [index, left] of rounds.flatMap(({ pictures }) => pictures).entries()) {
      const again = run(left, phase, inputs);
      if (again.stop === undefined && withoutNumbers(again.picture) === withoutNumbers(picture)) continue;
      wrong.push({
        way,
        before,
        phase,
        inputs: JSON.stringify(inputs),
        behind: done[index]?.kind,
        stop: again.stop?.happened,
      });
    }
  }
  expect(wrong).toEqual([]);
  expect(tried.size).toBeGreaterThan(40);
});

function green(): readonly (readonly [Case, Walk])[] {
  return cases()
    .map((each) => [each, run(each.picture, each.phase, each.inputs)] as const)
    .filter(([, { stop }]) => stop === undefined);
}

/** Of swaps: one that was intended and not sent is intended anew. */
function withoutNumbers(picture: Walk['picture']): string {
  return identity(picture).replace(/"zdd-(swaps|settled-swaps)":"\d+"|"zdd-swap-intent":"\d+/g, '');
}
