import { expect, test } from '@jest/globals';
import type { Check } from '../../src/deployment/check.ts';
import { freshRun } from '../../src/deployment/this-run.ts';
import { checkAgain, refuseFailed } from '../../src/phases/guard.ts';
import { observed, settings, slot } from './observed.ts';
import { stopOr } from './seen.ts';

const FINE: Check = { name: 'plan', verdict: 'passed', found: 'It has room.' };
const FULL: Check = { name: 'plan', verdict: 'failed', found: 'It is full.', fix: 'az do' };
const HIDDEN: Check = { name: 'locks', verdict: 'not-looked-at', found: 'Nobody may look.' };
const SILENT: Check = { name: 'tags', verdict: 'not-looked-at', found: 'No answer.', passes: true };

function again(report: readonly Check[] | undefined) {
  const done = [{ kind: 'check-again', subject: '' }];
  const thisRun = { ...freshRun, done, ...(report && { report }) };
  return stopOr(() => checkAgain('switch', settings(), observed({ thisRun })));
}

test('what has been asked for again decides, and is not asked for twice', () => {
  expect(again(undefined)).toEqual([]);
  expect(again([FINE, HIDDEN])).toEqual([]);
  expect(again([FINE, FULL])).toMatchObject({ kind: 'refused', happened: expect.stringContaining('It is full.') });
});

test('what Azure did not answer stops the phase, each answer told once, and what nobody may see does not', () => {
  const stop = again([FINE, SILENT, SILENT, HIDDEN]);
  expect(stop).toMatchObject({ kind: 'failed', next: expect.stringContaining('Run "switch" again') });
  expect('happened' in stop ? stop.happened.split(': ').slice(1).join(': ') : '').toBe('tags: No answer.');
});

test('what the look shows is judged at once, and the rest is asked for', () => {
  expect(checkAgain('switch', settings(), observed())).toEqual([
    { kind: 'check-again', phase: 'switch', because: expect.any(String) },
  ]);
  // All that "read-only" asks for is in the look.
  expect(checkAgain('read-only', settings(), observed())).toEqual([]);
  const production = slot('production', { travelling: { linuxFxVersion: 'DOCKER|shop:1' } });
  expect(stopOr(() => checkAgain('read-only', settings(), observed({ production })))).toMatchObject({
    kind: 'refused',
  });
});

test('the refusal has all that failed, and how each is mended', () => {
  const stop = (...checks: readonly Check[]) => stopOr(() => refuseFailed('clone', checks));
  expect(stop(FINE, HIDDEN, SILENT)).toBeUndefined();
  expect(stop(FULL, FINE)).toMatchObject({ happened: 'Phase clone cannot continue: It is full.', next: 'az do' });
  expect(stop({ ...FULL, fix: undefined })).toMatchObject({ next: expect.stringContaining('"preflight"') });
  expect(stop({ ...FULL, fix: 'slot-users: true' })).toMatchObject({ next: 'Give slot-users: true' });
});
