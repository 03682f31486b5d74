import { expect, test } from '@jest/globals';
import { rows } from './rows.ts';
import { planned, run } from './walk.ts';

test('the candidate is looked at', () => {
  expect(planned(rows.deployed, 'validate')).toBe(
    ' 1. Check the candidate in slot zdd-staging, because reviewers decide on evidence, and visitors see only what passed.',
  );
});

test('after a rollback the live build is the candidate', () => {
  expect(planned(rows.rolledBack, 'validate')).toBe(
    ' 1. Check the candidate in slot zdd-readonly, because reviewers decide on evidence, and visitors see only what passed.',
  );
});

test('a candidate that fails ends it red', () => {
  expect(run(rows.deployed, 'validate', {}, { faulty: true }).stop?.message).toBe(
    'The candidate failed 1 of 1 checks: GET / seen. Visitors are not affected. Run "deploy" with a fixed package, or "rollback".',
  );
});
