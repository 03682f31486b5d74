import { expect, test } from '@jest/globals';
import { silentLog } from '../simulator/in-process/silent-log.ts';
import { virtualClock } from '../simulator/in-process/virtual-clock.ts';
import { seconds, together, type Wait, waitFor } from '../src/wait.ts';

test('a duration must read as people say it', () => {
  expect(seconds(45_000)).toBe('45 s');
  expect(seconds(60_000)).toBe('1 min 0 s');
  expect(seconds(190_000)).toBe('3 min 10 s');
  expect(seconds(3_600_000)).toBe('1 h 0 min');
  expect(seconds(62 * 3_600_000 + 330_000)).toBe('62 h 5 min');
});

test('of several failures at once the first must be thrown and every other one told, each once', async () => {
  const warnings: string[] = [];
  const log = { ...silentLog, warning: (text: string) => void warnings.push(text) };
  const ended: string[] = [];
  const work = [
    Promise.reject(new Error('first trouble')),
    Promise.reject(new Error('second trouble')),
    Promise.reject(new Error('first trouble')),
    Promise.reject(new Error('second trouble')),
    Promise.resolve().then(() => ended.push('work that went on')),
  ];
  await expect(together(log, work)).rejects.toThrow('first trouble');
  expect(warnings).toEqual(['Something else failed at the same time: second trouble']);
  expect(ended).toEqual(['work that went on']);
});

test('what several bring at the same time must be there in the order in which they were begun', async () => {
  const later = Promise.resolve().then(() => 'one');
  expect(await together(silentLog, [later, Promise.resolve('other')])).toEqual(['one', 'other']);
});

test('what is there at the first look must be taken without a pause, also after the deadline', async () => {
  const { times, wait } = watched({ deadlineMs: 0, look: async () => ({ done: 'it' }) });
  await expect(wait()).resolves.toBe('it');
  expect(times).toEqual([0]);
});

test('pauses must be one second at first and then grow to a twentieth of the time that was waited', async () => {
  const { times, wait } = watched({ deadlineMs: 60_000 });
  await expect(wait()).rejects.toThrow();
  const pauses = times.slice(1).map((time, index) => [times[index] ?? 0, time - (times[index] ?? 0)] as const);
  for (const [waited, pause] of pauses.slice(0, -1)) {
    const ideal = Math.max(1000, waited * 0.05);
    expect(Math.abs(pause - ideal)).toBeLessThanOrEqual(1);
  }
  expect(Math.max(...pauses.map(([, pause]) => pause))).toBeGreaterThan(2000);
});

test('the first pause must be as long as the caller says, and no later one shorter', async () => {
  const { times, wait } = watched({ deadlineMs: 30_000, firstPauseMs: 5000 });
  await expect(wait()).rejects.toThrow();
  expect(times).toEqual([0, 5000, 10_000, 15_000, 20_000, 25_000, 30_000]);
});

test('Retry-After must be obeyed when it is longer than the pause', async () => {
  const { times, wait } = watched({ deadlineMs: 40_000, look: async () => ({ seen: 'busy', retryAfterMs: 15_000 }) });
  await expect(wait()).rejects.toThrow();
  // The last look is at the deadline, whatever was asked for.
  expect(times).toEqual([0, 15_000, 30_000, 40_000]);
});

test('every half minute it must say how much is done and how long it may take yet, and ask for it no oftener', async () => {
  let asked = 0;
  const told = await toldBy({
    progress: async () => {
      asked++;
      return [20, 50, 0][asked - 1];
    },
  });
  expect(told).toEqual([
    expect.stringMatching(/^Still waiting for it after 3\d s: busy, 20 % done, about 2 min \d+ s left\.$/),
    expect.stringMatching(/^Still waiting for it after 1 min \d s: busy, 50 % done, about 1 min \d s left\.$/),
    expect.stringMatching(/^Still waiting for it after 1 min 3\d s: busy\.$/),
  ]);
  expect(asked).toBe(3);
});

test('where nobody says how much is done it must say how long it takes as a rule', async () => {
  const told = await toldBy({ usualMs: 70_000 });
  expect(told.map((line) => line.replace(/^.*: busy/, ''))).toEqual([
    expect.stringMatching(/^, about \d+ s left as a rule\.$/),
    expect.stringMatching(/^, about \d s left as a rule\.$/),
    ', longer than as a rule (1 min 10 s).',
  ]);
});

test.each<[string, Partial<Wait<string>>, string]>([
  ['takes just as long as a rule', { usualMs: 30_000 }, 'busy, longer than as a rule (30 s).'],
  ['is done, and is not there yet', { progress: async () => 100 }, 'busy.'],
])('what %s must not be told to be over at once', async (_what, more, told) => {
  const { said, wait } = watched({ ...more, deadlineMs: 40_000, firstPauseMs: 10_000, look: async () => BUSY });
  await expect(wait()).rejects.toThrow();
  expect(said).toEqual([{ at: 30_000, text: `Still waiting for the thing after 30 s: ${told}` }]);
});

const BUSY = { seen: 'busy' };

test('that nobody can say how much is done must not end the wait, and a cancelled run must', async () => {
  const told = await toldBy({ progress: () => Promise.reject(new Error('403')) });
  expect(told[0]).toMatch(/ s: busy\.$/);
  const cancelled = new AbortController();
  const why = new Error('cancelled');
  const progress = async () => {
    cancelled.abort(why);
    throw new Error('aborted');
  };
  await expect(toldBy({ progress, signal: cancelled.signal })).rejects.toBe(why);
});

test('at the deadline, and not before, it must end with what was seen last and what to do', async () => {
  const { times, wait } = watched({ deadlineMs: 10_000 });
  await expect(wait()).rejects.toMatchObject({
    kind: 'failed',
    happened: 'Waited 10 s for the thing; last seen: look 11.',
    next: 'Do something.',
  });
  expect(times.at(-1)).toBe(10_000);
});

test('every half minute it must be told what was seen last', async () => {
  const { said, wait } = watched({ deadlineMs: 100_000 });
  await expect(wait()).rejects.toThrow();
  expect(said.map(({ at }) => Math.floor(at / 1000))).toEqual([31, 61, 95]);
  expect(said[0]?.text).toMatch(/^Still waiting for the thing after 31 s: look \d+\.$/);
});

test('what is seen at exactly half a minute is told, not a look later', async () => {
  const { said, wait } = watched({ deadlineMs: 40_000, firstPauseMs: 10_000 });
  await expect(wait()).rejects.toThrow();
  expect(said.map(({ at }) => at)).toEqual([30_000]);
});

test('pauses must grow no longer than the caller says', async () => {
  const { times, wait } = watched({ deadlineMs: 200_000, longestPauseMs: 2000 });
  await expect(wait()).rejects.toThrow();
  const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect(Math.max(...pauses)).toBe(2000);
});

test('a duration must read so at its borders', () => {
  expect([59_400, 60_000, 3_599_000, 3_600_000].map(seconds)).toEqual([
    '59 s',
    '1 min 0 s',
    '59 min 59 s',
    '1 h 0 min',
  ]);
});

test('who is aborted must not go on waiting', async () => {
  const aborted = new AbortController();
  const { times, wait } = watched({ deadlineMs: 60_000, signal: aborted.signal });
  const waiting = wait();
  aborted.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow('cancelled');
  expect(times.length).toBe(1);
});

/** A wait in virtual time that looks in vain, unless told otherwise; `times` says when it looked. */
function watched(differences: Partial<Wait<string>>) {
  const clock = virtualClock(0);
  const times: number[] = [];
  const said: { readonly at: number; readonly text: string }[] = [];
  const log = { ...silentLog, info: (text: string) => void said.push({ at: clock.now(), text }) };
  const { look = async () => ({ seen: `look ${times.length}` }), ...others } = differences;
  const wait = {
    what: 'the thing',
    deadlineMs: 60_000,
    otherwise: 'Do something.',
    signal: undefined,
    ...others,
    look() {
      times.push(clock.now());
      return look();
    },
  };
  return { times, said, wait: () => waitFor(clock, log, wait) };
}

/** What is told of a wait that ends after some 100 s. */
async function toldBy(more: Partial<Wait<string>>): Promise<readonly string[]> {
  const told: string[] = [];
  const clock = virtualClock(0);
  await waitFor(
    clock,
    { ...silentLog, info: (text) => void told.push(text) },
    {
      what: 'it',
      otherwise: 'Wait.',
      deadlineMs: 1_000_000,
      signal: undefined,
      look: async () => (clock.now() > 100_000 ? { done: 'it' } : { seen: 'busy' }),
      ...more,
    },
  );
  return told;
}
