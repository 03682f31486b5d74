import { expect, test } from '@jest/globals';
import type { BlobEntry } from '../../src/azure/blob-list.ts';
import { blobChanges } from '../../src/deployment/blob-changes.ts';

const SNAPSHOT = '2026-09-01T10:00:00.500Z';
const at = (time: string) => Date.parse(`2026-09-01T${time}Z`);

/** A version that is not the current one; before and after the snapshot. */
const old: BlobEntry = {
  name: 'a',
  writtenAt: at('09:00:00'),
  isCurrent: false,
  isVersion: true,
  deletedAt: undefined,
};
const late = { ...old, writtenAt: at('10:30:00') };

test.each<[string, readonly BlobEntry[], string]>([
  ['untouched', [{ ...old, isCurrent: true }], ''],
  ['written over', [old, { ...late, isCurrent: true }], 'overwritten 10:30:00'],
  ['written over twice', [old, late, { ...late, writtenAt: at('10:40:00'), isCurrent: true }], 'overwritten 10:40:00'],
  ['written over before', [old, { ...old, writtenAt: at('09:30:00'), isCurrent: true }], ''],
  [
    'written over, and what was before deleted',
    [
      { ...old, deletedAt: at('10:35:00') },
      { ...late, isCurrent: true },
    ],
    'overwritten 10:30:00',
  ],
  [
    'untouched, and what was before deleted',
    [
      { ...old, deletedAt: at('10:35:00') },
      { ...old, isCurrent: true },
    ],
    '',
  ],
  ['new', [{ ...late, isCurrent: true }], ''],
  ['new in the second of the snapshot', [{ ...old, writtenAt: at('10:00:00'), isCurrent: true }], ''],
  [
    'written over in the second of the snapshot',
    [old, { ...old, writtenAt: at('10:00:00'), isCurrent: true }],
    'overwritten 10:00:00',
  ],
  ['new and deleted again', [{ ...late, deletedAt: at('10:40:00') }], ''],
  ['new and written over', [late, { ...late, writtenAt: at('10:40:00'), isCurrent: true }], ''],
  ['deleted', [{ ...old, isVersion: false, deletedAt: at('10:20:00') }], 'deleted 10:20:00'],
  ['deleted in the second of the snapshot', [{ ...old, deletedAt: at('10:00:00') }], 'deleted 10:00:00'],
  ['deleted before', [{ ...old, deletedAt: at('09:50:00') }], ''],
  ['without a current version', [old], 'gone 09:00:00'],
  ['written over, then without a current version', [late, old], 'gone 10:30:00'],
])('of a blob that was %s', (_, entries, wanted) => {
  const told = blobChanges('images', entries, SNAPSHOT).map(({ what, at: when }) => `${what} ${when.slice(11, 19)}`);
  expect(told.join()).toBe(wanted);
});

test('versions of one name belong together, wherever they stand', () => {
  const b = { ...old, name: 'b', isCurrent: true };
  const entries = [old, b, { ...late, isCurrent: true }];
  expect(blobChanges('images', entries, SNAPSHOT)).toEqual([
    { container: 'images', name: 'a', what: 'overwritten', at: '2026-09-01T10:30:00.000Z' },
  ]);
});
