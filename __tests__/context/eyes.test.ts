import { expect, test } from '@jest/globals';
import { silentLog } from '../../simulator/in-process/silent-log.ts';
import { virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import { type Eyes, eyesOf } from '../../src/context/eyes.ts';
import type { Companion } from '../../src/deployment/observed.ts';
import type { Asked } from '../../src/deployment/sight.ts';
import type { HttpRequest, Ports } from '../../src/ports.ts';
import { settings } from '../phases/observed.ts';

const HOST = 'shop.example';
const SHOP = { production: { host: HOST }, companions: [] };
const { signal } = new AbortController();

/** The next answer. */
async function next(eyes: Eyes, until = signal): Promise<Asked> {
  for await (const each of eyes.answers(HOST, until)) return each;
  throw new Error('It ends with a rejection.');
}

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
  watch.open(SHOP);
  watch.open(SHOP);
  await clock.sleep(3500);
  await watch.close();
  await clock.sleep(5000);
  expect(asked).toEqual([0, 1000, 2000, 3000]);
  expect(watch.seen()).toBeDefined();
});

test('the time that an answer takes is no pause, and of who is slow never more than a few are awaited', async () => {
  const askedOf = async (tookMs: number) => {
    const there = eyes(() => 200, tookMs);
    there.eyes.open(SHOP);
    await there.clock.sleep(8500);
    await there.eyes.close();
    return there.asked.map((at) => at / 1000);
  };
  expect(await askedOf(400)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(await askedOf(2500)).toEqual([0, 1, 2, 4, 5, 6, 8]);
  expect(await askedOf(10_000)).toEqual([0, 1, 2, 4, 6, 8]);
});

test('only what changes is said: when it fails, and when it answers again', async () => {
  const { clock, said, eyes: watch } = eyes((second) => (second >= 2 && second < 5 ? 500 : 200));
  watch.open(SHOP);
  await clock.sleep(8500);
  await watch.close();
  expect(said).toEqual([
    expect.stringMatching(/^2 warning: Production: GET \/health .*500/),
    '5 info: Production answers as it should again.',
  ]);
});

test('who waits gets the next answer; nobody waits for one that does not come any more', async () => {
  const { clock, cancelled, eyes: watch } = eyes((second) => (second < 1 ? 200 : 503));
  await expect(next(watch)).rejects.toThrow('Production is not watched');
  watch.open(SHOP);
  expect((await next(watch)).wrong).toBeUndefined();
  expect((await next(watch)).wrong).toContain('503');
  const given = new AbortController();
  const lost = next(watch, given.signal);
  given.abort(new Error('given up'));
  await expect(lost).rejects.toThrow('given up');
  await expect(next(watch, given.signal)).rejects.toThrow('given up');
  const waiting = next(watch);
  cancelled.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow('cancelled');
  await clock.sleep(10);
  await expect(next(watch)).rejects.toThrow('cancelled');
});

test('it is known of each answer whether visitors were still to be moved, being moved, or moved', async () => {
  const { clock, eyes: watch } = eyes(() => 200);
  watch.open(SHOP);
  const stretches: string[] = [];
  for (const into of ['before', 'through', 'after'] as const) {
    watch.enter(into);
    stretches.push((await next(watch)).stretch);
  }
  await clock.sleep(10);
  await watch.close();
  expect(stretches).toEqual(['before', 'through', 'after']);
});

/** Sites whose paths answer so, each after a while; what hangs is given up as a visitor gives up. */
function sites(answers: Record<string, { status?: number; tookMs?: number; cookie?: string }>) {
  const clock = virtualClock(0);
  const sent: (HttpRequest & { readonly at: number })[] = [];
  const open = { now: 0, most: 0 };
  const ports = {
    clock,
    log: silentLog,
    async send(request: HttpRequest, until?: AbortSignal) {
      sent.push({ ...request, at: clock.now() });
      const { host, pathname } = new URL(request.url);
      const { status, tookMs = 200, cookie } = answers[`${host}${pathname}`] ?? { status: 200 };
      open.most = Math.max(open.most, ++open.now);
      await clock.sleep(tookMs, until).finally(() => open.now--);
      if (status === undefined) throw new Error('no answer');
      return { status, headers: cookie ? { 'set-cookie': cookie } : {}, body: new Uint8Array() };
    },
  } as unknown as Ports;
  const askedAt = (where: string) => sent.filter(({ url }) => url === `https://${where}`).map(({ at }) => at / 1000);
  return { clock, ports, sent, open, askedAt };
}

test('what is asked is what visitors ask, on a connection of its own, and who hangs is given up', async () => {
  const there = sites({
    [`${HOST}/shop`]: { status: 404, cookie: 'ARRAffinity=abcdef0123456789;Path=/;HttpOnly' },
    [`${HOST}/cart`]: { tookMs: 300 },
  });
  const inputs = { 'health-path': '/health', 'smoke-paths': '/shop\n/cart', 'probe-headers': 'X-Key: secret-1' };
  const watch = eyesOf(there.ports, settings(inputs), signal);
  watch.open(SHOP);
  const seen: Asked[] = [];
  for await (const each of watch.answers(HOST, signal)) if (seen.push(each) === 3) break;
  await watch.close();
  const asked = { host: HOST, at: 0, stretch: 'before' };
  expect(seen).toEqual([
    { ...asked, path: '/health', ms: 200, wrong: undefined, by: undefined },
    { ...asked, path: '/shop', ms: 200, wrong: 'GET /shop answered 404', by: 'abcdef01' },
    { ...asked, path: '/cart', ms: 300, wrong: 'GET /cart got no answer (no answer)', by: undefined },
  ]);
  expect(there.sent[0]).toMatchObject({
    url: `https://${HOST}/health`,
    headers: { 'X-Key': 'secret-1', connection: 'close' },
    timeoutMs: 10_000,
  });
});

test('a path that hangs keeps no other from being asked, and is itself asked at least every two seconds', async () => {
  const there = sites({ [`${HOST}/slow`]: { tookMs: 10_000 } });
  const watch = eyesOf(there.ports, settings({ 'health-path': '/health', 'smoke-paths': '/slow' }), signal);
  watch.open(SHOP);
  await there.clock.sleep(60_500);
  const seen = watch.seen();
  await watch.close();
  expect(there.askedAt(`${HOST}/health`)).toEqual([...Array(61).keys()]);
  const slow = there.askedAt(`${HOST}/slow`);
  expect(Math.max(...slow.slice(1).map((at, index) => at - (slow[index] ?? 0)))).toBe(2);
  expect(there.open.most).toBeLessThanOrEqual(7);
  expect(there.open.now).toBe(0);
  expect(seen).toMatchObject({ unhealthy: 'GET /slow got no answer (no answer)', longestGapMs: 60_000 });
});

test('every app that moves is asked on paths of its own, and of one that is ill it is said which', async () => {
  const there = sites({ 'admin.example/ready': { status: 503 } });
  const said: string[] = [];
  const log = { ...silentLog, warning: (text: string) => void said.push(text) };
  const known = settings({
    'health-path': '/health\n[admin] /ready',
    'smoke-paths': '/shop',
    'other-apps': 'admin = read-only',
  });
  const watch = eyesOf({ ...there.ports, log }, known, signal);
  const key = `${known.resourceGroup}/admin`;
  watch.open({ ...SHOP, companions: [{ key, look: { production: { host: 'admin.example' } } } as Companion] });
  await there.clock.sleep(2500);
  const seen = watch.seen();
  await watch.close();
  expect(there.askedAt('admin.example/ready')).toEqual([0, 1, 2]);
  expect(there.sent).toHaveLength(9);
  expect(said).toEqual([`Production: GET /ready of ${key} answered 503.`]);
  expect(seen).toMatchObject({ asked: 9, failed: 3, unhealthy: `GET /ready of ${key} answered 503` });
});

test('an answer that was long overtaken is counted, and says nothing new', async () => {
  const { clock, said, eyes: watch } = hangingUntil(5000);
  watch.open(SHOP);
  await clock.sleep(20_500);
  const seen = watch.seen();
  await watch.close();
  expect(said).toEqual([]);
  expect(seen).toMatchObject({ failed: 4, longestGapMs: 6000, outages: 1, unhealthy: undefined });
});

test('who begins to listen is told nothing of what was asked before', async () => {
  const { clock, eyes: watch } = hangingUntil(5000);
  watch.open(SHOP);
  await clock.sleep(5500);
  const heard: Asked[] = [];
  for await (const each of watch.answers(HOST, signal)) if (heard.push(each) === 10) break;
  await watch.close();
  expect(heard.every(({ at, wrong }) => at > 5500 && wrong === undefined)).toBe(true);
});

/** What is asked before is answered by nobody. */
function hangingUntil(ms: number) {
  const clock = virtualClock(0);
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  const ports = {
    clock,
    log: { ...silentLog, warning: say, info: say },
    async send() {
      if (clock.now() >= ms) return { status: 200, headers: {}, body: new Uint8Array() };
      await clock.sleep(10_000);
      throw new Error('no answer');
    },
  } as unknown as Ports;
  return { clock, said, eyes: eyesOf(ports, settings({ 'health-path': '/health' }), signal) };
}

test('once it is closed nothing is asked, and it can be opened again', async () => {
  const { clock, asked, eyes: watch } = eyes(() => 200, 400);
  watch.open(SHOP);
  await clock.sleep(100);
  // Not before what is under way has ended: a run must not end with an open request.
  await watch.close();
  const closed = asked.length;
  await clock.sleep(3000);
  expect(asked).toHaveLength(closed);
  watch.open(SHOP);
  expect((await next(watch)).wrong).toBeUndefined();
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
  watch.open(SHOP);
  for (let time = 0; time < 3; time++) await next(watch, until);
  expect(listening).toBe(0);
  const lost = next(watch, until);
  given.abort(new Error('given up'));
  await expect(lost).rejects.toThrow('given up');
  expect(listening).toBe(0);
  cancelled.abort(new Error('cancelled'));
  await clock.sleep(10);
  expect(listening).toBe(0);
});
