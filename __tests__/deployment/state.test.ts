import { expect, test } from '@jest/globals';
import { driftOf, lostClone } from '../../src/deployment/drift.ts';
import { nextPhases } from '../../src/deployment/next-phases.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { stateOf } from '../../src/deployment/state.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import { ID, NOW, settings, slot } from '../phases/observed.ts';
import { look, type Picture } from '../phases/picture.ts';
import { rows } from '../phases/rows.ts';
import { after, killed, run } from '../phases/walk.ts';

function seen(picture: Picture) {
  return look(picture, phaseNamed.rollback, settings({ phase: 'rollback' })).observed;
}

const DATABASE = { 'rollback-scope': 'code-and-database' };

test.each<[keyof typeof rows, string, string]>([
  ['start', 'none', 'preflight,clone'],
  ['cloned', 'cloned', 'read-only,cleanup'],
  ['ready', 'read-only-ready', 'switch,cleanup'],
  ['switched', 'read-only', 'deploy,rollback'],
  ['deployed', 'deployed', 'validate,deploy,rollback'],
  ['validated', 'validated', 'complete,validate,deploy,rollback'],
  ['completed', 'completed', 'cleanup,rollback'],
  ['rolledBack', 'rolled-back', 'validate,deploy,rollback'],
  ['returned', 'completed', 'cleanup,rollback'],
])('after "%s" the state is %s, and next is %s', (row, state, next) => {
  const observed = seen(rows[row]);
  expect(driftOf(observed)).toBeUndefined();
  expect(stateOf(observed)).toBe(state);
  expect(nextPhases(observed).join()).toBe(next);
});

test.each<[string, Picture, string, string]>([
  ['a clone that was claimed', killed(rows.start, 'clone', 'copy-database'), 'cloning', 'clone,cleanup'],
  ['a switch before its point', killed(rows.ready, 'switch', 'settle-swap'), 'read-only', 'switch,rollback'],
  [
    'a rollback before the point',
    after(['rollback'], killed(rows.ready, 'switch', 'settle-swap')),
    'read-only-ready',
    'switch,cleanup',
  ],
  ['a rollback that renames', killed(rows.deployed, 'rollback', 'move-database', DATABASE), 'rolling-back', 'rollback'],
  [
    'a candidate that failed',
    run(rows.deployed, 'validate', {}, { faulty: true }).picture,
    'deployed',
    'validate,deploy,rollback',
  ],
  ['a soak that is not over', killed(rows.validated, 'complete', 'settle-swap'), 'validated', 'complete,rollback'],
  ['a swap that is open', killed(rows.ready, 'switch', 'post-swap'), 'read-only', 'switch,rollback'],
])('after %s the state is %s', (_name, picture, state, next) => {
  const observed = seen(picture);
  expect(stateOf(observed)).toBe(state);
  expect(nextPhases(observed).join()).toBe(next);
});

function recorded(row: keyof typeof rows, fields: Partial<DeploymentRecord>) {
  const observed = seen(rows[row]);
  if (observed.record === null) throw new Error(`The row ${row} has no record.`);
  return { ...observed, record: { ...observed.record, ...fields } };
}

test.each([
  [
    'a swap by hand away from the copy',
    { ...seen(rows.switched), production: slot('production') },
    'Someone swapped by hand',
  ],
  [
    'settings written over those of the copy, as its swap status shows',
    {
      ...recorded('switched', { windowOpenedAt: NOW }),
      production: slot('production', { swapStatus: { at: NOW, source: 'zdd-readonly', destination: 'production' } }),
    },
    'They work on the original database, which refuses what they write.',
  ],
  ['a swap by hand to the copy', recorded('switched', { windowOpenedAt: undefined }), '"switch" has not recorded'],
  ['a rollback point that somebody removed', recorded('deployed', { rollbackPoint: undefined }), 'no rollback point'],
  [
    'another candidate than recorded',
    recorded('deployed', { candidate: { role: 'new', attempt: 7, slot: 'zdd-staging' } }),
    `${ID}/new/7`,
  ],
  [
    'an original that somebody renamed',
    {
      ...seen(rows.switched),
      databases: seen(rows.switched).databases.map((pair) => ({
        ...pair,
        original: pair.original && { ...pair.original, name: 'shop-old' },
      })),
    },
    'Give it its name back, then run the phase again: az sql db rename --new-name shop --ids',
  ],
  ['a candidate whose slot is gone', { ...seen(rows.deployed), stagingSlot: null }, 'it does not exist'],
])('drifted: %s', (_name, observed, words) => {
  expect(stateOf(observed)).toBe('drifted');
  expect(driftOf(observed)).toMatchObject({ kind: 'drifted', message: expect.stringContaining(words) });
});

test('while a swap is open nothing counts as drift', () => {
  const picture = killed(rows.ready, 'switch', 'post-swap');
  expect(seen(picture).production.markerText).toBe(`${ID}/read-only/1`);
  expect(driftOf(seen(picture))).toBeUndefined();
});

test.each<[keyof typeof rows, RegExp]>([
  ['validated', /Run "complete"\./],
  ['deployed', /Run "validate" and "complete", or "rollback" before them\./],
  ['switched', /Run "rollback"\./],
])('when the clone is lost after "%s", what is said leads visitors to the original', (row, way) => {
  const observed = seen(rows[row]);
  const databases = observed.databases.map((pair) => ({ ...pair, clone: null }));
  expect(lostClone({ ...observed, databases, recordIn: 'mirror' })?.next).toMatch(way);
});
