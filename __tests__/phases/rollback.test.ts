import { expect, test } from '@jest/globals';
import { CLONE } from './observed.ts';
import { start } from './picture.ts';
import { rows } from './rows.ts';
import { after, killed, planned, run } from './walk.ts';

const DATABASE = { 'rollback-scope': 'code-and-database' };

test('before the switch there is nothing to roll back', () => {
  expect(planned(rows.ready, 'rollback')).toBe('Nothing to do.');
});

test('before deploy has begun the database is untouched, whatever was asked', () => {
  expect(planned(rows.switched, 'rollback', DATABASE).split('\n')).toEqual([
    ' 1. Record no rollback point, because the live build writes again, and the deployment is where it was before "switch".',
    ' 2. Set database shop READ_WRITE, because the live build returns to it.',
    ' 3. Start slot zdd-readonly, because "deploy" has changed nothing yet and the live build takes over again.',
    ' 4. Start the WebJobs stock of slot zdd-readonly, because the live build takes over again.',
    ' 5. Prove the candidate in slot zdd-readonly, because visitors see only what was proven.',
    ' 6. Prove the candidate in slot zdd-readonly, because visitors see only what was just proven.',
    ' 7. Record the intent to swap slot zdd-readonly with production, because "deploy" has changed nothing yet.',
    ' 8. Swap slot zdd-readonly with production, because "deploy" has changed nothing yet.',
  ]);
});

test('also when deploy has begun and the originals show that it has changed nothing', () => {
  const begun = killed(rows.switched, 'deploy', 'record');
  const lines = planned(begun, 'rollback', DATABASE).split('\n');
  expect(lines[0]).toMatch(/^ 1\. Record no rollback point, no deploy begun, no fingerprint/);
  expect(lines.at(-1)).toContain('Swap slot zdd-readonly with production');
  const { picture } = run(begun, 'rollback');
  expect(picture.production.marker).toBeUndefined();
  expect(run(picture, 'switch').stop).toBeUndefined();
});

test('a build that may have written is validated before visitors return to the live build', () => {
  const opened = killed(rows.switched, 'deploy', 'set-read-write');
  expect(planned(opened, 'rollback', { 'ignore-schema': 'true' })).toContain(
    '"validate" looks at exactly this candidate',
  );
});

test('code and database', () => {
  expect(planned(rows.deployed, 'rollback', DATABASE).split('\n')).toEqual([
    ' 1. Check again what "rollback" needs, because much may have changed since "preflight", and nothing is lost yet.',
    ' 2. Record rollback of code-and-database under way, databases moving, attempt 2, no candidate, no verdict, because the next run must know that a rollback is half-way.',
    ' 3. Stop slot zdd-staging, because it must not write while it is rolled back.',
    ' 4. Write 3 app settings and 0 connection strings to slot zdd-staging, because it must not write while it is rolled back.',
    ' 5. Wait until shop is quiet, because a build that was stopped may still be connected.',
    ' 6. Restore shop as of 2026-01-31T14:03:30.0000000Z to shop-zdd-20260131-k7m2x-restored, because the content of the rollback point is wanted back.',
    ' 7. Wait until shop-zdd-20260131-k7m2x-restored is restored, online and read-write, because a restore waits for its log backup.',
    ' 8. Tag shop-zdd-20260131-k7m2x with zdd-successor-id, zdd-successor-of, because from now on it is the original.',
    ' 9. Copy the backup retention policies of shop to shop-zdd-20260131-k7m2x-restored, because a restored database has the default backup retention.',
    '10. Rename database shop to shop-zdd-20260131-k7m2x-failed, because the failed database is set aside, never deleted.',
    "11. Rename database shop-zdd-20260131-k7m2x-restored to shop, because it takes the original's place.",
    '12. Record rollback of code-and-database under way, databases settled, because the databases have their names again.',
    '13. Write 5 app settings and 1 connection strings to slot zdd-readonly, because the candidate is known by its marker.',
    '14. Start slot zdd-readonly, because it is the candidate again.',
    '15. Start the WebJobs stock of slot zdd-readonly, because the live build takes over again.',
    '16. Prove the candidate in slot zdd-readonly, because only a healthy live build can take over.',
    '17. Record candidate: live build in slot zdd-readonly, no rollback under way, no stopped WebJobs, because "validate" looks at exactly this candidate.',
  ]);
});

test('two databases, side by side', () => {
  expect(
    planned(after(['clone', 'read-only', 'switch', 'deploy'], start('catalog', 'shop')), 'rollback', DATABASE).split(
      '\n',
    ),
  ).toEqual([
    ' 1. Check again what "rollback" needs, because much may have changed since "preflight", and nothing is lost yet.',
    ' 2. Record rollback of code-and-database under way, databases moving, attempt 2, no candidate, no verdict, because the next run must know that a rollback is half-way.',
    ' 3. Stop slot zdd-staging, because it must not write while it is rolled back.',
    ' 4. Write 3 app settings and 0 connection strings to slot zdd-staging, because it must not write while it is rolled back.',
    ' 5. Wait until catalog, shop are quiet, because a build that was stopped may still be connected.',
    ' 6. Restore catalog as of 2026-01-31T14:03:51.0000000Z to catalog-zdd-20260131-k7m2x-restored, because the content of the rollback point is wanted back.',
    ' 6. Restore shop as of 2026-01-31T14:03:51.0000000Z to shop-zdd-20260131-k7m2x-restored, because the content of the rollback point is wanted back.',
    ' 7. Wait until catalog-zdd-20260131-k7m2x-restored is restored, online and read-write, because a restore waits for its log backup.',
    ' 7. Wait until shop-zdd-20260131-k7m2x-restored is restored, online and read-write, because a restore waits for its log backup.',
    ' 8. Tag catalog-zdd-20260131-k7m2x with zdd-successor-id, zdd-successor-of, because from now on it is the original.',
    ' 8. Tag shop-zdd-20260131-k7m2x with zdd-successor-id, zdd-successor-of, because from now on it is the original.',
    ' 9. Copy the backup retention policies of catalog to catalog-zdd-20260131-k7m2x-restored, because a restored database has the default backup retention.',
    ' 9. Copy the backup retention policies of shop to shop-zdd-20260131-k7m2x-restored, because a restored database has the default backup retention.',
    '10. Rename database catalog to catalog-zdd-20260131-k7m2x-failed, because the failed database is set aside, never deleted.',
    '10. Rename database shop to shop-zdd-20260131-k7m2x-failed, because the failed database is set aside, never deleted.',
    "11. Rename database catalog-zdd-20260131-k7m2x-restored to catalog, because it takes the original's place.",
    "11. Rename database shop-zdd-20260131-k7m2x-restored to shop, because it takes the original's place.",
    '12. Record rollback of code-and-database under way, databases settled, because the databases have their names again.',
    '13. Write 5 app settings and 2 connection strings to slot zdd-readonly, because the candidate is known by its marker.',
    '14. Start slot zdd-readonly, because it is the candidate again.',
    '15. Start the WebJobs stock of slot zdd-readonly, because the live build takes over again.',
    '16. Prove the candidate in slot zdd-readonly, because only a healthy live build can take over.',
    '17. Record candidate: live build in slot zdd-readonly, no rollback under way, no stopped WebJobs, because "validate" looks at exactly this candidate.',
  ]);
});

test('killed after the restore was asked for', () => {
  expect(
    planned(killed(rows.deployed, 'rollback', 'restore-database', DATABASE), 'rollback', DATABASE).split('\n'),
  ).toEqual([
    ' 1. Wait until shop is quiet, because a build that was stopped may still be connected.',
    ' 2. Wait until shop-zdd-20260131-k7m2x-restored is restored, online and read-write, because a restore waits for its log backup.',
    ' 3. Tag shop-zdd-20260131-k7m2x with zdd-successor-id, zdd-successor-of, because from now on it is the original.',
    ' 4. Copy the backup retention policies of shop to shop-zdd-20260131-k7m2x-restored, because a restored database has the default backup retention.',
    ' 5. Rename database shop to shop-zdd-20260131-k7m2x-failed, because the failed database is set aside, never deleted.',
    " 6. Rename database shop-zdd-20260131-k7m2x-restored to shop, because it takes the original's place.",
    ' 7. Record rollback of code-and-database under way, databases settled, because the databases have their names again.',
    ' 8. Write 5 app settings and 1 connection strings to slot zdd-readonly, because the candidate is known by its marker.',
    ' 9. Start slot zdd-readonly, because it is the candidate again.',
    '10. Start the WebJobs stock of slot zdd-readonly, because the live build takes over again.',
    '11. Prove the candidate in slot zdd-readonly, because only a healthy live build can take over.',
    '12. Record candidate: live build in slot zdd-readonly, no rollback under way, no stopped WebJobs, because "validate" looks at exactly this candidate.',
  ]);
});

test('killed between the two renames', () => {
  expect(
    planned(killed(rows.deployed, 'rollback', 'move-database', DATABASE), 'rollback', DATABASE).split('\n'),
  ).toEqual([
    ' 1. Copy the backup retention policies of shop-zdd-20260131-k7m2x-failed to shop-zdd-20260131-k7m2x-restored, because a restored database has the default backup retention.',
    " 2. Rename database shop-zdd-20260131-k7m2x-restored to shop, because it takes the original's place.",
    ' 3. Record rollback of code-and-database under way, databases settled, because the databases have their names again.',
    ' 4. Write 5 app settings and 1 connection strings to slot zdd-readonly, because the candidate is known by its marker.',
    ' 5. Start slot zdd-readonly, because it is the candidate again.',
    ' 6. Start the WebJobs stock of slot zdd-readonly, because the live build takes over again.',
    ' 7. Prove the candidate in slot zdd-readonly, because only a healthy live build can take over.',
    ' 8. Record candidate: live build in slot zdd-readonly, no rollback under way, no stopped WebJobs, because "validate" looks at exactly this candidate.',
  ]);
});

test('code only, when the live build can work with the schema', () => {
  expect(planned(rows.deployed, 'rollback', { 'ignore-schema': 'true' }).split('\n')).toEqual([
    ' 1. Record rollback of code under way, databases settled, attempt 2, no candidate, no verdict, because the next run must know that a rollback is half-way.',
    ' 2. Stop slot zdd-staging, because it must not write while it is rolled back.',
    ' 3. Write 3 app settings and 0 connection strings to slot zdd-staging, because it must not write while it is rolled back.',
    ' 4. Wait until shop is quiet, because a build that was stopped may still be connected.',
    ' 5. Write 5 app settings and 1 connection strings to slot zdd-readonly, because the candidate is known by its marker.',
    ' 6. Start slot zdd-readonly, because it is the candidate again.',
    ' 7. Start the WebJobs stock of slot zdd-readonly, because the live build takes over again.',
    ' 8. Prove the candidate in slot zdd-readonly, because only a healthy live build can take over.',
    ' 9. Record candidate: live build in slot zdd-readonly, no rollback under way, no stopped WebJobs, because "validate" looks at exactly this candidate.',
  ]);
});

test('after complete visitors go back to the read-only copy first', () => {
  expect(planned(rows.completed, 'rollback', { ...DATABASE, 'accept-data-loss': 'true' }).split('\n')).toEqual([
    ' 1. Start slot zdd-staging, because visitors go back to it first.',
    ' 2. Prove the read-only copy in slot zdd-staging, because visitors see only what was just proven.',
    ' 3. Record the intent to swap slot zdd-staging with production, because nobody may be on a build that is rolled back, and the rest of the rollback is planned from there.',
    ' 4. Swap slot zdd-staging with production, because nobody may be on a build that is rolled back, and the rest of the rollback is planned from there.',
  ]);
});

test('visitors are not sent back to a read-only copy that has lost its database', () => {
  const databases = rows.completed.databases.filter(({ database: { name } }) => name !== CLONE);
  expect(planned({ ...rows.completed, databases }, 'rollback', { ...DATABASE, 'accept-data-loss': 'true' })).toBe(
    'refused: The read-only copy has lost its database, so visitors have nowhere to wait while the live build returns. / Run "cleanup" to its end, then deploy the old package with a deployment of its own.',
  );
});

test('a second rollback of the database sets another one aside', () => {
  expect(planned(after(['deploy'], rows.rolledBack), 'rollback', DATABASE).split('\n')).toEqual([
    ' 1. Check again what "rollback" needs, because much may have changed since "preflight", and nothing is lost yet.',
    ' 2. Record rollback of code-and-database under way, databases moving, attempt 4, no candidate, no verdict, because the next run must know that a rollback is half-way.',
    ' 3. Stop slot zdd-staging, because it must not write while it is rolled back.',
    ' 4. Write 3 app settings and 0 connection strings to slot zdd-staging, because it must not write while it is rolled back.',
    ' 5. Wait until shop is quiet, because a build that was stopped may still be connected.',
    ' 6. Restore shop-zdd-20260131-k7m2x-failed as of 2026-01-31T14:03:30.0000000Z to shop-zdd-20260131-k7m2x-restored, because the content of the rollback point is wanted back.',
    ' 7. Wait until shop-zdd-20260131-k7m2x-restored is restored, online and read-write, because a restore waits for its log backup.',
    ' 8. Tag shop-zdd-20260131-k7m2x with zdd-successor-id, zdd-successor-of, because from now on it is the original.',
    ' 9. Copy the backup retention policies of shop-zdd-20260131-k7m2x-failed to shop-zdd-20260131-k7m2x-restored, because a restored database has the default backup retention.',
    '10. Rename database shop to shop-zdd-20260131-k7m2x-failed2, because the failed database is set aside, never deleted.',
    "11. Rename database shop-zdd-20260131-k7m2x-restored to shop, because it takes the original's place.",
    '12. Record rollback of code-and-database under way, databases settled, because the databases have their names again.',
    '13. Write 5 app settings and 1 connection strings to slot zdd-readonly, because the candidate is known by its marker.',
    '14. Start slot zdd-readonly, because it is the candidate again.',
    '15. Start the WebJobs stock of slot zdd-readonly, because the live build takes over again.',
    '16. Prove the candidate in slot zdd-readonly, because only a healthy live build can take over.',
    '17. Record candidate: live build in slot zdd-readonly, no rollback under way, no stopped WebJobs, because "validate" looks at exactly this candidate.',
  ]);
});

test('while databases are renamed the other scope is refused', () => {
  expect(planned(killed(rows.deployed, 'rollback', 'move-database', DATABASE), 'rollback')).toBe(
    'refused: A rollback of code-and-database is under way and has begun to move databases; scope code cannot join it. / Run "rollback" again with rollback-scope: code-and-database.',
  );
});

test('while databases are renamed deploy is refused', () => {
  expect(planned(killed(rows.deployed, 'rollback', 'move-database', DATABASE), 'deploy')).toBe(
    'refused: A rollback of code-and-database is under way; deploy may not run before it has ended. / Run "rollback" again with rollback-scope: code-and-database.',
  );
});

test('a rollback of the databases that has moved one names no other way', () => {
  const moved = killed(rows.completed, 'rollback', 'move-database', { ...DATABASE, 'accept-data-loss': 'true' });
  expect(planned(rows.completed, 'rollback', DATABASE)).toContain('or run "rollback" with rollback-scope: code');
  expect(planned(moved, 'rollback', DATABASE)).toMatch(
    /would be lost\. \/ Give accept-data-loss: true when that is acceptable\.$/,
  );
});

test('when a cleanup has emptied the live build, visitors are not sent away from the new one', () => {
  const picture = killed(rows.completed, 'cleanup', 'write-settings');
  const lossy = { 'rollback-scope': 'code-and-database', 'accept-data-loss': 'true' };
  for (const inputs of [{ 'ignore-schema': 'true' }, lossy]) {
    expect(planned(picture, 'rollback', inputs)).toBe(
      'drifted: Slot zdd-readonly should hold the live build, and it has been emptied. / "cleanup" has begun: run it again to its end, as soon as visitors are on a candidate, then deploy the old package with a deployment of its own.',
    );
  }
});

test('a live build that does not become healthy any more is no candidate, and is stopped with its WebJobs', () => {
  const { rounds, stop } = run(rows.rolledBack, 'rollback', DATABASE, { dead: true });
  const told = rounds.flatMap(({ plan }) => plan[0]?.map((step) => `${step.kind}: ${step.because}`) ?? []);
  expect(told.slice(-3)).toEqual([
    'record: a live build did not become healthy, and is no candidate any more',
    'stop-webjobs: a live build did not become healthy, and none must write unseen',
    'stop-slot: a live build did not become healthy, and none must write unseen',
  ]);
  expect(stop?.happened).toBe('Slot zdd-readonly did not become healthy.');
});

test('WebJobs that were started again in the same run are stopped again, when the live build does not become healthy', () => {
  const code = after([['rollback', { 'ignore-schema': 'true' }]], rows.deployed);
  const { rounds, picture } = run(code, 'rollback', DATABASE, { dead: true });
  expect(
    rounds.flatMap(({ plan }) => plan[0] ?? []).flatMap(({ kind }) => (kind.endsWith('webjobs') ? [kind] : [])),
  ).toEqual(['stop-webjobs', 'start-webjobs', 'stop-webjobs']);
  expect(picture.jobsOff).toEqual(['zdd-readonly']);
});
