import { beforeAll, expect, test } from '@jest/globals';
import { type VirtualClock, virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import type { World } from '../../simulator/model/world.ts';
import type { HttpRequest, Ports } from '../../src/ports.ts';
import { begin, production } from './trial.ts';

/** Visitors on the read-only copy, the candidate validated: `complete` has everything before it. */
let ready: { readonly world: World; readonly now: number };

beforeAll(async () => {
  const trial = begin();
  await trial.through('clone', 'read-only', 'switch', 'deploy', 'validate');
  ready = { world: trial.world, now: trial.clock.now() };
});

const HEALTH_OF_CANDIDATE = /^https:\/\/web-zdd-staging\.[^/]*\/health/;
const INTENT = /\/tags\/default/;

/** By then more has been answered than a proof takes. */
const LEASE_MS = 5000;

interface Sent {
  readonly at: number;
  readonly request: HttpRequest;
}

/** `complete` from there; every other request to the candidate's health path answers what `health` says. */
function completing({
  health = () => 200,
  inputs = {},
}: {
  health?: (leased: boolean) => number;
  inputs?: object;
} = {}) {
  const sent: Sent[] = [];
  const never = Number.POSITIVE_INFINITY;
  const seen = { leasedAt: never, provedAt: never, intendedAt: never };
  const clock: VirtualClock = virtualClock(ready.now);
  const around = (ports: Ports): Ports => ({
    ...ports,
    log: {
      ...ports.log,
      info(sentence) {
        if (sentence.startsWith('Prove the candidate')) seen.provedAt = clock.now();
        ports.log.info(sentence);
      },
    },
    async send(request, signal) {
      sent.push({ at: clock.now(), request });
      if (INTENT.test(request.url) && request.method === 'PATCH')
        seen.intendedAt = Math.min(seen.intendedAt, clock.now());
      if (!HEALTH_OF_CANDIDATE.test(request.url)) return ports.send(request, signal);
      const status = health(clock.now() >= seen.leasedAt);
      return status === 200 ? ports.send(request, signal) : { status, headers: {}, body: new Uint8Array() };
    },
    sql: {
      ...ports.sql,
      async connect(target) {
        const connection = await ports.sql.connect(target);
        return {
          ...connection,
          async query(text, values) {
            // Another run is just ending.
            if (/sp_getapplock/.test(text)) await clock.sleep(LEASE_MS);
            if (/sp_getapplock/.test(text)) seen.leasedAt = clock.now();
            return connection.query(text, values);
          },
        };
      },
    },
  });
  const trial = begin({}, { world: structuredClone(ready.world), clock, around });
  const asked = () => sent.filter(({ request }) => HEALTH_OF_CANDIDATE.test(request.url)).map(({ at }) => at);
  return { trial, seen, sent, asked, run: () => trial.run('complete', { 'health-timeout': '20', ...inputs }) };
}

test('the proof has begun before the lease is taken, and ends after it: three answers a second apart, then the intent', async () => {
  const { seen, asked, run } = completing();
  expect((await run()).failure).toBeUndefined();
  const before = asked().filter((at) => at < seen.intendedAt);
  expect(before[0]).toBeLessThan(seen.leasedAt);
  expect(before.at(-1)).toBeGreaterThan(seen.leasedAt);
  // Its smoke paths are asked beside it, of which health is one.
  const apart: number[] = [];
  for (const at of before) if (at - (apart.at(-1) ?? 0) >= 1000) apart.push(at);
  expect(apart.length).toBeGreaterThanOrEqual(3);
  expect(apart.at(-1)).toBe(before.at(-1));
});

test('a candidate that was healthy until the lease and is ill since is sent nobody', async () => {
  const { trial, seen, run } = completing({ health: (leased) => (leased ? 503 : 200) });
  const { failure } = await run();
  expect(failure?.happened).toMatch(
    /^Waited 2\d s for slot zdd-staging to be healthy; last seen: GET \/health answered 503/,
  );
  expect(production(trial)).toMatchObject({ version: '1', writes: 503 });
  expect(seen.intendedAt).toBe(Number.POSITIVE_INFINITY);
});

test('one that was ill early and is healthy since is proven by three answers of its own', async () => {
  const { trial, seen, asked, run } = completing({ health: (leased) => (leased ? 200 : 503) });
  expect((await run()).failure).toBeUndefined();
  expect(asked().filter((at) => at >= seen.leasedAt && at < seen.intendedAt).length).toBeGreaterThanOrEqual(3);
  expect(production(trial)).toMatchObject({ version: '2', writes: 201 });
});

test('what it answered before its configuration was written counts no more: that may have started it anew', async () => {
  const { trial, asked, seen, run, sent } = completing({});
  slotOf(trial.world, 'web', 'zdd-staging').occupant.config.webSocketsEnabled = true;
  expect((await run()).failure).toBeUndefined();
  const written = sent.find(
    ({ request }) => request.method === 'PATCH' && /zdd-staging\/config\/web/.test(request.url),
  );
  const since = asked().filter((at) => at > (written?.at ?? Number.POSITIVE_INFINITY) && at < seen.intendedAt);
  expect(since[0]).toBe(seen.provedAt);
  expect((since.at(-1) ?? 0) - seen.provedAt).toBeGreaterThanOrEqual(2000);
});

test('a dry run asks the candidate nothing', async () => {
  const { asked, run } = completing({ inputs: { 'dry-run': 'true' } });
  expect((await run()).failure).toBeUndefined();
  expect(asked()).toEqual([]);
});
