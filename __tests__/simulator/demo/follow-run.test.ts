import { expect, test } from '@jest/globals';
import { followRun } from '../../../simulator/demo/follow-run.ts';
import { narrator } from '../../../simulator/demo/narrator.ts';
import { phasesIn } from '../../../simulator/demo/phase-words.ts';
import { watchVisitors } from '../../../simulator/demo/watch-visitors.ts';

test('phases must be known by the names of steps, and nothing else taken for one', () => {
  expect(phasesIn('read-only')).toEqual(['read-only']);
  expect(phasesIn('Run clone,read-only')).toEqual(['clone', 'read-only']);
  expect(phasesIn('Say what to do')).toEqual([]);
});

test('each phase must be recorded with its length and whether it changed something; skipped ones must not', () => {
  const teller = narrator(0, () => undefined, false);
  const follow = followRun(teller, false);
  const event = { job: 'deploy / update' };
  follow.onEvent({ ...event, at: 1000, kind: 'step-start', step: 'switch' });
  follow.onEvent({
    ...event,
    at: 3000,
    kind: 'step-end',
    step: 'switch',
    outcome: 'success',
    outputs: { changed: 'true' },
  });
  follow.onEvent({ ...event, at: 3000, kind: 'step-start', step: 'deploy' });
  follow.onEvent({ ...event, at: 4000, kind: 'step-end', step: 'deploy', outcome: 'failure', outputs: {} });
  follow.onEvent({ ...event, at: 4000, kind: 'step-end', step: 'validate', outcome: 'skipped' });
  follow.onEvent({ ...event, at: 4100, kind: 'step-start', step: 'Post switch' });
  follow.onEvent({ ...event, at: 4200, kind: 'step-end', step: 'Post switch', outcome: 'success' });
  expect(follow.phases).toEqual([
    { name: 'switch', from: 1000, until: 3000, changed: true, succeeded: true },
    { name: 'deploy', from: 3000, until: 4000, changed: false, succeeded: false },
  ]);
  expect(teller.story.map(({ text }) => text)).toContain('deploy stopped after 1.0 s: failure.');
});

test('what visitors see must be told when it changes, and only then', () => {
  const told: string[] = [];
  const watch = watchVisitors(
    (sentence) => told.push(sentence),
    () => undefined,
  );
  const live = { instance: 'a', version: '1.0.0', database: 'shop', marker: '' };
  const copy = { instance: 'b', version: '1.0.0', database: 'clone', marker: 'x/read-only/1' };
  const page = { kind: 'read', path: '/', at: 0, ms: 1, status: 200 } as const;
  const order = { kind: 'write', path: '/orders', at: 0, ms: 1, status: 201 } as const;
  watch([
    { ...page, ...live },
    { ...order, ...live },
    { ...page, ...live },
    { ...page, ...copy },
    { ...order, ...copy, status: 503, refusedBy: 'application' },
    { ...page, ...copy, status: 502, instance: '' },
  ]);
  expect(told).toEqual([
    'Visitors are served by the live build (version 1.0.0) on database shop.',
    'Orders are accepted.',
    'Visitors have moved to the read-only copy (version 1.0.0) on database clone.',
    'Orders are refused with a friendly page, by the application; everything can be read.',
    'A visitor saw an error: read /: 502.',
  ]);
});

test('a move must be told once, although both builds answer for a while and a slow answer comes last', () => {
  const told: string[] = [];
  const watch = watchVisitors(
    (sentence) => told.push(sentence),
    () => undefined,
  );
  const page = { kind: 'read', path: '/', ms: 1, status: 200, version: '1.0.0' } as const;
  const live = (at: number) => ({ ...page, at, instance: 'a', database: 'shop', marker: '' });
  const copy = (at: number) => ({ ...page, at, instance: 'b', database: 'clone', marker: 'x/read-only/1' });
  watch([live(0), copy(1000), live(1010), copy(1020), live(900)]);
  watch([copy(2000), live(2500), copy(2600)]);
  expect(told.map((sentence) => sentence.replace(/ \(.*/, ''))).toEqual([
    'Visitors are served by the live build',
    'Visitors have moved to the read-only copy',
  ]);
  watch([live(9000)]);
  expect(told).toHaveLength(3);
});
