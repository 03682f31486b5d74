import { expect, test } from '@jest/globals';
import { silentLog } from '../../simulator/in-process/silent-log.ts';
import { virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import { earlyAnswers } from '../../src/context/early-answers.ts';
import type { Ports } from '../../src/ports.ts';
import { settings } from '../phases/observed.ts';

const CANDIDATE = { host: 'web-zdd-staging.example', markerText: '20260901-5pjqw/new/1' };

/** An instance whose status is asked of `statusAt`, by seconds since the beginning; none: it hangs. */
function instance(statusAt: (second: number) => number | undefined = () => 200) {
  const clock = virtualClock(0);
  const asked: number[] = [];
  const sent: Parameters<Ports['send']>[0][] = [];
  const ports = {
    clock,
    log: silentLog,
    async send(request: Parameters<Ports['send']>[0]) {
      asked.push(clock.now());
      sent.push(request);
      const status = statusAt(clock.now() / 1000);
      if (status === undefined) await clock.sleep(30_000);
      return { status, headers: {}, body: new Uint8Array() };
    },
  } as unknown as Ports;
  const run = new AbortController();
  const known = settings({ 'health-path': '/health', 'probe-headers': 'x-key: secret' });
  return { clock, asked, sent, run, early: earlyAnswers(ports, known, run.signal) };
}

test('it is asked once a second, however often that is begun, until what it answered is taken', async () => {
  const { clock, asked, early } = instance();
  early.begin(CANDIDATE);
  early.begin({ ...CANDIDATE, markerText: 'another' });
  await clock.sleep(2500);
  expect(early.take(CANDIDATE)).toEqual({ healthy: 3, askedAt: 2000 });
  await clock.sleep(5000);
  expect(asked).toEqual([0, 1000, 2000]);
  expect(early.take(CANDIDATE)).toBeUndefined();
});

test('only answers in a row count, the last one included', async () => {
  const { clock, early } = instance((second) => (second === 1 ? 503 : 200));
  early.begin(CANDIDATE);
  await clock.sleep(1500);
  expect(early.take(CANDIDATE)).toEqual({ healthy: 0, askedAt: 1000 });
  const later = instance((second) => (second === 1 ? 503 : 200));
  later.early.begin(CANDIDATE);
  await later.clock.sleep(3500);
  expect(later.early.take(CANDIDATE)).toEqual({ healthy: 2, askedAt: 3000 });
});

test('what was healthy once, and answers no more, has answered nothing', async () => {
  const { clock, early } = instance((second) => (second < 3 ? 200 : undefined));
  early.begin(CANDIDATE);
  await clock.sleep(3900);
  expect(early.take(CANDIDATE)).toEqual({ healthy: 3, askedAt: 2000 });
  const later = instance((second) => (second < 3 ? 200 : undefined));
  later.early.begin(CANDIDATE);
  await later.clock.sleep(4100);
  expect(later.early.take(CANDIDATE)).toBeUndefined();
});

test.each([
  { ...CANDIDATE, markerText: '20260901-5pjqw/new/2' },
  { ...CANDIDATE, host: 'web-zdd-readonly.example' },
])('what another instance answered says nothing of $host, $markerText', async (other) => {
  const { clock, early } = instance();
  early.begin(CANDIDATE);
  await clock.sleep(2500);
  expect(early.take(other)).toBeUndefined();
});

test('what is forgotten is gone, and nothing is asked any more', async () => {
  const { clock, asked, early } = instance();
  early.begin(CANDIDATE);
  await clock.sleep(1500);
  await early.forget();
  await clock.sleep(5000);
  expect([asked, early.take(CANDIDATE)]).toEqual([[0, 1000], undefined]);
});

test('it is asked as a visitor would be, with the headers that let this runner in', async () => {
  const { clock, sent, early } = instance();
  early.begin(CANDIDATE);
  await clock.sleep(500);
  early.take(CANDIDATE);
  expect(sent).toEqual([
    expect.objectContaining({
      url: `https://${CANDIDATE.host}/health`,
      headers: expect.objectContaining({ 'x-key': 'secret' }),
    }),
  ]);
});

test('a cancelled run asks nothing more', async () => {
  const { clock, asked, run, early } = instance();
  early.begin(CANDIDATE);
  await clock.sleep(1500);
  run.abort(new Error('cancelled'));
  await clock.sleep(5000);
  expect(asked).toEqual([0, 1000]);
});

test('one that is asked anew has answered nothing yet', async () => {
  const { clock, early } = instance((second) => (second < 1.2 ? 200 : undefined));
  early.begin(CANDIDATE);
  await clock.sleep(1500);
  early.take(CANDIDATE);
  early.begin(CANDIDATE);
  await clock.sleep(100);
  expect(early.take(CANDIDATE)).toBeUndefined();
});
