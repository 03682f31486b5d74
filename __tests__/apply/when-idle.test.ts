import { expect, test } from '@jest/globals';
import { whenNotBusy } from '../../src/apply/when-idle.ts';
import { type AzureSaid, Stop } from '../../src/errors.ts';
import { sketch } from './sketch.ts';

const said = (status: number, message: string): AzureSaid => ({ code: 'Trouble', message, requestId: '', status });
const BUSY = said(409, 'another operation is in progress. Details: Id: 7, OperationName: ChangeSite, ');

/** Azure refuses so often, each time with these words; what happened in which order. */
function sending(refusals: number, azure: AzureSaid) {
  const run = sketch();
  const events: string[] = [];
  let left = refusals;
  const sent = whenNotBusy(
    run.scene(),
    'change it',
    async () => {
      events.push('send');
      if (left-- > 0) throw new Stop('failed', 'Refused.', 'Wait.', { azure });
      return 'changed';
    },
    async () => void events.push('look'),
  );
  return { run, events, sent };
}

test('what is sent at once is not looked at before; what is sent again is, each time', async () => {
  const calm = sending(0, BUSY);
  expect([await calm.sent, calm.events]).toEqual(['changed', ['send']]);
  const busy = sending(2, BUSY);
  expect([await busy.sent, busy.events]).toEqual(['changed', ['send', 'look', 'send', 'look', 'send']]);
  const stormy = sending(1, said(503, 'no'));
  expect([await stormy.sent, stormy.events]).toEqual(['changed', ['send', 'look', 'send']]);
});

test('another operation is waited for by 5 s and more for ten minutes, and named when it does not end', async () => {
  const { run, events, sent } = sending(Number.POSITIVE_INFINITY, BUSY);
  await expect(sent).rejects.toMatchObject({
    happened: expect.stringMatching(/for Azure to change it; last seen: busy with ChangeSite/),
    next: expect.stringContaining('run the phase again'),
  });
  expect(Math.round(run.clock.now() / 1000)).toBe(600);
  expect(events.filter((each) => each === 'send').length).toBeLessThan(120);
});

test('what keeps a database busy is waited for: it passes, and may be what was sent before', async () => {
  const conflict: AzureSaid = { ...said(409, 'Busy.'), code: 'ConflictingDatabaseOperation' };
  expect(await sending(1, conflict).sent).toBe('changed');
  const copied: AzureSaid = { ...conflict, message: 'A concurrent database copy (40565).' };
  await expect(sending(1, copied).sent).rejects.toThrow('Refused.');
  const run = sketch();
  const answers = [said(503, 'no'), conflict];
  const sent = whenNotBusy(run.scene(), 'change it', async () => {
    const azure = answers.shift();
    if (azure) throw new Stop('failed', 'Refused.', 'Wait.', { azure });
    return 'changed';
  });
  expect(await sent).toBe('changed');
});

test('trouble of Azure’s own is given more than a minute, and is not what Azure refuses for good', async () => {
  const { run, sent } = sending(5, said(503, 'no'));
  await sent;
  expect(run.clock.now()).toBe(75_000);
  await expect(sending(1, said(500, 'There is not enough space on the disk.')).sent).rejects.toThrow('Refused.');
});

test('trouble of Azure’s own is told in its words while it lasts', async () => {
  const { run, sent } = sending(5, said(503, 'no'));
  expect(await sent).toBe('changed');
  expect(run.infos.every((each) => each.includes('Azure answered 503 Trouble'))).toBe(true);
  await expect(sending(6, said(503, 'no')).sent).rejects.toThrow('Refused.');
});
