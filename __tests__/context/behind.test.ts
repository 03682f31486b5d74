import { expect, test } from '@jest/globals';
import { silentLog } from '../../simulator/in-process/silent-log.ts';
import { virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import { behindOver } from '../../src/context/behind.ts';
import type { Clock } from '../../src/ports.ts';

/** What was written, with the second in which it was begun; each takes some time. */
function writer(takesMs = 500, debug: (text: string) => void = () => undefined) {
  const clock = virtualClock(0);
  const written: string[] = [];
  const behind = behindOver(clock, { ...silentLog, debug });
  const write = (place: string, what: string, acceptedAfter = takesMs) =>
    behind.write(place, async (signal, accepted) => {
      written.push(`${clock.now() / 1000} ${place} ${what}`);
      await clock.sleep(acceptedAfter, signal);
      accepted();
      await clock.sleep(takesMs, signal);
      written.push(`${clock.now() / 1000} ${place} ${what} is there`);
    });
  return { clock, written, behind, write };
}

test('what is asked for shortly after one another is written at once, as it was asked for last', async () => {
  const { clock, written, write } = writer();
  write('clone', 'one');
  await clock.sleep(1500);
  write('clone', 'two');
  await clock.sleep(5000);
  expect(written).toEqual(['2 clone two', '3 clone two is there']);
});

test('each place has one writing at a time, and what comes meanwhile is written after it', async () => {
  const { clock, written, write } = writer(2000);
  write('clone', 'one');
  write('mirror', 'one');
  await clock.sleep(3000);
  write('clone', 'two');
  await clock.sleep(20_000);
  expect(written).toEqual([
    '2 clone one',
    '2 mirror one',
    '6 clone one is there',
    '6 mirror one is there',
    '8 clone two',
    '12 clone two is there',
  ]);
});

test('one that fails holds up nothing', async () => {
  const { clock, written, behind, write } = writer();
  behind.write('clone', async () => Promise.reject(new Error('Azure is busy.')));
  await clock.sleep(3000);
  write('clone', 'two');
  await clock.sleep(5000);
  expect(written).toEqual(['5 clone two', '6 clone two is there']);
  const startedAt = clock.now();
  await behind.stop();
  expect(clock.now()).toBe(startedAt);
});

test('at the end what was not sent is sent at once, and nobody waits for more than a second, nor until it is done', async () => {
  const { clock, written, behind, write } = writer(500);
  write('clone', 'one');
  await clock.sleep(100);
  await behind.stop();
  expect(written).toEqual(['0.1 clone one']);
  expect(clock.now()).toBe(600);
  const slow = writer(5000);
  slow.write('clone', 'one');
  await slow.behind.stop();
  expect(slow.clock.now()).toBe(1000);
});

test('who goes on after the end writes again', async () => {
  const { clock, written, behind, write } = writer();
  write('clone', 'one');
  await behind.stop();
  write('clone', 'two');
  await clock.sleep(5000);
  expect(written).toEqual(['0 clone one', '2.5 clone two', '3.5 clone two is there']);
});

test('what fails is told, and what is ended at the end of the run is no failure', async () => {
  const told: string[] = [];
  const { clock, behind, write } = writer(5000, (text) => told.push(text));
  behind.write('clone', () => Promise.reject(new Error('Azure is busy.')));
  await clock.sleep(3000);
  expect(told).toEqual(['The record of clone is not up to date yet: Azure is busy.']);
  write('clone', 'one');
  await clock.sleep(2500);
  await behind.stop();
  expect(told).toHaveLength(1);
});

test('what comes while another is written is not begun any more once nobody waits, nor later by somebody else', async () => {
  const { clock, written, behind, write } = writer(5000);
  write('clone', 'one');
  await clock.sleep(3000);
  write('clone', 'two');
  await behind.stop();
  write('mirror', 'three');
  await clock.sleep(60_000);
  expect(written.filter((line) => line.includes('clone'))).toEqual(['2 clone one']);
  expect(written).toContain('6 mirror three');
});

test('what ended without ever being accepted is not waited for at the end', async () => {
  const { clock, behind } = writer();
  behind.write('clone', async () => undefined);
  await clock.sleep(3000);
  const from = clock.now();
  await behind.stop();
  expect(clock.now()).toBe(from);
});

test('the end leaves nothing behind that a runner would have to wait for', async () => {
  const clock = virtualClock(0);
  let sleeping = 0;
  const counting: Clock = {
    now: () => clock.now(),
    sleep: (ms, signal) => {
      sleeping++;
      return clock.sleep(ms, signal).finally(() => sleeping--);
    },
  };
  const behind = behindOver(counting, silentLog);
  behind.write('clone', async (_signal, accepted) => accepted());
  await behind.stop();
  await Promise.resolve();
  expect([sleeping, clock.now()]).toEqual([0, 0]);
});

test('who ends twice does not wait twice for what was not accepted', async () => {
  const { clock, behind, write } = writer(60_000);
  write('clone', 'one');
  await behind.stop();
  expect(clock.now()).toBe(1000);
  await behind.stop();
  expect(clock.now()).toBe(1000);
});
