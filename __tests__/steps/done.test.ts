import { expect, test } from '@jest/globals';
import { freshRun } from '../../src/deployment/this-run.ts';
import { done, isDone, knownAfter } from '../../src/steps/done.ts';
import type { Step } from '../../src/steps/steps.ts';

const because = 'it is needed';
const quiet: Step = { kind: 'await-quiet', databases: ['shop'], setReadOnly: true, watching: false, because };
const open: Step = { kind: 'set-read-write', database: 'shop', because };
const stopJobs: Step = { kind: 'stop-webjobs', slot: 'live', because };
const startJobs: Step = { kind: 'start-webjobs', slot: 'live', jobs: ['stock'], because };
const start: Step = { kind: 'start-slot', slot: 'live', because };

function runOf(...steps: readonly Step[]) {
  return { thisRun: steps.reduce((run, step) => knownAfter(run, step, done(step)), freshRun) };
}

test('a step is done for its own slot or database only', () => {
  expect(isDone(runOf(stopJobs), 'stop-webjobs', 'live')).toBe(true);
  expect(isDone(runOf(stopJobs), 'stop-webjobs', 'other')).toBe(false);
  expect(isDone(runOf(stopJobs), 'start-webjobs', 'live')).toBe(false);
  expect(isDone(runOf(quiet), 'await-quiet')).toBe(true);
});

test('a step that did not do its work is not done', () => {
  expect(isDone({ thisRun: knownAfter(freshRun, quiet, {}) }, 'await-quiet')).toBe(false);
});

test('quiet is void once a database takes writes again', () => {
  expect(isDone(runOf(quiet, open), 'await-quiet')).toBe(false);
  expect(isDone(runOf(quiet, open, quiet), 'await-quiet')).toBe(true);
});

test.each([[start], [startJobs]])('WebJobs are not stopped any more after $kind of their slot', (step) => {
  expect(isDone(runOf(stopJobs, step), 'stop-webjobs', 'live')).toBe(false);
  expect(isDone(runOf(stopJobs, { ...step, slot: 'other' }), 'stop-webjobs', 'live')).toBe(true);
});

test('WebJobs that are stopped again have to be started again', () => {
  expect(isDone(runOf(startJobs, stopJobs), 'start-webjobs', 'live')).toBe(false);
});

const proven = { ...freshRun, proven: { live: 'id/live/1' }, started: { live: 'id/live/1' } };

test.each<Step>([
  start,
  { kind: 'stop-slot', slot: 'live', because },
  { kind: 'match-config', slot: 'live', properties: {}, because },
  { kind: 'write-settings', slot: 'live', settings: { appSettings: {}, connectionStrings: {} }, once: false, because },
  { kind: 'post-swap', source: 'live', because },
])('a proof is void after $kind', (step) => {
  expect(knownAfter(proven, step, {})).toMatchObject({ proven: {}, started: {} });
  expect(knownAfter(proven, step, { proven: { live: 'new' } }).proven).toEqual({ live: 'new' });
});

test.each<Step>([
  { kind: 'stop-slot', slot: 'other', because },
  { kind: 'intend-swap', source: 'live', purpose: 'complete', fields: {}, because },
  { kind: 'prove-instance', slot: 'live', as: 'candidate', because },
])('a proof outlasts what leaves the instance as it is: $kind', (step) => {
  expect(knownAfter(proven, step, {}).proven).toEqual({ live: 'id/live/1' });
});
