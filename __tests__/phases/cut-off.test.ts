import { expect, test } from '@jest/globals';
import { awaitLiveBuild, awaitNewBuild, awaitRemoval } from '../../src/phases/cut-off.ts';
import { readOnly } from '../../src/phases/read-only.ts';
import { companion, ID, slot } from './observed.ts';
import { rows } from './rows.ts';
import { type Differences, seen } from './seen.ts';

const CUT = { candidate: undefined };
const waiting = (attempt: number, build: string | undefined = 'x', role = 'new') =>
  slot('zdd-staging', {
    appSettings: { ZDD_INSTANCE: `${ID}/${role}/${attempt}`, ...(build === undefined ? {} : { ZDD_BUILD: build }) },
  });
const [ADMIN, SHELF] = ['shop-rg/admin', 'shop-rg/shelf'];
const [ARMED, READY] = [{ stagingSlot: waiting(1) }, { stagingSlot: waiting(0) }];
const BARE = { stagingSlot: { ...waiting(0), build: undefined } };
const done = [{ kind: 'await-late-writes', subject: '' }] as const;

test.each<[string, Differences, boolean]>([
  ['the build is ready and disarmed', { record: CUT, look: { stagingSlot: waiting(0) } }, true],
  ['it is seen armed', { record: CUT, look: { stagingSlot: waiting(1) } }, false],
  ['it is not ready', { record: CUT, look: { stagingSlot: { ...waiting(0), build: undefined } } }, false],
  ['the slot holds something else', { record: CUT, look: { stagingSlot: waiting(0, 'x', 'live') } }, false],
  ['there is no slot', { record: CUT, look: { stagingSlot: null } }, false],
  ['deploy came to its end', { look: { stagingSlot: waiting(0) } }, false],
  ['deploy has not begun', { record: { ...CUT, deployBegun: undefined }, look: { stagingSlot: waiting(0) } }, false],
  ['its migration has not succeeded', { record: { ...CUT, migrated: 0 }, look: { stagingSlot: waiting(0) } }, false],
  ['its migration has', { record: { ...CUT, migrated: 1 }, look: { stagingSlot: waiting(0) } }, true],
  [
    'an earlier rollback has waited',
    {
      record: { ...CUT, rollbackUnderWay: { scope: 'code', attempt: 2, databases: 'settled' } },
      look: { stagingSlot: waiting(0) },
    },
    false,
  ],
  ['it was waited for', { record: CUT, look: { stagingSlot: waiting(0) }, run: { done } }, false],
  [
    'it is seen armed, and that of another app is ready and disarmed',
    { record: CUT, look: { ...ARMED, companions: [companion(ADMIN, 'build', READY)] } },
    true,
  ],
  [
    'of several others that of the last one is',
    {
      record: CUT,
      look: { ...ARMED, companions: [companion(ADMIN, 'build', ARMED), companion(SHELF, 'build', READY)] },
    },
    true,
  ],
  [
    'all are seen armed',
    {
      record: CUT,
      look: { ...ARMED, companions: [companion(ADMIN, 'build', ARMED), companion(SHELF, 'build', ARMED)] },
    },
    false,
  ],
  [
    'that of another app is not ready, or not there',
    { record: CUT, look: { ...ARMED, companions: [companion(ADMIN, 'build', BARE), companion(SHELF, 'build')] } },
    false,
  ],
  [
    'another app gets no new build, whatever waits there',
    { record: CUT, look: { ...ARMED, companions: [companion(ADMIN, 'read-only', READY)] } },
    false,
  ],
])('a rollback waits for what a deploy has sent last: %s', (_what, differences, waits) => {
  const { observed, record } = seen(rows.deployed, 'rollback', differences);
  const step = awaitNewBuild(observed, record);
  expect(step ? step.kind : undefined).toBe(waits ? 'await-late-writes' : undefined);
});

test('a deploy waits for what a rollback that was cut off has sent last, once', () => {
  const cut = { rollbackUnderWay: { scope: 'code', attempt: 2, databases: 'settled' } } as const;
  const waits = (differences: Differences) => {
    const { observed, record } = seen(rows.deployed, 'deploy', differences);
    return awaitLiveBuild(observed, record) !== false;
  };
  expect([waits({ record: cut }), waits({}), waits({ record: cut, run: { done } })]).toEqual([true, false, false]);
});

const EMPTIED = slot('zdd-readonly', { appSettings: { WEBJOBS_STOPPED: '1' }, connectionStrings: {} });
const PUT_OFF = { suspended: ['auto-swap=foreign', 'connection-string=DefaultConnection'] };
const [ON, OFF] = ['Production', null].map((autoSwapWith) => ({
  teamSlots: [{ name: 'Foreign', id: 'foreign', autoSwapWith }],
}));

test.each<[string, Differences, boolean]>([
  ['the copy is as it was made', {}, false],
  ['the copy was taken away', { look: { readonlySlot: EMPTIED } }, true],
  ['it had not been there', { record: { readOnlyReady: undefined }, look: { readonlySlot: EMPTIED } }, false],
  ['its slot is gone', { look: { readonlySlot: null } }, false],
  ['what was put off is on again', { record: PUT_OFF, look: { ...ON } }, true],
  ['it is still off', { record: PUT_OFF, look: { ...OFF } }, false],
  ['it was on all the time', { look: { ...ON } }, false],
  ['it was waited for', { record: PUT_OFF, look: { ...ON, readonlySlot: EMPTIED }, run: { done } }, false],
])('read-only waits for what a cleanup has sent last: %s', (_what, differences, waits) => {
  const inputs = { 'pause-auto-swap': 'foreign' };
  const { known, observed, record } = seen(rows.ready, 'read-only', { inputs, ...differences });
  expect(awaitRemoval(known, observed, record) !== false).toBe(waits);
  expect(readOnly.plan(known, observed).flat()[0]?.kind === 'await-late-writes').toBe(waits);
});
