import { expect, test } from '@jest/globals';
import { silentLog } from '../../simulator/in-process/silent-log.ts';
import { virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import { eyesOf } from '../../src/context/eyes.ts';
import type { HttpRequest, Ports } from '../../src/ports.ts';
import { settings } from '../phases/observed.ts';

const HOST = 'shop.example';
const { signal } = new AbortController();

/** Eyes on a production whose status is asked of `statusAt`, by seconds since the beginning. */
function eyes(statusAt: (second: number) => number, tookMs = 0) {
  const clock = virtualClock(0);
  const asked: number[] = [];
  const said: string[] = [];
  const log = {
    ...silentLog,
    info: (text: string) => void said.push(`${clock.now() / 1000} info: ${text}`),
    warning: (text: string) => void said.push(`${clock.now() / 1000} warning: ${text}`),
  };
  const ports = {
    clock,
    log,
    async send() {
      asked.push(clock.now());
      const status = statusAt(clock.now() / 1000);
      await clock.sleep(tookMs);
      return { status, headers: {}, body: new Uint8Array() };
    },
  } as unknown as Ports;
  const cancelled = new AbortController();
  return {
    clock,
    asked,
    said,
    cancelled,
    eyes: eyesOf(ports, settings({ 'health-path': '/health' }), cancelled.signal),
  };
}

test('production is asked once a second by one watch, however often it is opened, until it is closed', async () => {
  const { clock, asked, eyes: watch } = eyes(() => 200);
  watch.open(HOST);
  watch.open(HOST);
  await clock.sleep(3500);
  await watch.close();
  await clock.sleep(5000);
  expect(asked).toEqual([0, 1000, 2000, 3000]);
  expect(watch.seen()).toBeDefined();
});

test('the time that an answer takes is no pause in addition, and after a slow one it is asked again soon', async () => {
  const slow = eyes(() => 200, 400);
  slow.eyes.open(HOST);
  await slow.clock.sleep(2500);
  await slow.eyes.close();
  expect(slow.asked).toEqual([0, 1000, 2000]);
  const slower = eyes(() => 200, 3000);
  slower.eyes.open(HOST);
  await slower.clock.sleep(7000);
  await slower.eyes.close();
  expect(slower.asked).toEqual([0, 3100, 6200]);
});

test('only what changes is said: when it fails, and when it answers again', async () => {
  const { clock, said, eyes: watch } = eyes((second) => (second >= 2 && second < 5 ? 500 : 200));
  watch.open(HOST);
  await clock.sleep(8500);
  await watch.close();
  expect(said).toEqual([
    expect.stringMatching(/^2 warning: Production: GET \/health .*500/),
    '5 info: Production answers as it should again.',
  ]);
});

test('who waits gets the next answer; nobody waits for one that does not come any more', async () => {
  const { clock, cancelled, eyes: watch } = eyes((second) => (second < 1 ? 200 : 503));
  await expect(watch.next(signal)).rejects.toThrow('Production is not watched');
  watch.open(HOST);
  expect((await watch.next(signal)).wrong).toBeUndefined();
  expect((await watch.next(signal)).wrong).toContain('503');
  const given = new AbortController();
  const lost = watch.next(given.signal);
  given.abort(new Error('given up'));
  await expect(lost).rejects.toThrow('given up');
  await expect(watch.next(given.signal)).rejects.toThrow('given up');
  const waiting = watch.next(signal);
  cancelled.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow('cancelled');
  await clock.sleep(10);
  await expect(watch.next(signal)).rejects.toThrow('cancelled');
});

test('it is known of each answer whether visitors were still to be moved, being moved, or moved', async () => {
  const { clock, eyes: watch } = eyes(() => 200);
  watch.open(HOST);
  const stretches: string[] = [];
  for (const into of ['before', 'through', 'after'] as const) {
    watch.enter(into);
    stretches.push((await watch.next(signal)).stretch);
  }
  await clock.sleep(10);
  await watch.close();
  expect(stretches).toEqual(['before', 'through', 'after']);
});

test('what is asked is what visitors ask, on a connection of its own, and who hangs is given up', async () => {
  const clock = virtualClock(0);
  const sent: HttpRequest[] = [];
  const status: Record<string, number> = { '/health': 200, '/shop': 404, '/cart': 500 };
  const ports = {
    clock,
    log: silentLog,
    async send(request: HttpRequest) {
      sent.push(request);
      await clock.sleep(200);
      const { pathname } = new URL(request.url);
      if (pathname === '/cart') throw new Error('read ECONNRESET');
      const cookie = { 'set-cookie': 'ARRAffinity=abcdef0123456789;Path=/;HttpOnly' };
      return { status: status[pathname] ?? 200, headers: pathname === '/shop' ? cookie : {}, body: new Uint8Array() };
    },
  } as unknown as Ports;
  const inputs = { 'health-path': '/health', 'smoke-paths': '/shop\n/cart', 'probe-headers': 'X-Key: secret-1' };
  const watch = eyesOf(ports, settings(inputs), signal);
  watch.open(HOST);
  const asked = await watch.next(signal);
  await watch.close();
  expect(asked).toEqual({
    at: 0,
    ms: 200,
    requests: 3,
    failed: 2,
    wrong: 'GET /shop answered 404',
    by: ['abcdef01'],
    stretch: 'before',
  });
  expect(sent[0]).toMatchObject({
    url: `https://${HOST}/health`,
    headers: { 'X-Key': 'secret-1', connection: 'close' },
    timeoutMs: 10_000,
  });
});

test('once it is closed nothing is asked, and it can be opened again', async () => {
  const { clock, asked, eyes: watch } = eyes(() => 200, 400);
  watch.open(HOST);
  await clock.sleep(100);
  // Not before what is under way has ended: a run must not end with an open request.
  await watch.close();
  const closed = asked.length;
  await clock.sleep(3000);
  expect(asked).toHaveLength(closed);
  watch.open(HOST);
  expect((await watch.next(signal)).wrong).toBeUndefined();
  await watch.close();
});

test('who was told, or has given up, is not told again, and listens to nothing any more', async () => {
  const { eyes: watch, cancelled, clock } = eyes(() => 200);
  const given = new AbortController();
  let listening = 0;
  const until = given.signal;
  const [add, remove] = [until.addEventListener.bind(until), until.removeEventListener.bind(until)];
  until.addEventListener = (...args: Parameters<typeof add>) => {
    listening++;
    add(...args);
  };
  until.removeEventListener = (...args: Parameters<typeof remove>) => {
    listening--;
    remove(...args);
  };
  watch.open(HOST);
  for (let time = 0; time < 3; time++) await watch.next(until);
  expect(listening).toBe(0);
  const lost = watch.next(until);
  given.abort(new Error('given up'));
  await expect(lost).rejects.toThrow('given up');
  expect(listening).toBe(0);
  cancelled.abort(new Error('cancelled'));
  await clock.sleep(10);
  expect(listening).toBe(0);
});
