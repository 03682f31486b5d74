import { expect, test } from '@jest/globals';
import { cleanup } from '../../src/phases/cleanup.ts';
import { planText } from '../../src/steps/plan-text.ts';
import { ID, settings, slot } from './observed.ts';
import { look, type Picture } from './picture.ts';
import { rows } from './rows.ts';
import { seen, stopOr } from './seen.ts';
import { after, killed, planned } from './walk.ts';

test('after complete', () => {
  expect(planned(rows.completed, 'cleanup').split('\n')).toEqual([
    ' 1. Write 1 app settings and 0 connection strings to slot zdd-readonly, because nothing of the deployment stays armed.',
    ' 1. Write 1 app settings and 0 connection strings to slot zdd-staging, because nothing of the deployment stays armed.',
    ' 2. Empty slot zdd-readonly, because its content is not needed any more.',
    ' 2. Empty slot zdd-staging, because its content is not needed any more.',
    ' 3. Remove the mirror of the record from shop, because the deployment ends.',
    ' 4. Delete database shop-zdd-20260131-k7m2x, because it holds the record and goes last.',
  ]);
});

test('the live build is kept when that is wanted', () => {
  expect(planned(rows.completed, 'cleanup', { 'keep-live-build': 'true' }).split('\n')).toEqual([
    ' 1. Write 1 app settings and 0 connection strings to slot zdd-staging, because nothing of the deployment stays armed.',
    ' 2. Empty slot zdd-staging, because its content is not needed any more.',
    ' 3. Remove the mirror of the record from shop, because the deployment ends.',
    ' 4. Delete database shop-zdd-20260131-k7m2x, because it holds the record and goes last.',
  ]);
});

test('before the switch: an abort', () => {
  expect(planned(rows.ready, 'cleanup').split('\n')).toEqual([
    ' 1. Stop slot zdd-readonly, because nothing of the deployment stays armed.',
    ' 1. Write 1 app settings and 0 connection strings to slot zdd-staging, because nothing of the deployment stays armed.',
    ' 2. Write 1 app settings and 0 connection strings to slot zdd-readonly, because nothing of the deployment stays armed.',
    ' 2. Empty slot zdd-staging, because its content is not needed any more.',
    ' 3. Empty slot zdd-readonly, because its content is not needed any more.',
    ' 4. Delete database shop-zdd-20260131-k7m2x, because it holds the record and goes last.',
  ]);
});

test.each([
  ['2027-01-31T12:00:00Z', 'zdd-readonly', true],
  ['2020-01-31T12:59:00Z', 'zdd-readonly', false],
  ['2027-01-31T12:00:00Z', 'zdd-staging', false],
])('a slot that was swapped with production by hand may hold the live build: at %s, slot %s', (at, source, isKept) => {
  const live = slot('zdd-readonly', { tags: { 'zdd-slot': 'yes' }, appSettings: { SHOP_NAME: 'Shop' } });
  const swapStatus = { at, source, destination: 'Production' };
  const picture = {
    ...rows.cloned,
    production: slot('production', { ...rows.cloned.production, swapStatus }),
    slots: { 'zdd-readonly': live },
  };
  const plan = planned(picture, 'cleanup');
  expect(plan.includes('Empty slot zdd-readonly')).toBe(!isKept);
  expect(plan.includes('Stop slot zdd-readonly, because it is kept, but must not write')).toBe(isKept);
  expect(planned(picture, 'read-only').startsWith('drifted: Slot zdd-readonly of shop was swapped')).toBe(isKept);
});

test('after a rollback of the database the successor keeps its name and its content', () => {
  expect(planned(rows.returned, 'cleanup').split('\n')).toEqual([
    ' 1. Write 1 app settings and 0 connection strings to slot zdd-readonly, because nothing of the deployment stays armed.',
    ' 1. Write 1 app settings and 0 connection strings to slot zdd-staging, because nothing of the deployment stays armed.',
    ' 2. Empty slot zdd-readonly, because its content is not needed any more.',
    ' 2. Empty slot zdd-staging, because its content is not needed any more.',
    ' 3. Remove our tags from database shop, because it is the original now.',
    ' 4. Remove the mirror of the record from shop, because the deployment ends.',
    ' 4. Remove the mirror of the record from shop-zdd-20260131-k7m2x-failed, because the deployment ends.',
    ' 5. Delete database shop-zdd-20260131-k7m2x, because it holds the record and goes last.',
  ]);
});

test('killed before the record went', () => {
  expect(planned(killed(rows.completed, 'cleanup', 'remove-mirror'), 'cleanup').split('\n')).toEqual([
    ' 1. Empty slot zdd-readonly, because its content is not needed any more.',
    ' 1. Empty slot zdd-staging, because its content is not needed any more.',
    ' 2. Delete database shop-zdd-20260131-k7m2x, because it holds the record and goes last.',
  ]);
});

test('firewall rules that a run left open are deleted by their names, also when nothing else is left', () => {
  const asked = settings({ phase: 'cleanup' });
  const seen = (picture: Picture) => ({
    ...look(picture, cleanup, asked).observed,
    strayRules: [`zdd-${ID}-7001-1-ab`],
  });
  const text = ` 1. Delete the firewall rules zdd-${ID}-7001-1-ab that we opened, because a rule of ours must not outlive the deployment.`;
  expect(planText(cleanup.plan(asked, seen(rows.start)))).toBe(text);
  expect(planText(cleanup.plan(asked, seen(rows.cloned)))).toContain(text.slice(2));
});

test('when nothing is left there is nothing to do', () => {
  expect(planned(after(['cleanup'], rows.completed), 'cleanup')).toBe('Nothing to do.');
});

test('what a lock keeps is told once the rest is gone, and not before', () => {
  const done = ['zdd-readonly', 'zdd-staging'].map((subject) => ({ kind: 'empty-slot', subject }));
  const locked = { locked: { [`shop-zdd-${ID}`]: 'The scope is locked.' } };
  const { known, observed } = seen(killed(rows.completed, 'cleanup', 'remove-mirror'), 'cleanup', {
    run: { ...locked, done },
  });
  const stop = stopOr(() => cleanup.plan(known, observed));
  expect(stop).toMatchObject({ kind: 'failed', happened: expect.stringContaining('The scope is locked.') });
  const early = seen(rows.completed, 'cleanup', { run: locked });
  expect(stopOr(() => cleanup.plan(early.known, early.observed))).toEqual(expect.any(Array));
});
