import { expect, test } from '@jest/globals';
import { validate } from '../../src/phases/validate.ts';
import { beside, start } from './picture.ts';
import { rows } from './rows.ts';
import { type Differences, seen, stopOr } from './seen.ts';
import { after, killed } from './walk.ts';

function found(picture: Parameters<typeof seen>[0], differences: Differences = {}) {
  const { known, observed } = seen(picture, 'validate', differences);
  return stopOr(() => validate.plan(known, observed));
}

test('a verdict of this run ends it: red with the checks that failed, and no others', () => {
  const check = (name: string, verdict: 'passed' | 'failed') => ({ name, verdict, found: `${name} was seen` });
  const report = [check('pages', 'passed'), check('schema', 'failed')] as never;
  const run = (result: 'passed' | 'failed') => ({ run: { report, verdictGiven: { of: 'x', result } } });
  expect(found(rows.deployed, run('failed'))).toMatchObject({
    kind: 'failed',
    happened: 'The candidate failed 1 of 2 checks: schema schema was seen.',
  });
  expect(found(rows.deployed, run('passed'))).toEqual([]);
});

test('nobody is asked for a verdict in a window that is too long, or while apps are apart', () => {
  const inputs = { 'max-read-only-minutes': '30', 'on-window-exceeded': 'fail' };
  expect(found(rows.deployed, { inputs, look: { now: '2026-01-31T18:00:00.000Z' } })).toMatchObject({
    kind: 'refused',
    next: expect.stringContaining('Run "validate" with on-window-exceeded: warn'),
  });
  const APPS = { 'other-apps': 'search = read-only' };
  const phases = (['clone', 'read-only', 'switch', 'deploy', 'validate'] as const).map((each) => [each, APPS] as const);
  const all = after(phases, beside(start(), { 'shop-rg/search': 'read-only' }));
  expect(found(killed(all, 'complete', 'settle-swap', APPS), { inputs: APPS })).toMatchObject({
    kind: 'refused',
    happened: expect.stringContaining('a move of all apps has not ended'),
  });
});

test('there must be a window, and in it a candidate, which is then looked at', () => {
  expect(found(rows.ready)).toMatchObject({
    kind: 'refused',
    happened: expect.stringContaining('and a candidate, but'),
  });
  expect(found(rows.switched)).toMatchObject({ happened: 'There is no candidate to validate.' });
  expect(found(rows.deployed)).toEqual([
    [{ kind: 'check-candidate', slot: 'zdd-staging', because: expect.any(String) }],
  ]);
});
