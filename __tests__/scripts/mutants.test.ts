import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { expect, test } from '@jest/globals';
import { withMistake } from '../../scripts/mutate/compiles.ts';
import { measuredFiles } from '../../scripts/mutate/files.ts';
import { mutantsOf } from '../../scripts/mutate/mutants.ts';
import { NAMED } from '../../scripts/mutate/named.ts';
import { importsOf, NEARNESS, nearness } from '../../scripts/mutate/nearness.ts';
import { sampleOf } from '../../scripts/mutate/sample.ts';
import { withAll } from '../../scripts/mutate/schemata.ts';
import { wilson } from '../../scripts/mutate/score.ts';

const SOURCE = `
interface Slot { readonly state: 'Running' | 'Stopped' }
export function plan(slot: Slot | null, others: readonly Slot[]): Plan {
  refuse(slot);
  log.info('planning');
  if (slot === null || others.length > 0) return [];
  const names = others.filter(isOurs).some(isDone);
  return inOrder(stop(slot), isQuiet(slot, true) ? [] : wait({ names }));
}
`;

test('every kind of mistake is planted where it can be made, and nowhere in a type or in what is only said', () => {
  const planted = mutantsOf('phases/plan.ts', SOURCE).map(({ line, what }) => `${line} ${what}`);
  expect(planted).toEqual([
    '4 refuse(slot); -> ;',
    '6 slot === null || others.length > 0 -> false',
    '6 slot === null || others.length > 0 -> !(slot === null || others.length > 0)',
    '6 slot === null || others.length > 0 -> (slot === null)',
    '6 slot === null || others.length > 0 -> (others.length > 0)',
    '6 slot === null -> (slot !== null)',
    '6 others.length > 0 -> (others.length >= 0)',
    '7 others.filter(isOurs).some(isDone) -> others.filter(isOurs).every(isDone)',
    '7 others.filter(isOurs) -> (others)',
    '8 stop(slot) -> false',
    '8 isQuiet(slot, true) ? [] : wait({ names }) -> false',
    '8 isQuiet(slot, true) -> !(isQuiet(slot, true))',
    '8 true -> false',
    '8 names -> nothing',
  ]);
});

test('a file with all its mistakes is the file itself until one of them is planted, and then it is that one', () => {
  const source = `
    (a, b, list) => {
      const said = [];
      if (a && b > 1) said.push('both');
      const all = { first: a ? 'yes' : 'no', ...(b > 2 && { second: b }) };
      return { said, all, list: [...list.filter((each) => each > b), a, b] };
    }`;
  const program = source.trim();
  const mutants = mutantsOf('x.ts', program);
  const run = (text: string, planted?: number): string => {
    const made: (...values: unknown[]) => unknown = new Function('$planted', `return ${text}`)(
      (id: number) => id === planted,
    );
    return JSON.stringify([made(true, 2, [1, 2, 3]), made(false, 3, [3, 4]), made(true, 1, [])]);
  };
  const whole = withAll(program, mutants, 100);
  expect(run(whole)).toBe(run(program));
  for (const [index, { start, end, replacement, form, what }] of mutants.entries()) {
    const comma = form === 'element' || form === 'property' ? (/^\s*,?/.exec(program.slice(end))?.[0].length ?? 0) : 0;
    const alone = program.slice(0, start) + replacement + program.slice(end + comma);
    expect([what, run(whole, 100 + index)]).toEqual([what, run(alone)]);
  }
  expect(mutants.length).toBeGreaterThan(15);
});

test('what the compiler is asked about can be parsed, whatever is left out: it looks at no types beside what it cannot parse', () => {
  const source =
    'const all = { first: 1, second: [a, b, ...c] }; run(inOrder(a, ...b)); if (a && b) done({ first: 1 });';
  const mutants = mutantsOf('x.ts', source);
  for (const mutant of mutants)
    expect(() => stripTypeScriptTypes(withMistake(source, mutant), { mode: 'strip' })).not.toThrow();
  expect(new Set(mutants.map(({ form }) => form))).toEqual(new Set(['property', 'element', 'expression', 'statement']));
});

test('every measured file can be loaded with all its mistakes', () => {
  const files = measuredFiles();
  for (const { source, mutants, first } of files)
    expect(() => stripTypeScriptTypes(withAll(source, mutants, first), { mode: 'strip' })).not.toThrow();
  expect(new Set(files.map(({ file }) => file.split('/')[0]))).toEqual(
    new Set([
      'apply',
      'context',
      'deployment',
      'observe',
      'outlast.ts',
      'phases',
      'post.ts',
      'run-phase.ts',
      'steps',
      'swap',
      'take-lease.ts',
      'wait.ts',
    ]),
  );
});

test.each(NAMED.map((each) => [each.name, each] as const))(
  'its text is found exactly once: %s',
  (_name, { file, find }) => {
    const source = readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8');
    expect(source.split(find)).toHaveLength(2);
  },
);

test('a sample is the same for a seed, holds what fits, and takes as many as are wanted', () => {
  const all = Array.from({ length: 1000 }, (_, index) => index);
  const even = (some: readonly number[]) => some.filter((each) => each % 2 === 0);
  const sample = sampleOf(all, 100, 7, even);
  expect(sampleOf(all, 100, 7, even)).toEqual(sample);
  expect(new Set(sample).size).toBe(100);
  expect(sample.every((each) => each % 2 === 0)).toBe(true);
  expect(sample.filter((each) => each < 500).length).toBeGreaterThan(30);
  expect(sampleOf(all, 100, 8, even)).not.toEqual(sample);
});

test('the interval is that of Wilson', () => {
  // E. B. Wilson (1927), as computed by R's prop.test without continuity correction: 85 of 100.
  const [least, most] = wilson(85, 100);
  expect(least).toBeCloseTo(0.7672, 3);
  expect(most).toBeCloseTo(0.9069, 3);
});

test('the nearest test is that of the file, then those that use it, then worlds in which it is used', () => {
  const { own, imports, unit, world, sweep, apart } = NEARNESS;
  const far = (test: string) => nearness(`${test}: says something`, 'swap/outcome.ts');
  expect(far('swap/outcome.test.ts')).toBe(own);
  expect(nearness('phases/unsafe-ends.test.ts: x', 'steps/steps.ts')).toBe(unit);
  expect(nearness('phases/deploy-attempt.test.ts: x', 'phases/phases.ts')).toBe(imports);
  expect(far('in-process/failed-swap.test.ts')).toBe(world);
  expect(far('sweep')).toBe(sweep);
  expect(far('inputs/flags.test.ts')).toBe(apart);
});

test('what is imported as a type only is not used', () => {
  const found = importsOf('src/phases/switch.ts');
  expect(found).toContain('src/swap/plan.ts');
  expect(found).toContain('src/phases/refusals.ts');
  expect(importsOf('src/swap/outcome.ts')).not.toContain('src/ports.ts');
});
