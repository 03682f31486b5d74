import { expect, test } from '@jest/globals';
import { freshRun } from '../../src/deployment/this-run.ts';
import { rows } from './rows.ts';
import { killed, planned } from './walk.ts';

test('the new build gets its settings only after the point', () => {
  expect(planned(rows.switched, 'deploy').split('\n')).toEqual([
    ' 1. Check again what "deploy" needs, because much may have changed since "preflight", and nothing is lost yet.',
    ' 2. Record attempt 1, fingerprint 54e04c6a3ce60c76, deploy begun attempt 1, no migration of attempt, no candidate, no verdict, no rollback under way, because from here the originals are no longer as they were.',
    ' 3. Wait until the clock of shop has passed 2026-01-31T14:03:35.000Z, because a restore to the point must not hold anything of the new build.',
    ' 4. Set database shop READ_WRITE, because it is updated now.',
    ' 5. Write 5 app settings and 1 connection strings to slot zdd-staging, because its turn has come.',
    ' 6. Start slot zdd-staging, because it runs on the updated database with nobody on it.',
    ' 7. Prove the candidate in slot zdd-staging, because a deploy that ends green left a healthy candidate.',
    ' 8. Record candidate: new build in slot zdd-staging, because "validate" looks at exactly this candidate.',
  ]);
});

test('migrate-command runs before the new build starts', () => {
  expect(planned(rows.switched, 'deploy', { 'migrate-command': 'npm run migrate' }).split('\n')).toEqual([
    ' 1. Check again what "deploy" needs, because much may have changed since "preflight", and nothing is lost yet.',
    ' 2. Record attempt 1, fingerprint 4187278b3fadfd33, deploy begun attempt 1, migration not done yet, no candidate, no verdict, no rollback under way, because from here the originals are no longer as they were.',
    ' 3. Wait until the clock of shop has passed 2026-01-31T14:03:35.000Z, because a restore to the point must not hold anything of the new build.',
    ' 4. Set database shop READ_WRITE, because it is updated now.',
    ' 5. Record deploy begun attempt 1, let in, because READ_ONLY originals may be changed ones from here.',
    ' 6. Run migrate-command for attempt 1, because migrate-command brings the databases to the new build.',
    ' 7. Write 5 app settings and 1 connection strings to slot zdd-staging, because its turn has come.',
    ' 8. Start slot zdd-staging, because it runs on the updated database with nobody on it.',
    ' 9. Prove the candidate in slot zdd-staging, because a deploy that ends green left a healthy candidate.',
    '10. Record candidate: new build in slot zdd-staging, because "validate" looks at exactly this candidate.',
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

const ALL_COMMANDS = {
  'setup-command': 'npm ci',
  'migrate-command': 'npm run migrate',
  'after-start-command': 'npm run push',
};

test('setup-command runs before anything is changed, after-start-command when the new build runs', () => {
  expect(planned(rows.switched, 'deploy', ALL_COMMANDS).split('\n')).toEqual([
    ' 1. Run setup-command on this runner, because the commands that follow need what it brings.',
    ' 2. Check again what "deploy" needs, because much may have changed since "preflight", and nothing is lost yet.',
    expect.stringMatching(/ 3\. Record .*migration not done yet, after-start-command not done yet, no candidate/),
    expect.stringMatching(/ 4\. Wait until the clock/),
    expect.stringMatching(/ 5\. Set database shop READ_WRITE/),
    expect.stringMatching(/ 6\. Record deploy begun attempt 1, let in/),
    ' 7. Run migrate-command for attempt 1, because migrate-command brings the databases to the new build.',
    expect.stringMatching(/ 8\. Write 5 app settings/),
    expect.stringMatching(/ 9\. Start slot zdd-staging/),
    '10. Prove the candidate in slot zdd-staging, because a deploy that ends green left a healthy candidate.',
    '11. Run after-start-command for attempt 1, because after-start-command needs the new build running, with nobody on it.',
    '12. Prove the candidate in slot zdd-staging, because it may have restarted the new build.',
    expect.stringMatching(/13\. Record candidate/),
  ]);
});

test('killed in after-start-command, it is run again, and migrate-command is not', () => {
  expect(
    planned(killed(rows.switched, 'deploy', 'prove-instance', ALL_COMMANDS), 'deploy', ALL_COMMANDS).split('\n'),
  ).toEqual([
    ' 1. Run setup-command on this runner, because the commands that follow need what it brings.',
    ' 2. Prove the candidate in slot zdd-staging, because a deploy that ends green left a healthy candidate.',
    ' 3. Run after-start-command for attempt 1, because after-start-command needs the new build running, with nobody on it.',
    ' 4. Prove the candidate in slot zdd-staging, because it may have restarted the new build.',
    expect.stringMatching(/ 5\. Record candidate/),
  ]);
});

test('killed after after-start-command, nothing is run again', () => {
  expect(
    planned(killed(rows.switched, 'deploy', 'after-start', ALL_COMMANDS), 'deploy', ALL_COMMANDS).split('\n'),
  ).toEqual([
    ' 1. Prove the candidate in slot zdd-staging, because a deploy that ends green left a healthy candidate.',
    expect.stringMatching(/ 2\. Record candidate/),
  ]);
});

test('the same again is only proven', () => {
  expect(planned(rows.deployed, 'deploy')).toBe(
    ' 1. Prove the candidate in slot zdd-staging, because a deploy that ends green left a healthy candidate.',
  );
});

test('something else is another attempt', () => {
  expect(planned(rows.validated, 'deploy', { 'app-settings': 'SHOP_NAME=Mended' }).split('\n')).toEqual([
    ' 1. Check again what "deploy" needs, because much may have changed since "preflight", and nothing is lost yet.',
    ' 2. Record attempt 2, fingerprint 288133258b05291c, deploy begun attempt 1, no migration of attempt, no candidate, no verdict, no rollback under way, because from here the originals are no longer as they were.',
    ' 3. Stop slot zdd-staging, because it is disarmed while it is prepared.',
    ' 4. Write 3 app settings and 0 connection strings to slot zdd-staging, because nothing of it may reach the originals before its turn.',
    ' 5. Stop the WebJobs of slot zdd-readonly, because WebJobs go on when an app is stopped.',
    ' 6. Wait until shop is quiet, because a build that was stopped may still be connected.',
    ' 7. Write 5 app settings and 1 connection strings to slot zdd-staging, because its turn has come.',
    ' 8. Start slot zdd-staging, because it runs on the updated database with nobody on it.',
    ' 9. Prove the candidate in slot zdd-staging, because a deploy that ends green left a healthy candidate.',
    '10. Record candidate: new build in slot zdd-staging, because "validate" looks at exactly this candidate.',
  ]);
});

test('after a rollback the live build stops first', () => {
  expect(planned(rows.rolledBack, 'deploy').split('\n')).toEqual([
    ' 1. Check again what "deploy" needs, because much may have changed since "preflight", and nothing is lost yet.',
    ' 2. Record attempt 3, fingerprint 54e04c6a3ce60c76, deploy begun attempt 1, no migration of attempt, no candidate, no verdict, no rollback under way, other writers the live build after a rollback, because from here the originals are no longer as they were.',
    ' 3. Stop the WebJobs of slot zdd-readonly, because WebJobs go on when an app is stopped.',
    ' 4. Stop slot zdd-readonly, because live build and new build never write at the same time.',
    ' 5. Wait until shop is quiet, because a build that was stopped may still be connected.',
    ' 6. Write 5 app settings and 1 connection strings to slot zdd-staging, because its turn has come.',
    ' 7. Start slot zdd-staging, because it runs on the updated database with nobody on it.',
    ' 8. Prove the candidate in slot zdd-staging, because a deploy that ends green left a healthy candidate.',
    ' 9. Record candidate: new build in slot zdd-staging, because "validate" looks at exactly this candidate.',
  ]);
});

test('a rollback that was cut off may start the live build yet: its last request is waited for before all else', () => {
  const wait = expect.stringMatching(/^ ?1\. Wait a minute for what a run that was cut off/);
  const after = (kind: 'start-slot' | 'write-settings') =>
    killed(rows.validated, 'rollback', kind, { 'rollback-scope': 'code', 'ignore-schema': 'true' });
  for (const kind of ['write-settings', 'start-slot'] as const)
    expect(planned(after(kind), 'deploy').split('\n')[0]).toEqual(wait);
  const waited = { ...freshRun, done: [{ kind: 'await-late-writes', subject: '' }] } as const;
  expect(planned(after('start-slot'), 'deploy', {}, waited)).not.toMatch(/Wait a minute/);
  expect(planned(rows.validated, 'deploy')).not.toMatch(/Wait a minute/);
});
