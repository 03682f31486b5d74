import { expect, test } from '@jest/globals';
import type { PhaseName } from '../../src/settings/phases.ts';
import { changesSomething, type Step } from '../../src/steps/steps.ts';
import type { Picture } from './picture.ts';
import { inWords } from './reachable.ts';
import { run, type Walk } from './walk.ts';
import { type Case, cases } from './ways.ts';

/** What only shows on the way whether it is wanted: whether a wait is over, whether what was created differs, whether anything is left to empty. */
const ON_THE_WAY: ReadonlySet<Step['kind']> = new Set([
  ...(['await-copy', 'settle-swap', 'match-config', 'empty-slot', 'remove-mirror'] as const),
]);

function told(steps: readonly Step[]): readonly string[] {
  const words = steps
    .filter(({ kind }) => !ON_THE_WAY.has(kind))
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

test('whole deployments: plans are honest, any run may be killed anywhere, and a second one changes nothing', () => {
  const tried = new Set<string>();
  const wrong = green().flatMap(([{ way, before, phase, inputs }, { rounds, picture }]) => {
    const where = `${phase} after ${before}, ${way}, ${JSON.stringify(inputs)}`;
    const done = rounds.flatMap(({ plan }) => plan[0] ?? []);
    const sequence = `${phase}: ${told(done).join(', ')}`;
    const isNew = !tried.has(sequence);
    tried.add(sequence);
    return [
      ...notForeseen(before, rounds).map((what) => `What is foreseen at first is not what is done: ${where}: ${what}`),
      ...again(phase, inputs, picture).map(
        (what) => `A second run right after a green one does more: ${where}: ${what}`,
      ),
      ...(isNew ? afterKills(phase, inputs, { rounds, picture, stop: undefined }) : []).map(
        (what) => `A run that was killed, and run again, leaves something else: ${where}: ${what}`,
      ),
    ];
  });
  expect(wrong).toEqual([]);
  expect(tried.size).toBeGreaterThan(40);
});

function notForeseen(before: string, rounds: Walk['rounds']): readonly string[] {
  const foreseen = told(rounds[0]?.plan.flat() ?? []);
  const done = told(rounds.flatMap(({ plan }) => plan[0] ?? []));
  // Behind a swap back, and behind the proof of what is rolled back already, all is planned anew.
  const isOpen = foreseen.at(-1) === 'post-swap' || before === 'rolledBack';
  const most = isOpen ? Math.min(foreseen.length, done.length) : Number.POSITIVE_INFINITY;
  const [one, other] = [foreseen, done].map((all) => all.slice(0, most).join(', '));
  return one === other ? [] : [`${one} / ${other}`];
}

function again(phase: PhaseName, inputs: Case['inputs'], picture: Picture): readonly string[] {
  const { rounds, stop } = run(picture, phase, inputs);
  const steps = rounds.flatMap(({ plan }) => plan[0] ?? []).filter(changesSomething);
  // Each "validate" gives its own verdict.
  const more = steps.filter(({ kind }) => kind !== 'check-candidate').map(({ kind }) => kind);
  return [...more, ...(stop ? [stop.happened] : [])];
}

function afterKills(phase: PhaseName, inputs: Case['inputs'], { rounds, picture }: Walk): readonly string[] {
  const done = rounds.flatMap(({ plan }) => plan[0] ?? []);
  const pictures = rounds.flatMap((round) => round.pictures);
  return pictures.flatMap((left, index) => {
    const next = run(left, phase, inputs);
    if (next.stop === undefined && withoutNumbers(next.picture) === withoutNumbers(picture)) return [];
    return [`behind ${done[index]?.kind}${next.stop ? `: ${next.stop.happened}` : ''}`];
  });
}

function green(): readonly (readonly [Case, Walk])[] {
  return cases()
    .map((each) => [each, run(each.picture, each.phase, each.inputs)] as const)
    .filter(([, { stop }]) => stop === undefined);
}

/** Of swaps: one that was intended and not sent is intended anew. */
function withoutNumbers(picture: Walk['picture']): string {
  return inWords(picture).replace(/"zdd-(swaps|settled-swaps)":"\d+"|"zdd-swap-intent":"\d+/g, '');
}
