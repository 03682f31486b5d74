import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatMarker, parseMarker } from '../../src/deployment/marker.ts';
import {
  byCodeUnits,
  cloneName,
  LONGEST_SUFFIX,
  parseName,
  preparedName,
  restoredName,
  setAsideName,
} from '../../src/deployment/names.ts';

const id = fc.stringMatching(/^2026[01][0-9][0-3][0-9]-[a-z0-9]{5}$/);
const database = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,60}$/);

test('a name that we give tells the database, the deployment and what it is', () => {
  fc.assert(
    fc.property(database, id, fc.integer({ min: 1, max: 30 }), (name, deploymentId, number) => {
      const ours = { database: name, deploymentId };
      expect(parseName(cloneName(name, deploymentId))).toEqual({ ...ours, kind: 'clone' });
      expect(parseName(restoredName(name, deploymentId))).toEqual({ ...ours, kind: 'restored' });
      expect(parseName(preparedName(name, deploymentId))).toEqual({ ...ours, kind: 'prepared' });
      expect(parseName(setAsideName(name, deploymentId, number))).toEqual({ ...ours, kind: 'set-aside' });
      expect(restoredName(name, deploymentId).length - name.length).toBeLessThanOrEqual(LONGEST_SUFFIX);
    }),
  );
});

test('databases that were set aside have names of their own', () => {
  expect([1, 2, 3].map((number) => setAsideName('shop', '20260131-k7m2x', number))).toEqual([
    'shop-zdd-20260131-k7m2x-failed',
    'shop-zdd-20260131-k7m2x-failed2',
    'shop-zdd-20260131-k7m2x-failed3',
  ]);
});

test.each([
  'shop',
  'shop-zdd',
  'shop-zdd-1',
  '-zdd-20260131-k7m2x',
  'shop-zdd-20260131-K7M2X',
  'shop-zdd-20260131-k7m2x-old',
])('%s is no name of ours', (name) => {
  expect(parseName(name)).toBeUndefined();
});

test('a marker is read back as it was written', () => {
  const role = fc.constantFrom('read-only' as const, 'new' as const, 'live' as const);
  fc.assert(
    fc.property(fc.record({ deploymentId: id, role, attempt: fc.nat(1000) }), (marker) => {
      expect(parseMarker(formatMarker(marker))).toEqual(marker);
    }),
  );
});

test.each([
  undefined,
  '',
  'x',
  '20260131-k7m2x',
  '20260131-k7m2x/new',
  '20260131-k7m2x/newer/1',
  'a 20260131-k7m2x/new/1',
  '20260131-k7m2x/new/1 ',
])('"%s" is no marker', (text) => {
  expect(parseMarker(text)).toBeUndefined();
});

test('the order of names is that of their characters, and one is equal to itself', () => {
  expect([byCodeUnits('B', 'a'), byCodeUnits('a', 'B'), byCodeUnits('a', 'a')]).toEqual([-1, 1, 0]);
});
