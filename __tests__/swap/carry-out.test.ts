import { expect, test } from '@jest/globals';
import { MARKER_SETTING } from '../../src/deployment/marker.ts';
import type { DeploymentRecord, SwapIntent } from '../../src/deployment/record.ts';
import { freshRun, type ThisRun } from '../../src/deployment/this-run.ts';
import type { HttpRequest, HttpResponse } from '../../src/ports.ts';
import { applySwap } from '../../src/swap/carry-out.ts';
import { answer, refusal, type Stage, stage } from '../apply/scene.ts';
import { recordOf } from '../apply/sketch.ts';
import { CLONE, ID } from '../phases/observed.ts';

const NAME = 'zdd-readonly';
const COPY = `${ID}/read-only/1`;
const because = 'visitors go there';

interface Sketch {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly record?: Partial<DeploymentRecord>;
  readonly intent?: Partial<SwapIntent>;
  readonly run?: Partial<ThisRun>;
}

/** A copy beside production and an intent that was read back, all as before the swap. */
async function before({ inputs, record = {}, intent: differences = {}, run = {} }: Sketch = {}) {
  const there = await stage({ 'swap-settle-seconds': '30', ...inputs });
  there.add(CLONE);
  const copy = there.slot(NAME);
  copy.occupant.settings = { [MARKER_SETTING]: COPY };
  const intent: SwapIntent = {
    number: 1,
    purpose: 'switch',
    source: NAME,
    sourceMarker: COPY,
    productionMarker: '',
    swapStatusBefore: '',
    at: new Date(there.clock.now()).toISOString(),
    ...differences,
  };
  const recorded = recordOf({ intent, swaps: intent.number, ...record });
  const scene = await there.seen({ record: recorded, thisRun: { ...freshRun, ...run } });
  return { there, scene, intent, production: there.slot('production'), copy };
}

const post = { kind: 'post-swap', source: NAME, because } as const;
const isSwap = ({ method, url }: HttpRequest) => method === 'POST' && /slotsswap/.test(url);
const posts = ({ sent }: Stage) => sent.filter((each) => /slotsswap/.test(each));

/** Tags of the record, where it stands: in its database, and in the window in the journal. */
function recordedIn(there: Stage) {
  const [server] = Object.values(there.world.sql.servers);
  const database = Object.values(server?.databases ?? {}).find(({ name }) => name === CLONE);
  return { ...database?.tags, ...there.slot(NAME).tags };
}

test('a swap goes out once, is waited for, and brings visitors to the copy', async () => {
  const { there, scene, production, copy } = await before();
  const change = await applySwap(scene, post);
  expect(change).toEqual({ posted: { number: 1, ended: 'succeeded' } });
  expect(posts(there)).toHaveLength(1);
  expect(production.occupant.settings[MARKER_SETTING]).toBe(COPY);
  expect(copy.occupant.settings[MARKER_SETTING]).toBeUndefined();
});

test.each<[string, Partial<DeploymentRecord>, Partial<SwapIntent>]>([
  ['without an intent', { intent: undefined }, {}],
  ['with one of another slot', {}, { source: 'zdd-staging' }],
])('%s nothing is swapped', async (_what, record, intent) => {
  const { there, scene } = await before({ record, intent });
  await expect(applySwap(scene, post)).rejects.toMatchObject({ kind: 'refused' });
  expect(there.sent).toEqual([]);
});

test.each<[string, Partial<SwapIntent>]>([
  ['the copy is another one', { sourceMarker: 'another' }],
  ['production is another one', { productionMarker: 'another' }],
])('where by now %s, nothing is swapped, and how it ended is for the looks to say', async (_what, intent) => {
  const { there, scene } = await before({ intent });
  expect(await applySwap(scene, post)).toEqual({ posted: { number: 1, ended: 'unknown' } });
  expect(there.sent).toEqual([]);
});

test('who lost the lease swaps nothing', async () => {
  const { there, scene } = await before();
  const lease = { ...scene.context.lease, prove: () => Promise.reject(new Error('the lease is lost')) };
  const lost = { ...scene, context: { ...scene.context, lease } };
  await expect(applySwap(lost, post)).rejects.toThrow('the lease is lost');
  expect(there.sent).toEqual([]);
});

const BUSY = { Code: 'Conflict', Message: 'another operation is in progress. Details: Id: 7, OperationName: X, ' };

test.each<[string, HttpResponse, 'unknown' | number]>([
  ['a refusal', refusal(403, 'Denied'), 403],
  ['a conflict that does not pass', refusal(409, 'Conflict'), 409],
  ['that something else is under way: it may be this swap', answer(409, BUSY), 'unknown'],
  ['a gateway that waited no longer', refusal(408, 'RequestTimeout'), 'unknown'],
  ['trouble of its own, the least', refusal(500, 'Trouble'), 'unknown'],
  ['trouble of a gateway', refusal(502, 'BadGateway'), 'unknown'],
])('what Azure answers is %s: sent once, and only a refusal is certain', async (_what, answered, ended) => {
  const { there, scene } = await before();
  there.answering((request) => (isSwap(request) ? answered : undefined));
  const { posted } = await applySwap(scene, post);
  expect(posts(there)).toHaveLength(1);
  expect(posted?.said).toMatchObject({ status: answered.status });
  if (ended === 'unknown') expect(posted?.ended).toBe('unknown');
  else expect(posted?.ended).toMatchObject({ status: ended });
});

test('a request without an answer may have been carried out: nothing is said of how it ended', async () => {
  const { there, scene } = await before();
  there.answering((request) => {
    if (isSwap(request)) throw new Error('ECONNRESET');
    return undefined;
  });
  expect(await applySwap(scene, post)).toEqual({ posted: { number: 1, ended: 'unknown' } });
  expect(posts(there)).toHaveLength(1);
});

/** Azure never comes to an end with a swap, or says it so long after it began. */
function slow(there: Stage, ms = Number.POSITIVE_INFINITY) {
  const until = there.clock.now() + ms;
  there.answering(({ method, url }) => {
    if (method !== 'GET' || !/operationresults/.test(url) || there.clock.now() >= until) return undefined;
    return { status: 202, headers: { location: url, 'retry-after': '15' }, body: new Uint8Array() };
  });
}

test('a swap to the copy that takes too long is not awaited for ever, since visitors can be brought back', async () => {
  const { there, scene } = await before({ inputs: { 'swap-timeout': '120', 'switch-timeout': '300' } });
  slow(there);
  const startedAt = there.clock.now();
  const change = await applySwap(scene, post);
  expect(change).toMatchObject({
    posted: { number: 1, ended: 'unknown' },
    missed: { happened: expect.stringContaining('2 min'), fix: expect.stringContaining('swap-timeout') },
  });
  // Asked every 15 s, as Azure wants it, and no more than once when the time is over.
  expect(there.clock.now() - startedAt).toBeGreaterThanOrEqual(120_000);
  expect(there.clock.now() - startedAt).toBeLessThan(135_000);
});

test.each<[string, Sketch & { readonly of?: string }]>([
  ['any other swap', { intent: { purpose: 'complete' } }],
  ['the swap of another app than the first, which visitors are not brought back from by itself', { of: 'rg/second' }],
  ['a run that must not go back', { inputs: { 'switch-timeout': '0' } }],
  ['a deployment whose copy takes writes', { record: { mode: 'read-write' } as Partial<DeploymentRecord> }],
])('%s that takes too long ends the run, and says that the swap goes on', async (_what, sketch) => {
  const { inputs, of, ...more } = sketch;
  const { there, scene } = await before({
    inputs: { 'swap-timeout': '120', 'switch-timeout': '300', ...inputs },
    ...more,
  });
  slow(there);
  const startedAt = there.clock.now();
  await expect(applySwap(scene, of ? { ...post, of } : post)).rejects.toMatchObject({
    happened: expect.stringContaining(`for Azure to swap slot ${NAME} with production`),
    next: 'The swap goes on by itself. Run the phase again: it finds out how it ended and carries on.',
  });
  expect(there.clock.now() - startedAt).toBeLessThan(135_000);
});

test('Azure is asked as seldom as it wants, each time where its last answer says, and it is told how long it takes as a rule', async () => {
  const { there, scene } = await before();
  const asked: { readonly at: number; readonly url: string }[] = [];
  const signed = (url: string, number: number) => `${url.split('&sig=')[0]}&sig=${number}`;
  there.answering(({ method, url }) => {
    if (method !== 'GET' || !/operationresults/.test(url)) return undefined;
    asked.push({ at: there.clock.now(), url });
    if (asked.length > 4) return undefined;
    const headers = { location: signed(url, asked.length), 'retry-after': '20' };
    return { status: 202, headers, body: new Uint8Array() };
  });
  await applySwap(scene, post);
  const [first, ...others] = asked.slice(0, 5);
  expect(others.map(({ url }) => url)).toEqual([1, 2, 3, 4].map((number) => signed(first?.url ?? '', number)));
  expect(others.map(({ at }, index) => at - (asked[index]?.at ?? 0) >= 20_000)).toEqual([true, true, true, true]);
  expect(there.infos.join()).toMatch(/warming up and switching, about \d+ s left as a rule/);
});

test.each([
  [undefined, ['through']],
  ['rg/second', []],
])(
  'visitors are on their way from the moment in which the swap of the first app goes out (%s)',
  async (of, expected) => {
    const { there, scene, entered } = await afterwards({});
    const atPost: (readonly string[])[] = [];
    there.answering((request) => void (isSwap(request) && atPost.push([...entered])));
    await applySwap(scene, of ? { ...post, of } : post);
    expect([atPost, entered]).toEqual([[expected], expected]);
  },
);

const WEATHER: [string, () => HttpResponse][] = [
  ['trouble of its own', () => refusal(503, 'ServiceUnavailable')],
  ['that it is asked too much', () => refusal(429, 'TooManyRequests')],
  [
    'nothing',
    () => {
      throw new Error('ECONNRESET');
    },
  ],
];

/** So long Azure answers like this. */
function weatherIn(there: Stage, ms: number, answered: () => HttpResponse, isMet = (_: HttpRequest) => true) {
  const until = there.clock.now() + ms;
  there.answering((request) => (isMet(request) && there.clock.now() < until ? answered() : undefined));
}

test.each(WEATHER)(
  'Azure answers %s while a swap is polled: it is awaited until Azure says how it ended',
  async (_what, answered) => {
    const { there, scene, production } = await before();
    const poll = ({ method, url }: HttpRequest) => method === 'GET' && /operationresults/.test(url);
    weatherIn(there, 200_000, answered, poll);
    expect(await applySwap(scene, post)).toEqual({ posted: { number: 1, ended: 'succeeded' } });
    expect(posts(there)).toHaveLength(1);
    expect(production.occupant.settings[MARKER_SETTING]).toBe(COPY);
    expect(there.infos.join()).toMatch(/Still waiting for Azure to swap .*: (Azure answered \d+|no answer came)/);
  },
);

test('weather that does not end is awaited for as long as a swap may take, and then visitors are brought back', async () => {
  const { there, scene } = await before({ inputs: { 'swap-timeout': '120', 'switch-timeout': '300' } });
  weatherIn(
    there,
    3_600_000,
    () => refusal(503, 'ServiceUnavailable'),
    ({ url }) => /operationresults/.test(url),
  );
  const startedAt = there.clock.now();
  const { posted, missed } = await applySwap(scene, post);
  expect([posted?.ended, missed?.happened]).toEqual(['unknown', expect.stringContaining('swap-timeout')]);
  expect(there.clock.now() - startedAt).toBeLessThan(180_000);
});

test('a poll that is refused for good ends the run', async () => {
  const { there, scene } = await before();
  there.answering(({ url }) => (/operationresults/.test(url) ? refusal(403, 'AuthorizationFailed') : undefined));
  await expect(applySwap(scene, post)).rejects.toMatchObject({ azure: { status: 403 } });
});

function settle(intent: SwapIntent, of?: string) {
  return { kind: 'settle-swap', intent, because, ...(of !== undefined && { of }) } as const;
}

/** The scene of a run that has posted it, or of one that knows nothing of it. */
async function afterwards(sketch: Sketch, posted?: NonNullable<ThisRun['posted']>['ended']) {
  const found = await before(sketch);
  const { number } = found.intent;
  if (posted) return sceneOf({ number, ended: posted });
  return sceneOf();

  function sceneOf(mine?: NonNullable<ThisRun['posted']>) {
    const { observed, context } = found.scene;
    const entered: string[] = [];
    const eyes = { ...context.eyes, enter: (part: string) => void entered.push(part) };
    const thisRun = { ...observed.thisRun, ...(mine && { posted: mine }) };
    return {
      ...found,
      entered,
      scene: { ...found.scene, context: { ...context, eyes }, observed: { ...observed, thisRun } },
    };
  }
}

const refused = { code: 'CannotSwap', message: 'no', requestId: '', status: 400 };

test('a swap that this run has seen end opens the window, by two looks and without a write to a slot', async () => {
  const { there, scene, intent, entered, production, copy } = await afterwards({ run: { unswapped: 2 } }, 'succeeded');
  [production.occupant, copy.occupant] = [copy.occupant, production.occupant];
  const startedAt = there.clock.now();
  let looks = 0;
  there.answering(({ url }) => void (/\/sites\/web\/config\/appsettings\/list/.test(url) && looks++));
  expect(await applySwap(scene, settle(intent))).toEqual({ settled: { number: 1, outcome: 'happened' }, unswapped: 0 });
  expect(there.clock.now() - startedAt).toBeGreaterThanOrEqual(10_000);
  expect(looks).toBe(2);
  expect(there.sent.filter((each) => /config\/web/.test(each))).toEqual([]);
  expect(entered).toEqual(['through', 'after']);
  const opened = `${new Date(there.clock.now()).toISOString().slice(0, 19)}.000Z`;
  expect(recordedIn(there)).toMatchObject({ 'zdd-settled-swaps': '1', 'zdd-window-opened-at': opened });
});

test('a swap that Azure refused is over as soon as two looks show production as it was', async () => {
  const { there, scene, intent, entered } = await afterwards({ run: { unswapped: 2 } }, refused);
  const change = await applySwap(scene, settle(intent));
  expect(change).toEqual({ settled: { number: 1, outcome: 'did-not-happen' }, unswapped: 3 });
  expect(there.sent.filter((each) => /config\/web/.test(each))).toEqual([]);
  expect(entered).toEqual(['through', 'before']);
  expect(recordedIn(there)).toMatchObject({ 'zdd-settled-swaps': '1', 'zdd-window-opened-at': '-' });
});

test('when Azure names the swap, visitors were moved at that instant', async () => {
  const { there, scene, intent, production, copy } = await afterwards({});
  [production.occupant, copy.occupant] = [copy.occupant, production.occupant];
  const timestampUtc = there.clock.now() - 7000;
  for (const slot of [production, copy])
    slot.slotSwapStatus = { timestampUtc, sourceSlotName: NAME, destinationSlotName: 'Production' };
  expect(await applySwap(scene, settle(intent))).toMatchObject({ settled: { outcome: 'happened' } });
  expect(Date.parse(recordedIn(there)['zdd-window-opened-at'] ?? '')).toBe(timestampUtc);
});

test.each(WEATHER)(
  'Azure answers %s while it is looked at how a swap ended: it is looked at again',
  async (_what, answered) => {
    const { there, scene, intent, production, copy } = await afterwards({}, 'succeeded');
    [production.occupant, copy.occupant] = [copy.occupant, production.occupant];
    weatherIn(there, 200_000, answered);
    expect((await applySwap(scene, settle(intent))).settled?.outcome).toBe('happened');
    expect(there.clock.now()).toBeGreaterThan(200_000);
  },
);

test('a write that meets weather proves nothing, and is tried again', async () => {
  const { there, scene, intent } = await afterwards({});
  await there.clock.sleep(40_000);
  weatherIn(
    there,
    100_000,
    () => refusal(502, 'BadGateway'),
    ({ method }) => method === 'PATCH',
  );
  expect((await applySwap(scene, settle(intent))).settled?.outcome).toBe('did-not-happen');
  expect(webWrites(there).length).toBeGreaterThan(2);
});

test('what Azure has no trouble of its own with ends the looks', async () => {
  const { there, scene, intent } = await afterwards({}, 'succeeded');
  there.answering(({ url }) => (/appsettings\/list/.test(url) ? refusal(403, 'AuthorizationFailed') : undefined));
  await expect(applySwap(scene, settle(intent))).rejects.toMatchObject({ azure: { status: 403 } });
});

const webWrites = ({ sent }: Stage) => sent.filter((each) => each === 'PATCH config/web');

test.each<[string, Readonly<Record<string, number>>, number]>([
  ['as it is', { logsDirectorySizeLimit: 50 }, 50],
  ['as Azure has it where nobody chose', {}, 35],
])(
  'what nobody saw end is over once a write is taken, which leaves the slot %s; only looks after it count',
  async (_what, config, left) => {
    const { there, scene, intent, copy } = await afterwards({});
    Object.assign(copy.occupant.config, config);
    // What was running may still be admitted until here.
    await there.clock.sleep(40_000);
    const wrote: number[] = [];
    const bodies: string[] = [];
    there.answering(({ method, url, body }) => {
      if (method === 'GET' && /config\/web/.test(url)) return answer(200, { properties: config });
      if (method === 'PATCH' && /config\/web/.test(url)) {
        wrote.push(there.clock.now());
        bodies.push(Buffer.from(Object(body)).toString());
      }
      return undefined;
    });
    const change = await applySwap(scene, settle(intent));
    expect(change.settled).toEqual({ number: 1, outcome: 'did-not-happen' });
    expect(wrote).toHaveLength(1);
    // Without a value it would be no write, which Azure takes in a swap as well.
    expect(bodies[0]).toContain(`"logsDirectorySizeLimit":${left}`);
    expect(there.clock.now() - (wrote[0] ?? 0)).toBeGreaterThanOrEqual(10_000);
    expect(copy.occupant.config.logsDirectorySizeLimit ?? 35).toBe(left);
  },
);

test('while Azure refuses that write a swap may be in flight, and it is tried again in its time', async () => {
  const { there, scene, intent } = await afterwards({});
  await there.clock.sleep(40_000);
  let refusals = 0;
  there.answering(({ method, url }) =>
    method === 'PATCH' && /config\/web/.test(url) && ++refusals <= 3 ? answer(409, BUSY) : undefined,
  );
  const startedAt = there.clock.now();
  expect((await applySwap(scene, settle(intent))).settled?.outcome).toBe('did-not-happen');
  expect(webWrites(there)).toHaveLength(4);
  expect(there.clock.now() - startedAt).toBeGreaterThanOrEqual(40_000);
});

test('a write that is refused for another reason proves nothing, and ends the run', async () => {
  const { there, scene, intent } = await afterwards({});
  await there.clock.sleep(40_000);
  there.answering(({ method }) => (method === 'PATCH' ? refusal(403, 'Denied') : undefined));
  await expect(applySwap(scene, settle(intent))).rejects.toThrow('Denied');
  expect(recordedIn(there)['zdd-settled-swaps']).toBeUndefined();
});

test.each<[string, SwapIntent['purpose'], number]>([
  ['which can bring visitors back, as long as it may take to switch', 'switch', 600],
  ['which cannot, no longer than a swap may take', 'complete', 120],
])('where Azure never says that a swap is over, the run is ended: one %s', async (_what, purpose, seconds) => {
  const inputs = { 'swap-timeout': '120', 'switch-timeout': '600' };
  const { there, scene, intent } = await afterwards({ inputs, intent: { purpose } });
  there.answering(({ method, url }) => (method === 'PATCH' && /config\/web/.test(url) ? answer(409, BUSY) : undefined));
  const startedAt = there.clock.now();
  await expect(applySwap(scene, settle(intent))).rejects.toMatchObject({
    happened: expect.stringMatching(/for swap 1 to be over; last seen: Azure is busy with X/),
    next: expect.stringContaining('Run "status"'),
  });
  expect(Math.round((there.clock.now() - startedAt) / 1000)).toBe(seconds);
  expect(recordedIn(there)['zdd-settled-swaps']).toBeUndefined();
});

test('a picture that no swap leaves is said, and its intent stays open', async () => {
  const { there, scene, intent, entered, production } = await afterwards({});
  production.occupant.settings = { [MARKER_SETTING]: `${ID}/new/9` };
  await there.clock.sleep(40_000);
  await expect(applySwap(scene, settle(intent))).rejects.toMatchObject({
    kind: 'drifted',
    happened: expect.stringContaining(`production shows the marker "${ID}/new/9"`),
  });
  expect(recordedIn(there)['zdd-settled-swaps']).toBeUndefined();
  expect(entered).toEqual(['through']);
});

test('what this run saw end of an earlier swap says nothing of this one', async () => {
  const { there, scene, intent } = await afterwards({ run: { posted: { number: 7, ended: refused } } });
  await there.clock.sleep(40_000);
  await applySwap(scene, settle(intent));
  expect(webWrites(there)).toHaveLength(1);
});

test('a swap of another app than the first closes its intent and means nothing more, nor do visitors of the first notice', async () => {
  const { there, scene, intent, entered, production, copy } = await afterwards({}, 'succeeded');
  [production.occupant, copy.occupant] = [copy.occupant, production.occupant];
  await applySwap(scene, settle(intent, 'rg/second'));
  expect(entered).toEqual([]);
  expect(recordedIn(there)).toMatchObject({ 'zdd-settled-swaps': '1', 'zdd-window-opened-at': '-' });
});

test.each<[SwapIntent['purpose'], boolean, boolean]>([
  ['undo', true, true],
  ['undo', false, false],
  ['complete', true, false],
])(
  'which apps were stopped is forgotten with a swap back alone: %s that happened: %s',
  async (purpose, happened, isForgotten) => {
    const stoppedApps = ['rg/other'];
    const { there, scene, intent, production, copy } = await afterwards(
      { intent: { purpose }, record: { stoppedApps, windowOpenedAt: new Date(0).toISOString() } },
      happened ? 'succeeded' : refused,
    );
    if (happened) [production.occupant, copy.occupant] = [copy.occupant, production.occupant];
    await applySwap(scene, settle(intent));
    expect(recordedIn(there)['zdd-stopped-apps'] === '-').toBe(isForgotten);
  },
);

test('where no app was stopped, none is forgotten', async () => {
  const { there, scene, intent, production, copy } = await afterwards({ intent: { purpose: 'undo' } }, 'succeeded');
  [production.occupant, copy.occupant] = [copy.occupant, production.occupant];
  await applySwap(scene, settle(intent));
  expect(recordedIn(there)['zdd-stopped-apps']).toBeUndefined();
});

const intend = { kind: 'intend-swap', source: NAME, purpose: 'switch', fields: {}, because } as const;

test('the intent is numbered, recorded with what both slots show now, and read back', async () => {
  const { there, scene } = await before({ record: { intent: undefined, swaps: 4, settledSwaps: 4 } });
  const at = new Date(there.clock.now()).toISOString().slice(0, 16);
  // From here `switch` has its time.
  expect(await applySwap(scene, intend)).toEqual({ intended: 5, since: expect.stringContaining(at) });
  expect(recordedIn(there)['zdd-swap-intent']).toContain(`5|switch|${NAME}|${COPY}|||${at}`);
  expect(recordedIn(there)['zdd-swaps']).toBe('5');
});

test('what the plan wants recorded with an intent is recorded with it', async () => {
  const { there, scene } = await before({ record: { intent: undefined } });
  await applySwap(scene, { ...intend, fields: { completedAt: '2026-09-01T08:00:00.000Z' } });
  expect(recordedIn(there)).toMatchObject({ 'zdd-swaps': '2', 'zdd-completed-at': '2026-09-01T08:00:00.000Z' });
});

test.each<[string, 'production' | 'copy']>([
  ['production', 'production'],
  ['the copy', 'copy'],
])('no intent is recorded where %s is another one than was planned with', async (_what, which) => {
  const found = await before({ record: { intent: undefined } });
  found[which].occupant.settings = { [MARKER_SETTING]: `${ID}/new/9` };
  expect(await applySwap(found.scene, intend)).toEqual({});
  expect(found.there.sent).toEqual([]);
});

test('with several apps it is recorded whose swap it is, and of the first one that it is its own', async () => {
  const companions = ['rg/second'];
  for (const app of ['rg/second', undefined]) {
    const { there, scene } = await before({ record: { intent: undefined, companions } });
    await applySwap(scene, app ? { ...intend, of: app } : intend);
    expect(recordedIn(there)['zdd-swap-app'] ?? '-').toBe(app ?? '-');
  }
});
