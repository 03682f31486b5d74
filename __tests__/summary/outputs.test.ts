import { expect, test } from '@jest/globals';
import { outputsOf, withSevenDecimals } from '../../src/summary/outputs.ts';

test('what is empty is left out', () => {
  expect(outputsOf({ state: 'none', changed: false, nextPhases: [], cloneDatabases: {} })).toEqual({
    state: 'none',
    changed: 'false',
  });
});

test('clones are told in alphabetical order, instants with seven decimals', () => {
  const outputs = outputsOf({
    state: 'read-only',
    changed: true,
    nextPhases: ['deploy', 'rollback'],
    cloneDatabases: { shop: 'shop-zdd-1', orders: 'orders-zdd-1' },
    snapshotTimestamp: '2026-01-31T14:05:09.123Z',
    readOnlySeconds: 61.4,
  });
  expect(outputs).toEqual({
    state: 'read-only',
    changed: 'true',
    'next-phases': 'deploy,rollback',
    'clone-database': 'orders-zdd-1',
    'clone-databases': '{"orders":"orders-zdd-1","shop":"shop-zdd-1"}',
    'snapshot-timestamp': '2026-01-31T14:05:09.1230000Z',
    'read-only-seconds': '61',
  });
});

test('a window of no length is told', () => {
  const outputs = outputsOf({
    state: 'read-only',
    changed: true,
    nextPhases: [],
    cloneDatabases: {},
    readOnlySeconds: 0,
  });
  expect(outputs['read-only-seconds']).toBe('0');
});

test('seven decimals, never more or less', () => {
  expect(withSevenDecimals('2026-01-31T14:05:09Z')).toBe('2026-01-31T14:05:09.0000000Z');
  expect(withSevenDecimals('2026-01-31T14:05:09.12345678Z')).toBe('2026-01-31T14:05:09.1234567Z');
});
