import { expect, test } from '@jest/globals';
import { preparedFor } from '../../src/deployment/prepared-restore.ts';
import { PAIR } from '../apply/sketch.ts';
import { database, ID, NOW } from '../phases/observed.ts';

const [DEPLOYMENT, POINT] = ['zdd-deployment', 'zdd-restored-to'];
const OURS = { [DEPLOYMENT]: ID, [POINT]: NOW };
const worth = (tags: Readonly<Record<string, string>>, status: string, point: string | undefined = NOW) =>
  preparedFor({ ...PAIR, prepared: database('x', { tags, status }) }, ID, point);

test('of a restore begun beforehand only its tags prove what it holds, whatever its state', () => {
  for (const status of ['Online', 'Restoring', 'Suspect']) {
    expect(worth({}, status)).toBe('foreign');
    expect(worth({ [DEPLOYMENT]: ID }, status)).toBe('foreign');
    expect(worth({ [POINT]: NOW }, status)).toBe('foreign');
    expect(worth({ ...OURS, [DEPLOYMENT]: '20250101-aaaaa' }, status)).toBe('foreign');
    expect(worth({ ...OURS, [POINT]: '2020-01-01T00:00:00.000Z' }, status)).toBe('other-point');
    expect(preparedFor({ ...PAIR, prepared: database('x', { tags: OURS, status }) }, ID, undefined)).toBe(
      'other-point',
    );
  }
});

test.each([
  ['Online', 'ready'],
  ['Paused', 'ready'],
  ['Pausing', 'ready'],
  ['Resuming', 'ready'],
  ['Creating', 'under-way'],
  ['Restoring', 'under-way'],
  ['Recovering', 'under-way'],
  ['RecoveryPending', 'under-way'],
  ['Offline', 'failed'],
  ['Suspect', 'failed'],
  ['Disabled', 'failed'],
  ['Shutdown', 'failed'],
])(
  'one that a login reaches or wakes is ready, one on its way is waited for, any other is passed over: %s is %s',
  (status, found) => {
    expect(worth(OURS, status)).toBe(found);
  },
);

test('a point is the same in every digit: a database tells the time in ten millionths of a second', () => {
  const point = '2026-01-31T16:00:00.1234567Z';
  expect(worth({ ...OURS, [POINT]: point }, 'Online', point)).toBe('ready');
  expect(worth({ ...OURS, [POINT]: '2026-01-31T16:00:00.1234568Z' }, 'Online', point)).toBe('other-point');
});

test('where none was begun there is none', () => {
  expect(preparedFor({ ...PAIR, prepared: null }, ID, NOW)).toBe('none');
});
