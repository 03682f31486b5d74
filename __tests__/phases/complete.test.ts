import { expect, test } from '@jest/globals';
import { rows } from './rows.ts';
import { after, killed, planned, run } from './walk.ts';

test('visitors move to the proven candidate', () => {
  expect(planned(rows.validated, 'complete').split('\n')).toEqual([
    ' 1. Prove the candidate in slot zdd-staging, because visitors see only what was just proven.',
    ' 2. Record the intent to swap slot zdd-staging with production, visitors on the originals since 2026-01-31T14:04:26.000Z, because the candidate passed validation.',
    ' 3. Swap slot zdd-staging with production, because the candidate passed validation.',
    ' 4. Watch production for 300 s, because a late restart shows up minutes after a swap.',
    ' 5. Check whose sessions the originals have, because the candidate must be seen working on the originals.',
    ' 6. Stop slot zdd-staging, because nobody is on the read-only copy any more.',
    ' 7. Record completed at 2026-01-31T14:04:26.000Z, because "cleanup" may run from here.',
  ]);
});

test('after a rollback they move to the live build', () => {
  expect(planned(after(['validate'], rows.rolledBack), 'complete').split('\n')).toEqual([
    ' 1. Prove the candidate in slot zdd-readonly, because visitors see only what was just proven.',
    ' 2. Record the intent to swap slot zdd-readonly with production, visitors on the originals since 2026-01-31T14:06:18.000Z, because the candidate passed validation.',
    ' 3. Swap slot zdd-readonly with production, because the candidate passed validation.',
    ' 4. Watch production for 300 s, because a late restart shows up minutes after a swap.',
    ' 5. Check whose sessions the originals have, because the candidate must be seen working on the originals.',
    ' 6. Stop slot zdd-readonly, because nobody is on the read-only copy any more.',
    ' 7. Record completed at 2026-01-31T14:06:18.000Z, because "cleanup" may run from here.',
  ]);
});

test('killed in the soak, it watches again', () => {
  expect(planned(killed(rows.validated, 'complete', 'settle-swap'), 'complete').split('\n')).toEqual([
    ' 1. Watch production for 300 s, because a late restart shows up minutes after a swap.',
    ' 2. Check whose sessions the originals have, because the candidate must be seen working on the originals.',
    ' 3. Stop slot zdd-staging, because nobody is on the read-only copy any more.',
    ' 4. Record completed at 2026-01-31T14:04:54.000Z, because "cleanup" may run from here.',
  ]);
});

test('after it has ended there is nothing to do', () => {
  expect(planned(rows.completed, 'complete')).toBe('Nothing to do.');
});

test('a reason stands for a verdict', () => {
  expect(planned(rows.deployed, 'complete', { 'override-validation': 'the check is wrong' }).split('\n')).toEqual([
    ' 1. Prove the candidate in slot zdd-staging, because visitors see only what was just proven.',
    ' 2. Record the intent to swap slot zdd-staging with production, visitors on the originals since 2026-01-31T14:04:19.000Z, verdict overridden, because the candidate passed validation.',
    ' 3. Swap slot zdd-staging with production, because the candidate passed validation.',
    ' 4. Watch production for 300 s, because a late restart shows up minutes after a swap.',
    ' 5. Check whose sessions the originals have, because the candidate must be seen working on the originals.',
    ' 6. Stop slot zdd-staging, because nobody is on the read-only copy any more.',
    ' 7. Record completed at 2026-01-31T14:04:19.000Z, because "cleanup" may run from here.',
  ]);
});

test('a candidate that turns ill in the soak: visitors go back to the copy', () => {
  expect(
    run(rows.validated, 'complete', {}, { ill: true })
      .rounds.flatMap(({ plan }) => plan[0] ?? [])
      .map(({ kind }) => kind),
  ).toEqual([
    'prove-instance',
    'intend-swap',
    'post-swap',
    'settle-swap',
    'watch-production',
    'record',
    'prove-instance',
    'intend-swap',
    'post-swap',
    'settle-swap',
  ]);
});

test('a candidate that turns ill in the soak ends it red', () => {
  expect(run(rows.validated, 'complete', {}, { ill: true }).stop?.message).toBe(
    'The candidate became unhealthy during the soak (GET / answered 500), so visitors were sent back to the read-only copy. The validation no longer counts. Run "deploy" with a fixed package, or "rollback"; then "validate" and "complete".',
  );
});

test('after a failed complete the verdict is void', () => {
  expect(planned(run(rows.validated, 'complete', {}, { ill: true }).picture, 'complete')).toBe(
    'refused: The candidate has not been validated. / Run "validate" first, or give a reason with override-validation.',
  );
});
