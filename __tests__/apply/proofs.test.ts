import { expect, test } from '@jest/globals';
import { applyProof } from '../../src/apply/proofs.ts';
import { Stop } from '../../src/errors.ts';
import { SqlError } from '../../src/ports.ts';
import type { StepOf } from '../../src/steps/steps.ts';
import { CLONE, slot } from '../phases/observed.ts';
import { PAIR, pairOf, recordOf, type Site, sketch, type Visitor } from './sketch.ts';

const NAME = 'zdd-readonly';
const HOST = `shop-${NAME}.azurewebsites.net`;
const MARKER = '20260131-k7m2x/read-only/0';
const READY = { readonlySlot: slot(NAME, { appSettings: { ZDD_INSTANCE: MARKER } }) };
const STEP: StepOf<'prove-instance'> = {
  kind: 'prove-instance',
  slot: NAME,
  as: 'candidate',
  because: 'visitors come',
};
const PROVEN = { ...READY, record: recordOf({ readOnlyReady: { at: '2026-01-31T14:00:00Z', copy: 'seen' } }) };
const AS_COPY = { ...STEP, as: 'read-only-copy' } as const;
const INPUTS = { 'health-path': '/health', 'smoke-paths': '/tea', 'health-timeout': '60' };
const COPY = { program: 'shop', host: 'web1', pid: 700 };

type Options = NonNullable<Parameters<typeof sketch>[0]>;

/** The databases refuse what is written, unless one is said to take it. */
function there(options: Options = {}, takesWrites: readonly string[] = []) {
  return sketch({
    inside: (name) => (name === CLONE ? [COPY] : []),
    answers(name, statement) {
      if (/zdd_write_proof/.test(statement) && !takesWrites.includes(name)) throw new SqlError(3906, 'read-only');
      return [];
    },
    ...options,
    inputs: { ...INPUTS, ...options.inputs },
  });
}

/** Health answers as said second by second; everything else is fine. */
const health =
  (at: (second: number) => number | undefined): Site =>
  (url, second) =>
    url.pathname === '/health' ? at(second) : 200;

test('an instance is proven by three healthy answers, a second apart, for the marker that it had', async () => {
  const run = there();
  expect(await applyProof(run.scene(READY), STEP)).toEqual({ proven: { [NAME]: MARKER }, unproven: [] });
  expect(run.clock.now()).toBeGreaterThanOrEqual(2000);
  expect(run.clock.now()).toBeLessThan(2500);
  for (const each of run.asked) expect(each).toMatch(`GET ${HOST}/`);
});

test('one that answers well every other time is never proven', async () => {
  const run = there({ site: health((second) => (Math.floor(second) % 2 === 0 ? 200 : 500)) });
  await expect(applyProof(run.scene(READY), STEP)).rejects.toThrow(`Waited 1 min 0 s for slot ${NAME} to be healthy`);
});

test('the answers are counted anew after one that was bad, however slow they are', async () => {
  const run = there({ site: health((second) => (second > 1.5 && second < 2.9 ? 503 : 200)) });
  await applyProof(run.scene(READY), STEP);
  expect(run.clock.now()).toBeGreaterThanOrEqual(5000);
  expect(run.clock.now()).toBeLessThan(5600);
});

test('what never comes up is told with what was seen last, and where to look', async () => {
  const run = there({ site: () => undefined });
  const failure = applyProof(run.scene(READY), STEP);
  await expect(failure).rejects.toMatchObject({
    happened: expect.stringMatching(/GET \/health got no answer/),
    next: expect.stringContaining(`--slot ${NAME}`),
  });
  expect(run.clock.now()).toBeLessThan(62_000);
});

test('a page that fails is asked again once it is healthy: then it counts', async () => {
  const late: Site = (url, second) => (second < 1 ? 503 : url.pathname === '/tea' && second < 2 ? 503 : 200);
  expect((await applyProof(there({ site: late }).scene(READY), STEP)).proven).toBeDefined();
  const failing = there({ site: (url) => (url.pathname === '/tea' ? 404 : 200) });
  await expect(applyProof(failing.scene(READY), STEP)).rejects.toMatchObject({
    happened: `The instance in slot ${NAME} is healthy but GET /tea answered 404.`,
  });
});

test('an instance that ran and was well need not be asked for its pages once more', async () => {
  const run = there();
  await applyProof(run.scene(READY), STEP);
  expect(run.asked.filter((each) => each.endsWith('/tea'))).toHaveLength(1);
});

/** Production or a copy that was asked for its health for a while before it is to be proven; how long the proof takes then. */
async function askedBefore(ms: number, site: Site = () => 200, differences: { readonly of?: string } = {}) {
  const run = there({ site });
  run.context.early.begin(READY.readonlySlot);
  await run.clock.sleep(ms);
  await applyProof(run.scene(READY), { ...STEP, ...differences });
  const took = run.clock.now() - ms;
  await run.context.early.forget();
  return took;
}

test('answers from before the proof count for the first app, but the last one comes a second after them', async () => {
  // Asked at 0, 1 and 2 s: one more at 3 s is all that is wanting.
  expect(await askedBefore(2500)).toBe(510);
  expect(await askedBefore(500)).toBe(500 + 1010);
  // They are those of another app where the proof is: three of its own, from now on.
  expect(await askedBefore(2500, undefined, { of: 'rg/till' })).toBe(2010);
});

test('where the last answer was bad nothing is waited for: it is asked at once, three times', async () => {
  expect(
    await askedBefore(
      2500,
      health((second) => (second < 2.4 ? 503 : 200)),
    ),
  ).toBe(2010);
});

test('slow answers are followed by the next request at once: visitors may be waiting', async () => {
  const asked: number[] = [];
  const run = there({
    ports: {
      async send({ url }) {
        if (url.endsWith('/health')) asked.push(run.clock.now());
        await run.clock.sleep(1500);
        return { status: 200, headers: {}, body: new Uint8Array() };
      },
    },
  });
  await applyProof(run.scene(READY), { ...STEP, as: 'started' });
  expect(asked).toEqual([0, 1600, 3200]);
});

test('one that is only to be started proves less, and what does not come up is for the plan', async () => {
  const started = { ...STEP, as: 'started' } as const;
  expect(await applyProof(there().scene(READY), started)).toEqual({ started: { [NAME]: MARKER } });
  const failing = there({ site: () => 503 });
  const { didNotStart } = await applyProof(failing.scene(READY), started);
  expect([didNotStart?.slot, didNotStart?.stop.happened]).toEqual([NAME, expect.stringContaining('503')]);
  // Nobody is sent there: its pages are not asked.
  const pages = there({ site: (url) => (url.pathname === '/tea' ? 500 : 200) });
  expect((await applyProof(pages.scene(READY), started)).started).toBeDefined();
});

test('where the plan says what comes next, a failure is told and not thrown; what is no failure of the instance is', async () => {
  const tolerated = { ...STEP, tolerated: true } as const;
  const { notProven } = await applyProof(there({ site: () => 503 }).scene(READY), tolerated);
  expect([notProven?.slot, notProven?.stop]).toEqual([NAME, expect.any(Stop)]);
  const run = there();
  const cancelled = applyProof(run.scene(READY), tolerated);
  run.cancelled.abort(new Error('cancelled'));
  await expect(cancelled).rejects.toThrow('cancelled');
});

const WHY = 'The candidate is ill';

test.each([
  ['candidate', 'live build', 'read-only copy', 'switch'],
  ['read-only-copy', 'read-only copy', 'candidate', 'complete'],
] as const)('a last resort that is ill as well: visitors stay, and are told so (%s)', async (as, ill, here, phase) => {
  const step = { ...STEP, as, lastResort: WHY };
  await expect(applyProof(there({ site: () => 503 }).scene(READY), step)).rejects.toMatchObject({
    happened: expect.stringContaining(`${WHY}, and the ${ill} is not healthy either: Waited`),
    next: expect.stringMatching(new RegExp(`on the unhealthy ${here}\\..*run "${phase}" again`)),
  });
});

test('what Azure said of a last resort that is ill goes on to who has to act', async () => {
  const azure = { code: 'X', message: 'No.', requestId: 'r', status: 500 };
  const cause = new Stop('failed', 'The clone is gone.', 'Look.', { azure });
  const run = there({
    answers() {
      throw cause;
    },
  });
  const failure = applyProof(run.scene(READY), { ...AS_COPY, lastResort: WHY });
  await expect(failure).rejects.toMatchObject({
    happened: expect.stringContaining('The clone is gone.'),
    azure,
    cause,
  });
});

test('a cancelled last resort is a cancellation', async () => {
  const run = there({ site: () => 503 });
  const cancelled = applyProof(run.scene(READY), { ...STEP, lastResort: WHY });
  run.cancelled.abort(new Stop('failed', 'cancelled', 'Run it again.'));
  await expect(cancelled).rejects.toMatchObject({ happened: 'cancelled' });
});

test('a read-only copy is proven by where it works, and who is in the originals is kept for later', async () => {
  const run = there({ inside: (name) => (name === CLONE ? [COPY] : [{ ...COPY, pid: 9, program: 'report' }]) });
  expect(await applyProof(run.scene(READY), AS_COPY)).toEqual({
    proven: { [NAME]: MARKER },
    copyUnseen: false,
    unproven: [],
    presentBefore: ['web1/9'],
  });
});

test('a copy that nobody is seen at work from is proven, and it is told that nobody was', async () => {
  const run = there({ inside: () => [] });
  const { proven, copyUnseen, unproven } = await applyProof(run.scene(READY), AS_COPY);
  expect([proven, copyUnseen]).toEqual([{ [NAME]: MARKER }, true]);
  expect(unproven).toEqual([expect.stringMatching(/^Nobody was seen at work in the clone of shop/)]);
});

test('one that works on an original is not proven', async () => {
  const run = there({ inside: () => [COPY] });
  expect(await applyProof(run.scene(READY), AS_COPY)).toEqual({
    astray: { slot: NAME, stop: expect.objectContaining({ kind: 'failed' }) },
  });
});

test.each([CLONE, 'shop'])(
  'who may not see who is in %s proves no copy, which is stopped where it is made',
  async (blind) => {
    const run = there({ sees: (name) => name !== blind });
    const stop = {
      kind: 'refused',
      happened: expect.stringContaining(`lacks VIEW DATABASE STATE on database ${blind},`),
      next: expect.stringContaining(`Run in ${blind}:`),
    };
    expect(await applyProof(run.scene(READY), AS_COPY)).toEqual({
      astray: { slot: NAME, stop: expect.objectContaining(stop) },
    });
    await expect(applyProof(run.scene(PROVEN), AS_COPY)).rejects.toMatchObject(stop);
  },
);

test('as a last resort the copy needs neither sight nor to be apart, but it must not write', async () => {
  const resort = { ...AS_COPY, lastResort: WHY };
  const blind = there({ sees: () => false, inside: () => [COPY] });
  expect(await applyProof(blind.scene(READY), resort)).toEqual({ proven: { [NAME]: MARKER }, unproven: [] });
  await expect(applyProof(there({}, [CLONE]).scene(READY), resort)).rejects.toThrow('took a write');
});

test('every clone has to refuse what is written, in the mode in which nobody writes', async () => {
  const stock = CLONE.replace('shop', 'stock');
  const both = { ...READY, databases: [PAIR, pairOf('stock', stock)] };
  const inside = () => [];
  await expect(applyProof(there({ inside }, [stock]).scene(both), AS_COPY)).rejects.toThrow('The clone of stock took');
  const gone = { ...READY, databases: [PAIR, { ...pairOf('stock', stock), clone: null }] };
  await expect(applyProof(there().scene(gone), AS_COPY)).rejects.toThrow('The clone of stock took');
  const writing = there({ inputs: { mode: 'read-write', 'accept-data-loss': 'true' } }, [CLONE]);
  expect((await applyProof(writing.scene(READY), AS_COPY)).proven).toBeDefined();
});

test('read-only-probes must be answered as they should, each of them', async () => {
  const inputs = { 'read-only-probes': 'POST /cart -> 503\nPUT /note -> 503' };
  const refusing = there({ inputs, site: (_url, _second, method) => (method === 'GET' ? 200 : 503) });
  expect((await applyProof(refusing.scene(READY), AS_COPY)).proven).toBeDefined();
  const site: Site = (_url, _second, method) => (method === 'POST' ? 503 : 200);
  await expect(applyProof(there({ inputs, site }).scene(READY), AS_COPY)).rejects.toMatchObject({
    happened: 'The read-only copy does not refuse as it should: PUT /note answered 200 instead of 503.',
  });
});

test.each<[string, number | undefined, string | undefined]>([
  ['is there', 200, undefined],
  ['redirects', 302, undefined],
  ['is not there', 404, 'answered 404'],
  ['is answered with 400', 400, 'answered 400'],
  ['gives no answer', undefined, 'got no answer (no route)'],
])('a page that stands in for what cannot work read-only and %s', async (_what, status, said) => {
  const inputs = { profile: 'optimizely-cms11', 'read-only-probes': 'POST /cart -> 503', 'readonly-settings': 'A=b' };
  const site: Site = (url, _second, method) =>
    /ReadOnly\.aspx/.test(url.pathname) ? status : method === 'POST' ? 503 : 200;
  const run = there({ inputs, site });
  const { unproven } = await applyProof(run.scene(READY), AS_COPY);
  expect(unproven).toEqual(said === undefined ? [] : [expect.stringContaining(`GET /Util/ReadOnly.aspx ${said}`)]);
  expect(run.warnings).toEqual(unproven);
});

test.each<[number | undefined, string | undefined]>([
  [503, undefined],
  [200, 'answered 200 instead of 503'],
  [undefined, 'got no answer (no route) instead of 503'],
])('a page that the platform closes to editors, and that answers %s', async (status, said) => {
  const site: Site = ({ pathname }) => (pathname === '/umbraco' ? status : 200);
  const run = there({ inputs: { profile: 'umbraco' }, site });
  const { unproven } = await applyProof(run.scene(READY), AS_COPY);
  expect(unproven).toEqual(
    said === undefined ? [] : [expect.stringContaining(`GET /umbraco ${said} on the read-only`)],
  );
});

test('its pages are gone through where it is made, and not when everything waits', async () => {
  const site: Site = (url) => (url.host === HOST && url.pathname === '/terms' ? 500 : 200);
  const inputs = { 'review-paths': '/terms' };
  const made = await applyProof(there({ site, inputs }).scene(READY), AS_COPY);
  expect(made.unproven).toEqual([expect.stringContaining('/terms (500)')]);
  const record = recordOf({ readOnlyReady: { at: '2026-01-31T14:00:00Z', copy: 'seen' } });
  expect((await applyProof(there({ site, inputs }).scene({ ...READY, record }), AS_COPY)).unproven).toEqual([]);
});

const CHECK: StepOf<'check-sessions'> = { kind: 'check-sessions', slot: NAME, because: 'visitors are on it' };
const STOCK = { databases: [PAIR, pairOf('stock', CLONE.replace('shop', 'stock'))] };

test('who works in every original while production is asked for its pages ends the look at once', async () => {
  const run = there({ inside: (_name, second) => (second > 1 ? [COPY] : []) });
  expect(await applyProof(run.scene(STOCK), CHECK)).toEqual({ done: [{ kind: 'check-sessions', subject: NAME }] });
  expect(run.clock.now()).toBeLessThan(4000);
  const production = 'GET shop-production.azurewebsites.net';
  expect(new Set(run.asked)).toEqual(new Set([`${production}/health`, `${production}/tea`]));
  expect(new Set(run.entered)).toEqual(new Set(['shop', 'stock']));
});

test('an original in which nobody was seen for a minute is named, and stops nothing', async () => {
  const run = there({ inside: (name, second) => (name === 'shop' && second > 1 ? [COPY] : []) });
  const { unproven, done } = await applyProof(run.scene(STOCK), CHECK);
  expect(unproven).toEqual([expect.stringMatching(/^Nobody was seen at work in stock while/)]);
  expect([done?.length, run.warnings]).toEqual([1, unproven]);
  expect(run.clock.now()).toBeGreaterThanOrEqual(60_000);
  expect(run.clock.now()).toBeLessThan(63_000);
});

test.each<[string, (second: number) => readonly Visitor[], boolean]>([
  ['was there before and does nothing', () => [COPY], false],
  ['was there and asks something', (second) => [{ ...COPY, lastRequestAt: new Date(second > 5 ? 9 : 1) }], true],
  ['came in the place of another', (second) => [{ ...COPY, id: second > 5 ? 52 : 51 }], true],
  ['is one of ours', (second) => (second > 1 ? [{ ...COPY, program: 'zdd-action run' }] : []), false],
])('in an original: who %s', async (_what, inside, counts) => {
  const { unproven } = await applyProof(there({ inside: (_, second) => inside(second) }).scene(), CHECK);
  expect(unproven === undefined).toBe(counts);
});

test('who is known to write there beside the app is not taken for it', async () => {
  const record = recordOf({ otherWriters: 'report on web2 as app; shop on web9 as app' });
  const other = { program: 'report', host: 'web2', pid: 3 };
  const run = (inside: Visitor) => there({ inside: (_, second) => (second > 1 ? [inside] : []) }).scene({ record });
  expect((await applyProof(run(other), CHECK)).unproven).toHaveLength(1);
  expect((await applyProof(run({ ...other, host: 'web3' }), CHECK)).unproven).toBeUndefined();
});

test('an original that is gone is not looked into, and who may not see proves nothing', async () => {
  const gone = there({ inside: (_, second) => (second > 1 ? [COPY] : []) });
  await applyProof(gone.scene({ databases: [PAIR, { ...pairOf('stock', 'x'), original: null }] }), CHECK);
  expect(new Set(gone.entered)).toEqual(new Set(['shop']));
  const blind = there({ sees: () => false });
  await expect(applyProof(blind.scene(), CHECK)).rejects.toMatchObject({ kind: 'refused' });
});
