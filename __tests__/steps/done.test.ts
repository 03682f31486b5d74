import { expect, test } from '@jest/globals';
import { freshRun, type ThisRun } from '../../src/deployment/this-run.ts';
import { Stop } from '../../src/errors.ts';
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
  {
    kind: 'settle-swap',
    intent: {
      ...{ number: 1, purpose: 'switch', source: 'live', sourceMarker: '', productionMarker: '' },
      ...{ swapStatusBefore: '', at: '' },
    },
    because,
  },
])('a proof is void after $kind', (step) => {
  const other = { ...proven, proven: { ...proven.proven, other: 'id' }, started: { ...proven.started, other: 'id' } };
  const { proven: candidates, started } = knownAfter(other, step, {});
  expect([candidates, started]).toEqual([{ other: 'id' }, { other: 'id' }]);
  expect(knownAfter(proven, step, { proven: { live: 'new' } }).proven).toEqual({ live: 'new' });
});

test.each<Step>([
  { kind: 'stop-slot', slot: 'other', because },
  { kind: 'intend-swap', source: 'live', purpose: 'complete', fields: {}, because },
  { kind: 'prove-instance', slot: 'live', as: 'candidate', because },
  { kind: 'migrate', command: 'x', attempt: 1, because },
])('a proof outlasts what leaves the instance as it is: $kind', (step) => {
  expect(knownAfter(proven, step, {}).proven).toEqual({ live: 'id/live/1' });
});

const STOP = new Stop('failed', 'It did not start.', 'Fix it.');

/** A run that knows something of every kind, all of it called `name`. */
function knowing(name: string) {
  return {
    done: [{ kind: 'tag-slot', subject: name }],
    proven: { [name]: 'marker' },
    started: { [name]: 'marker' },
    uploaded: { [name]: 'sha' },
    copies: { [name]: 'accepted' },
    unproven: [name, 'both'],
    locked: { [name]: 'locked' },
    proofs: [{ database: name, readOnly: true, tables: 1, rows: 2, written: undefined, since: undefined }],
    begun: name.length,
  } satisfies ThisRun;
}

test('what a run knows grows by what a step found, and a fact is replaced', () => {
  const quietly: Step = { kind: 'ask-production', because };
  const didNotStart = { slot: 'live', stop: STOP };
  expect(knownAfter({ ...knowing('old'), didNotStart }, quietly, knowing('newer'))).toEqual({
    done: [...knowing('old').done, ...knowing('newer').done],
    proven: { old: 'marker', newer: 'marker' },
    started: { old: 'marker', newer: 'marker' },
    uploaded: { old: 'sha', newer: 'sha' },
    copies: { old: 'accepted', newer: 'accepted' },
    unproven: ['old', 'both', 'newer'],
    locked: { old: 'locked', newer: 'locked' },
    proofs: [...knowing('old').proofs, ...knowing('newer').proofs],
    begun: 5,
    didNotStart,
  });
  expect(knownAfter(knowing('old'), quietly, {})).toEqual(knowing('old'));
});

test('what is known of one app of several says nothing of another', () => {
  const companions = { 'rg/one': knowing('one') };
  const run = { ...knowing('first'), companions };
  const step: Step = { kind: 'start-slot', slot: 'one', of: 'rg/two', because };
  expect(knownAfter(run, step, { begun: 7 })).toEqual({
    ...run,
    companions: { ...companions, 'rg/two': { ...freshRun, proofs: [], begun: 7 } },
  });
  const again = knownAfter(run, { ...step, of: 'rg/one' }, {});
  expect(again.companions?.['rg/one']).toMatchObject({ begun: 3, unproven: ['one', 'both'] });
  expect([again.companions?.['rg/one']?.started, again.proven, again.started]).toEqual([{}, run.proven, run.started]);
});

test('the swap of one app makes void who was in the originals before for all others, and nothing else', () => {
  const run = {
    ...knowing('first'),
    presentBefore: ['web1 7'],
    companions: {
      'rg/one': { ...knowing('one'), presentBefore: ['web1 8'] },
      'rg/two': { ...freshRun, presentBefore: ['web1 9'] },
    },
  };
  const swap: Step = { kind: 'post-swap', source: 'live', of: 'rg/two', because };
  const after = knownAfter(run, swap, {});
  const { companions, presentBefore: _, ...first } = run;
  expect(after).toEqual({ ...first, companions: { 'rg/one': knowing('one'), 'rg/two': expect.anything() } });
  // What does not swap leaves it as it was.
  const kept = knownAfter(run, { ...swap, kind: 'start-slot', slot: 'live' }, {});
  expect(kept).toMatchObject({ presentBefore: ['web1 7'], companions: { 'rg/one': companions['rg/one'] } });
});

test('what is void is that kind of step alone', () => {
  const tagSlot: Step = { kind: 'tag-slot', slot: 'live', tags: {}, because };
  expect(isDone(runOf(stopJobs, tagSlot, start), 'tag-slot', 'live')).toBe(true);
});

test.each<[Step, string]>([
  [{ kind: 'stop-app', app: 'rg/till', because }, 'rg/till'],
  [{ kind: 'copy-database', database: 'shop', clone: 'shop-zdd-1', because }, 'shop-zdd-1'],
  [{ kind: 'await-restore', target: 'shop-zdd-r1', because }, 'shop-zdd-r1'],
  [{ kind: 'prepare-restore', database: 'shop', target: 'shop-zdd-r1', point: 'p', because }, 'shop-zdd-r1'],
  [{ kind: 'copy-retention', from: 'shop', to: 'shop-zdd-r1', because }, 'shop-zdd-r1'],
  [{ kind: 'set-read-only', database: 'shop', because }, 'shop'],
  [{ kind: 'hold-lock', because }, ''],
])('$0.kind is done for what it makes, or works on', (step, subject) => {
  expect(done(step).done).toEqual([{ kind: step.kind, subject }]);
});
