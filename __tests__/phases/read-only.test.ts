import { expect, test } from '@jest/globals';
import { rows } from './rows.ts';
import { killed, planned } from './walk.ts';

test('both slots are made side by side', () => {
  expect(planned(rows.cloned, 'read-only').split('\n')).toEqual([
    ' 1. Create slot zdd-readonly, because visitors will be sent to the same build on the copy.',
    ' 1. Create slot zdd-staging, because the new build waits here, disarmed, for its turn.',
    ' 2. Stop slot zdd-readonly, because it is disarmed while it is prepared.',
    ' 2. Stop slot zdd-staging, because it is disarmed while it is prepared.',
    ' 3. Write 2 app settings and 0 connection strings to slot zdd-readonly, because what is prepared must not reach an original.',
    ' 3. Write 2 app settings and 0 connection strings to slot zdd-staging, because what is prepared must not reach an original.',
    " 4. Copy production's build to slot zdd-readonly, because it must be the same build as production.",
    ' 4. Upload the package (eeeeeeeeeeee) to slot zdd-staging, because what can be done before the window is done before it.',
    ' 5. Write 8 app settings and 1 connection strings to slot zdd-readonly, because visitors will be sent to the same build on the copy.',
    ' 5. Write 3 app settings and 0 connection strings to slot zdd-staging, because the new build waits here, disarmed, for its turn.',
    ' 6. Start slot zdd-readonly, because visitors will be sent to the same build on the copy.',
    ' 7. Prove the read-only copy in slot zdd-readonly, because visitors see only what was proven.',
    ' 8. Record read only ready 2026-01-31T14:00:35.000Z, because "switch" may run from here.',
  ]);
});

test('without a package only the copy is prepared', () => {
  expect(planned(rows.cloned, 'read-only', { package: '' }).split('\n')).toEqual([
    ' 1. Create slot zdd-readonly, because visitors will be sent to the same build on the copy.',
    ' 2. Stop slot zdd-readonly, because it is disarmed while it is prepared.',
    ' 3. Write 2 app settings and 0 connection strings to slot zdd-readonly, because what is prepared must not reach an original.',
    " 4. Copy production's build to slot zdd-readonly, because it must be the same build as production.",
    ' 5. Write 8 app settings and 1 connection strings to slot zdd-readonly, because visitors will be sent to the same build on the copy.',
    ' 6. Start slot zdd-readonly, because visitors will be sent to the same build on the copy.',
    ' 7. Prove the read-only copy in slot zdd-readonly, because visitors see only what was proven.',
    ' 8. Record read only ready 2026-01-31T14:00:35.000Z, because "switch" may run from here.',
  ]);
});

test('killed after the build was copied, it copies again: only the build setting proves a whole copy', () => {
  expect(planned(killed(rows.cloned, 'read-only', 'copy-build'), 'read-only').split('\n')).toEqual([
    " 1. Copy production's build to slot zdd-readonly, because it must be the same build as production.",
    ' 1. Upload the package (eeeeeeeeeeee) to slot zdd-staging, because what can be done before the window is done before it.',
    ' 2. Write 8 app settings and 1 connection strings to slot zdd-readonly, because visitors will be sent to the same build on the copy.',
    ' 2. Write 3 app settings and 0 connection strings to slot zdd-staging, because the new build waits here, disarmed, for its turn.',
    ' 3. Start slot zdd-readonly, because visitors will be sent to the same build on the copy.',
    ' 4. Prove the read-only copy in slot zdd-readonly, because visitors see only what was proven.',
    ' 5. Record read only ready 2026-01-31T14:01:38.000Z, because "switch" may run from here.',
  ]);
});

test('killed before the proof, it starts the copy anew: nobody knows who was in the originals before', () => {
  expect(planned(killed(rows.cloned, 'read-only', 'start-slot'), 'read-only').split('\n')).toEqual([
    ' 1. Stop slot zdd-readonly, because whoever was in an original before it was started is not known, and it may be in one.',
    ' 2. Start slot zdd-readonly, because visitors will be sent to the same build on the copy.',
    ' 3. Prove the read-only copy in slot zdd-readonly, because visitors see only what was proven.',
    ' 4. Record read only ready 2026-01-31T14:02:06.000Z, because "switch" may run from here.',
  ]);
});

test('when all is prepared it is proven again', () => {
  expect(planned(rows.ready, 'read-only')).toBe(
    ' 1. Prove the read-only copy in slot zdd-readonly, because visitors see only what was proven.',
  );
});

test('while a swap is open it only finds out about it', () => {
  expect(planned(killed(rows.ready, 'switch', 'intend-swap'), 'read-only')).toBe(
    ' 1. Find out how swap 1 ended, because a swap must be known to have ended before anything else is done.',
  );
});
