import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { addedUp } from '../../../simulator/torture/add-up.ts';
import type { Outcome } from '../../../simulator/torture/outcome.ts';
import { inPart, partFrom } from '../../../simulator/torture/part.ts';
import { type Report, reportOf, reportText } from '../../../simulator/torture/report.ts';

const FAULTS = ['error-500', 'killed-before', 'second-run', 'late-5+busy@9', 'killed-after-then-status'];
const all: readonly Outcome[] = Array.from({ length: 103 }, (_, index) => ({
  id: `one/clone#${index}/${FAULTS[index % 5]}`,
  phase: index % 3 === 0 ? 'clone' : 'switch',
  fault: FAULTS[index % 5] ?? '',
  end: index % 2 === 0 ? 'green' : 'red',
  runs: 1,
  violations: index % 40 === 7 ? [{ invariant: 'plan-only-grows', what: 'it shrank', at: 'the end', call: '' }] : [],
}));

const order = { depth: 'deep', turn: 0, stride: 1, scenarios: ['one'], only: '', isStopped: false } as const;

function reportOfPart(text: string, outcomes = inPart(all, partFrom(text))): Report {
  return reportOf(outcomes, 10, { ...order, part: partFrom(text) });
}

test('every case is in exactly one of the parts of a sweep', () => {
  const parts = [1, 2, 3, 4, 5, 6, 7].map((index) => inPart(all, partFrom(`${index}/7`)));
  expect(parts.flat().length).toBe(all.length);
  expect(new Set(parts.flat().map(({ id }) => id)).size).toBe(all.length);
  expect(Math.max(...parts.map(({ length }) => length)) - Math.min(...parts.map(({ length }) => length))).toBe(1);
});

test('the reports of all parts add up to the report of the whole', () => {
  const whole = reportOfPart('1/1');
  const sum = addedUp([reportOfPart('2/3'), reportOfPart('1/3'), reportOfPart('3/3')]);
  expect(sum.cases).toBe(103);
  expect(sum.seconds).toBe(30);
  for (const by of ['byKind', 'byPhase', 'byFault'] as const) expect(sum[by]).toEqual(whole[by]);
  const cases = ({ violations }: Report) => violations.map((violation) => violation.case).sort();
  expect(cases(sum)).toEqual(cases(whole));
  expect(cases(sum).length).toBe(3);
});

test('parts of different lists, and a part that is there twice, are not added up', () => {
  expect(() => addedUp([reportOfPart('1/3'), reportOfPart('1/3')])).toThrow('Part 1/3 is there twice.');
  expect(() => addedUp([reportOfPart('1/3'), reportOfPart('2/4')])).toThrow('not parts of one list');
  const another = reportOf(all, 10, { ...order, turn: 1, part: partFrom('2/3') });
  expect(() => addedUp([reportOfPart('1/3'), another])).toThrow('not parts of one list');
});

test('a sum says when one of its parts was stopped before its end', () => {
  const stopped = reportOf([], 1, { ...order, part: partFrom('2/2'), isStopped: true });
  expect(reportText(addedUp([reportOfPart('1/2'), stopped]))).toContain('It was stopped before its end.');
  expect(reportText(reportOfPart('1/2'))).not.toContain('stopped');
});

test.each(['0/3', '4/3', '3', '1/0', '-1/2', '1/2/3', ''])('there is no part %j', (text) => {
  expect(() => partFrom(text)).toThrow('Allowed: k/n with k from 1 to n, such as 1/20.');
});

test.each([
  ['--part', 'bad', 'k/n with k from 1 to n, such as 1/20'],
  ['--stride', '0', 'a whole number from 1 on'],
  ['--only', '(', 'a regular expression'],
  ['--scenario', 'none', 'names of scenarios, comma-separated: '],
])('%s %s is refused in one line that says what is allowed', (option, value, allowed) => {
  const main = fileURLToPath(import.meta.resolve('../../../simulator/torture/main.ts'));
  const { status, stderr } = spawnSync(process.execPath, [main, `${option}=${value}`], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr.trimEnd().split('\n')).toEqual([
    expect.stringContaining(`argument '${value}' is invalid. Allowed: ${allowed}`),
  ]);
});
