import { expect, test } from '@jest/globals';
import { start } from './picture.ts';
import { rows } from './rows.ts';
import { killed, planned } from './walk.ts';

test('one database', () => {
  expect(planned(rows.start, 'clone').split('\n')).toEqual([
    ' 1. Check again what "clone" needs, because much may have changed since "preflight", and nothing is lost yet.',
    ' 2. Copy database shop to shop-zdd-20260131-k7m2x, because visitors will be served from it while the original is updated.',
    ' 3. Wait until the copy shop-zdd-20260131-k7m2x is online, because nothing can be done with a copy before it is online.',
    ' 4. Record when shop-zdd-20260131-k7m2x was complete, because its content dates from before this instant.',
    ' 5. Turn the claim into the held lock, because at most one deployment may be open.',
    ' 6. Set database shop-zdd-20260131-k7m2x READ_ONLY, because nothing may be written to the copy that would be lost with it.',
    ' 7. Record cloned 2026-01-31T14:00:00.000Z, because a tag written after READ_ONLY proves that the record can still be kept.',
  ]);
});

test('two databases, side by side', () => {
  expect(planned(start('catalog', 'shop'), 'clone').split('\n')).toEqual([
    ' 1. Check again what "clone" needs, because much may have changed since "preflight", and nothing is lost yet.',
    ' 2. Copy database catalog to catalog-zdd-20260131-k7m2x, because visitors will be served from it while the original is updated.',
    ' 2. Copy database shop to shop-zdd-20260131-k7m2x, because visitors will be served from it while the original is updated.',
    ' 3. Wait until the copy catalog-zdd-20260131-k7m2x is online, because nothing can be done with a copy before it is online.',
    ' 3. Wait until the copy shop-zdd-20260131-k7m2x is online, because nothing can be done with a copy before it is online.',
    ' 4. Record when catalog-zdd-20260131-k7m2x was complete, because its content dates from before this instant.',
    ' 4. Record when shop-zdd-20260131-k7m2x was complete, because its content dates from before this instant.',
    ' 5. Turn the claim into the held lock, because at most one deployment may be open.',
    ' 6. Set database catalog-zdd-20260131-k7m2x READ_ONLY, because nothing may be written to the copy that would be lost with it.',
    ' 6. Set database shop-zdd-20260131-k7m2x READ_ONLY, because nothing may be written to the copy that would be lost with it.',
    ' 7. Record cloned 2026-01-31T14:00:00.000Z, because a tag written after READ_ONLY proves that the record can still be kept.',
  ]);
});

test('mode read-write leaves the clone writable', () => {
  expect(planned(rows.start, 'clone', { mode: 'read-write', 'accept-data-loss': 'true' }).split('\n')).toEqual([
    ' 1. Check again what "clone" needs, because much may have changed since "preflight", and nothing is lost yet.',
    ' 2. Copy database shop to shop-zdd-20260131-k7m2x, because visitors will be served from it while the original is updated.',
    ' 3. Wait until the copy shop-zdd-20260131-k7m2x is online, because nothing can be done with a copy before it is online.',
    ' 4. Record when shop-zdd-20260131-k7m2x was complete, because its content dates from before this instant.',
    ' 5. Turn the claim into the held lock, because at most one deployment may be open.',
    ' 6. Record cloned 2026-01-31T14:00:00.000Z, because a tag written after READ_ONLY proves that the record can still be kept.',
  ]);
});

test('killed while it copied, it goes on with the copy', () => {
  expect(planned(killed(rows.start, 'clone', 'copy-database'), 'clone').split('\n')).toEqual([
    ' 1. Record when shop-zdd-20260131-k7m2x was complete, because its content dates from before this instant.',
    ' 2. Turn the claim into the held lock, because at most one deployment may be open.',
    ' 3. Set database shop-zdd-20260131-k7m2x READ_ONLY, because nothing may be written to the copy that would be lost with it.',
    ' 4. Record cloned 2026-01-31T14:00:07.000Z, because a tag written after READ_ONLY proves that the record can still be kept.',
  ]);
});

test('killed before the clone was READ_ONLY', () => {
  expect(planned(killed(rows.start, 'clone', 'hold-lock'), 'clone').split('\n')).toEqual([
    ' 1. Set database shop-zdd-20260131-k7m2x READ_ONLY, because nothing may be written to the copy that would be lost with it.',
    ' 2. Record cloned 2026-01-31T14:00:21.000Z, because a tag written after READ_ONLY proves that the record can still be kept.',
  ]);
});

test('after it has ended there is nothing to do', () => {
  expect(planned(rows.cloned, 'clone')).toBe('Nothing to do.');
});
