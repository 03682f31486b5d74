import { expect, test } from '@jest/globals';
import { rows } from './rows.ts';
import { killed, planned } from './walk.ts';

test('the new build gets its settings only after the point', () => {
  expect(planned(rows.switched, 'deploy').split('\n')).toEqual([
    ' 1. Record attempt 1, fingerprint 54e04c6a3ce60c76, deploy begun attempt 1, no migration of attempt, no candidate, no verdict, no rollback under way, because from here the originals are no longer as they were.',
    ' 2. Wait until the clock of shop has passed 2026-01-31T14:03:35.000Z, because a restore to the point must not hold anything of the new build.',
    ' 3. Set database shop READ_WRITE, because it is updated now.',
    ' 4. Write 5 app settings and 1 connection strings to slot zdd-staging, because its turn has come.',
    ' 5. Start slot zdd-staging, because it runs on the updated database with nobody on it.',
    ' 6. Prove the candidate in slot zdd-staging, because a deploy that ends green left a healthy candidate.',
    ' 7. Record candidate: new build in slot zdd-staging, because "validate" looks at exactly this candidate.',
  ]);
});

test('migrate-command runs before the new build starts', () => {
  expect(planned(rows.switched, 'deploy', { 'migrate-command': 'npm run migrate' }).split('\n')).toEqual([
    ' 1. Record attempt 1, fingerprint 4187278b3fadfd33, deploy begun attempt 1, no migration of attempt, no candidate, no verdict, no rollback under way, because from here the originals are no longer as they were.',
    ' 2. Wait until the clock of shop has passed 2026-01-31T14:03:35.000Z, because a restore to the point must not hold anything of the new build.',
    ' 3. Set database shop READ_WRITE, because it is updated now.',
    ' 4. Run migrate-command for attempt 1, because migrate-command brings the databases to the new build.',
    ' 5. Write 5 app settings and 1 connection strings to slot zdd-staging, because its turn has come.',
    ' 6. Start slot zdd-staging, because it runs on the updated database with nobody on it.',
    ' 7. Prove the candidate in slot zdd-staging, because a deploy that ends green left a healthy candidate.',
    ' 8. Record candidate: new build in slot zdd-staging, because "validate" looks at exactly this candidate.',
  ]);
});

test('killed after the command, it is not run again', () => {
  expect(
    planned(killed(rows.switched, 'deploy', 'migrate', { 'migrate-command': 'npm run migrate' }), 'deploy', {
      'migrate-command': 'npm run migrate',
    }).split('\n'),
  ).toEqual([
    ' 1. Stop the WebJobs of slot zdd-readonly, because WebJobs go on when an app is stopped.',
    ' 2. Wait until shop is quiet, because a build that was stopped may still be connected.',
    ' 3. Write 5 app settings and 1 connection strings to slot zdd-staging, because its turn has come.',
    ' 4. Start slot zdd-staging, because it runs on the updated database with nobody on it.',
    ' 5. Prove the candidate in slot zdd-staging, because a deploy that ends green left a healthy candidate.',
    ' 6. Record candidate: new build in slot zdd-staging, because "validate" looks at exactly this candidate.',
  ]);
});

test('the same again is only proven', () => {
  expect(planned(rows.deployed, 'deploy')).toBe(
    ' 1. Prove the candidate in slot zdd-staging, because a deploy that ends green left a healthy candidate.',
  );
});

test('something else is another attempt', () => {
  expect(planned(rows.validated, 'deploy', { 'app-settings': 'SHOP_NAME=Mended' }).split('\n')).toEqual([
    ' 1. Record attempt 2, fingerprint 288133258b05291c, deploy begun attempt 1, no migration of attempt, no candidate, no verdict, no rollback under way, because from here the originals are no longer as they were.',
    ' 2. Stop slot zdd-staging, because it is disarmed while it is prepared.',
    ' 3. Write 3 app settings and 0 connection strings to slot zdd-staging, because nothing of it may reach the originals before its turn.',
    ' 4. Stop the WebJobs of slot zdd-readonly, because WebJobs go on when an app is stopped.',
    ' 5. Wait until shop is quiet, because a build that was stopped may still be connected.',
    ' 6. Write 5 app settings and 1 connection strings to slot zdd-staging, because its turn has come.',
    ' 7. Start slot zdd-staging, because it runs on the updated database with nobody on it.',
    ' 8. Prove the candidate in slot zdd-staging, because a deploy that ends green left a healthy candidate.',
    ' 9. Record candidate: new build in slot zdd-staging, because "validate" looks at exactly this candidate.',
  ]);
});

test('after a rollback the live build stops first', () => {
  expect(planned(rows.rolledBack, 'deploy').split('\n')).toEqual([
    ' 1. Record attempt 3, fingerprint 54e04c6a3ce60c76, deploy begun attempt 1, no migration of attempt, no candidate, no verdict, no rollback under way, other writers the live build after a rollback, because from here the originals are no longer as they were.',
    ' 2. Stop the WebJobs of slot zdd-readonly, because WebJobs go on when an app is stopped.',
    ' 3. Stop slot zdd-readonly, because live build and new build never write at the same time.',
    ' 4. Wait until shop is quiet, because a build that was stopped may still be connected.',
    ' 5. Write 5 app settings and 1 connection strings to slot zdd-staging, because its turn has come.',
    ' 6. Start slot zdd-staging, because it runs on the updated database with nobody on it.',
    ' 7. Prove the candidate in slot zdd-staging, because a deploy that ends green left a healthy candidate.',
    ' 8. Record candidate: new build in slot zdd-staging, because "validate" looks at exactly this candidate.',
  ]);
});
