import { expect, test } from '@jest/globals';
import { CLONE } from './observed.ts';
import { rows } from './rows.ts';
import { after, killed, planned, run } from './walk.ts';

test('visitors move first, then the live build stops and the point is taken', () => {
  expect(planned(rows.ready, 'switch').split('\n')).toEqual([
    ' 1. Check again what "switch" needs, because much may have changed since "preflight", and nothing is lost yet.',
    ' 1. Prove SQL access to shop, because quiet must be measured, and only who sees others can measure it.',
    ' 2. Prove the read-only copy in slot zdd-readonly, because visitors see only what was just proven.',
    ' 3. Record the intent to swap slot zdd-readonly with production, because the original can only be changed while visitors are elsewhere.',
    ' 4. Swap slot zdd-readonly with production, because the original can only be changed while visitors are elsewhere.',
    ' 5. Watch production for 10 s, because the live build keeps running until its replacement stays healthy.',
    ' 6. Stop slot zdd-readonly, because the live build must not write to the original any more.',
    ' 7. Stop the WebJobs of slot zdd-readonly, because WebJobs go on when an app is stopped.',
    ' 7. Wait until shop is quiet, then set READ_ONLY, watching production meanwhile, because the rollback point must lie between the writes of the two builds.',
    ' 8. Take the rollback point from shop, because a rollback of the database returns to this instant.',
  ]);
});

test('killed between intent and outcome, the swap is not sent again', () => {
  expect(planned(killed(rows.ready, 'switch', 'post-swap'), 'switch')).toBe(
    ' 1. Find out how swap 1 ended, because a swap must be known to have ended before anything else is done.',
  );
});

test('killed after the swap', () => {
  expect(planned(killed(rows.ready, 'switch', 'settle-swap'), 'switch').split('\n')).toEqual([
    ' 1. Watch production for 10 s, because the live build keeps running until its replacement stays healthy.',
    ' 2. Prove SQL access to shop, because quiet must be measured, and only who sees others can measure it.',
    ' 3. Stop slot zdd-readonly, because the live build must not write to the original any more.',
    ' 4. Stop the WebJobs of slot zdd-readonly, because WebJobs go on when an app is stopped.',
    ' 4. Wait until shop is quiet, then set READ_ONLY, watching production meanwhile, because the rollback point must lie between the writes of the two builds.',
    ' 5. Take the rollback point from shop, because a rollback of the database returns to this instant.',
  ]);
});

test('killed before the point was taken', () => {
  expect(planned(killed(rows.ready, 'switch', 'await-quiet'), 'switch').split('\n')).toEqual([
    ' 1. Watch production for 10 s, because the live build keeps running until its replacement stays healthy.',
    ' 2. Prove SQL access to shop, because quiet must be measured, and only who sees others can measure it.',
    ' 3. Stop the WebJobs of slot zdd-readonly, because WebJobs go on when an app is stopped.',
    ' 3. Wait until shop is quiet, then set READ_ONLY, watching production meanwhile, because the rollback point must lie between the writes of the two builds.',
    ' 4. Take the rollback point from shop, because a rollback of the database returns to this instant.',
  ]);
});

test('after it has ended there is nothing to do', () => {
  expect(planned(rows.switched, 'switch')).toBe('Nothing to do.');
});

test('originals that somebody opened again get another rollback point', () => {
  const databases = rows.switched.databases.map((held) => ({ ...held, isReadOnly: held.database.name === CLONE }));
  const picture = { ...rows.switched, databases };
  expect(planned(picture, 'switch').split('\n')).toEqual([
    ' 1. Record no rollback point, because the originals were opened again, and may have taken writes since it.',
    ' 2. Stop the WebJobs of slot zdd-readonly, because WebJobs go on when an app is stopped.',
    ' 2. Wait until shop is quiet, then set READ_ONLY, watching production meanwhile, because the rollback point must lie between the writes of the two builds.',
    ' 3. Take the rollback point from shop, because a rollback of the database returns to this instant.',
  ]);
  expect(planned(picture, 'deploy')).toBe(
    'refused: Database shop takes writes although "switch" had set it READ_ONLY: a rollback to the rollback point would lose what was written since. / Run "switch" again: it takes another point.',
  );
});

test('a rollback in between: the live build stops again and is no candidate any more', () => {
  // What visitors write to the copy would be lost: they do not simply return.
  const lossy = { mode: 'read-write', 'accept-data-loss': 'true', 'readonly-settings': 'JOBS=off' };
  const ready = after(
    [
      ['clone', lossy],
      ['read-only', lossy],
    ],
    rows.start,
  );
  const between = after([['rollback', lossy]], killed(ready, 'switch', 'settle-swap', lossy));
  expect(planned(between, 'switch', lossy).split('\n')).toEqual([
    ' 1. Watch production for 10 s, because the live build keeps running until its replacement stays healthy.',
    ' 2. Prove SQL access to shop, because quiet must be measured, and only who sees others can measure it.',
    ' 3. Record no candidate, no verdict, because the live build, brought back by a rollback, stops again.',
    ' 4. Stop slot zdd-readonly, because the live build must not write to the original any more.',
    ' 5. Stop the WebJobs of slot zdd-readonly, because WebJobs go on when an app is stopped.',
    ' 5. Wait until shop is quiet, then set READ_ONLY, watching production meanwhile, because the rollback point must lie between the writes of the two builds.',
    ' 6. Take the rollback point from shop, because a rollback of the database returns to this instant.',
  ]);
});

test('with a copy that is ill, visitors are sent back', () => {
  expect(
    run(rows.ready, 'switch', {}, { ill: true })
      .rounds.flatMap(({ plan }) => plan[0] ?? [])
      .map(({ kind }) => kind),
  ).toEqual([
    'check-again',
    'prove-sql',
    'prove-instance',
    'intend-swap',
    'post-swap',
    'settle-swap',
    'watch-production',
    'watch-production',
    'prove-instance',
    'intend-swap',
    'post-swap',
    'settle-swap',
  ]);
});

test('with a copy that is ill, it ends red', () => {
  expect(run(rows.ready, 'switch', {}, { ill: true }).stop?.message).toBe(
    'The read-only copy did not stay healthy after the swap (GET / answered 500), so visitors were sent back to the live build. Nothing was changed. Look at the log of the readonly slot, then run "read-only" and "switch" again, or "cleanup".',
  );
});

test('with a swap that Azure refuses, it ends red', () => {
  expect(run(rows.ready, 'switch', {}, { swapsFail: true }).stop?.message).toBe(
    'Azure ended the swap without swapping: The instance did not warm up. Production is as it was. Look at the log of the instance that was to come (ZDD_INSTANCE tells which slot holds it), then run the phase again.',
  );
});
