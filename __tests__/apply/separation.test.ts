import { expect, test } from '@jest/globals';
import { copyAmong, separation, strayInProduction } from '../../src/apply/separation.ts';
import type { Session } from '../../src/azure/sql-sessions.ts';
import type { Observed } from '../../src/deployment/observed.ts';
import { freshRun } from '../../src/deployment/this-run.ts';
import { CLONE, connectionTo, database, slot } from '../phases/observed.ts';
import { LEADS_NOWHERE, PAIR, pairOf, sketch, type Visitor } from './sketch.ts';

const HOST = 'shop-zdd-readonly.azurewebsites.net';
const COPY = { program: 'shop', host: 'web1', pid: 700 };
const ELSE = { program: 'report', host: 'web2', pid: 800 };
const NAMELESS = { program: 'tiberius', host: '', pid: 0 };
const STOCK_CLONE = CLONE.replace('shop', 'stock');

type Inside = Readonly<Record<string, readonly Visitor[]>>;

function look(inside: Inside, inputs: Readonly<Record<string, string>> = {}) {
  return sketch({ inputs, inside: (name) => inside[name] ?? [] });
}

function before(...presentBefore: readonly string[]): Partial<Observed> {
  return { thisRun: { ...freshRun, presentBefore } };
}

const BOTH_PAIRS = [PAIR, pairOf('stock', STOCK_CLONE)];
const BOTH = {
  databases: BOTH_PAIRS,
  production: slot('production', { connectionStrings: connectionTo('shop', 'stock') }),
};

test('a copy that is seen in the clone and not in the original is apart, whoever else is in the original', async () => {
  const there = look({ [CLONE]: [COPY], shop: [ELSE] });
  expect(await separation(there.scene(), HOST)).toEqual({ copyUnseen: false, unproven: [] });
  expect(there.warnings).toEqual([]);
  // Seen at once: nobody waits.
  expect(there.clock.now()).toBeLessThan(1000);
});

test.each<[string, Visitor, Visitor, boolean]>([
  ['the same process', COPY, COPY, true],
  ['the same, beside another program', COPY, { ...COPY, program: 'shop worker' }, true],
  ['another process of the host', COPY, { ...COPY, pid: 701, program: 'other' }, false],
  ['the same number on another host', COPY, { ...COPY, host: 'web9', program: 'other' }, false],
  ['two that name no process', NAMELESS, NAMELESS, false],
  ['one of ours in both', { ...COPY, program: 'zdd-action run' }, { ...COPY, program: 'zdd-action run' }, false],
])('in both a clone and an original: %s', async (_what, copy, other, isAstray) => {
  const { astray } = await separation(look({ [CLONE]: [copy], shop: [other] }).scene(), HOST);
  expect(astray !== undefined).toBe(isAstray);
  if (isAstray) expect(astray?.happened).toMatch(/^Process 700 on web1 .* both in a clone and in an original/);
});

test('of several databases all are looked into', async () => {
  const inside = { [CLONE]: [COPY], [STOCK_CLONE]: [{ ...COPY, pid: 701 }] };
  const stray = await separation(look({ ...inside, stock: [COPY] }).scene(BOTH), HOST);
  expect(stray.astray?.kind).toBe('failed');
  const half = look({ [STOCK_CLONE]: [COPY], stock: [ELSE] });
  const { unproven, ...seen } = await separation(half.scene(BOTH), HOST);
  expect(seen).toEqual({ copyUnseen: true });
  expect(unproven).toEqual([expect.stringMatching(/^Nobody was seen at work in the clone of shop while/)]);
  expect(half.warnings).toEqual(unproven);
  const none = await separation(look({}).scene(BOTH), HOST);
  expect(none.unproven).toEqual([expect.stringContaining('in the clone of shop, stock while')]);
});

test('an original that is gone, and a clone that is not there yet, are not looked into', async () => {
  const there = look({ [CLONE]: [COPY] });
  const alone = { ...pairOf('stock', STOCK_CLONE), original: null, clone: null };
  expect(await separation(there.scene({ databases: [PAIR, alone] }), HOST)).toEqual({
    copyUnseen: false,
    unproven: [],
  });
  expect(new Set(there.entered)).toEqual(new Set([CLONE, 'shop']));
});

test('who names no process is told of where others are in the originals, and only there', async () => {
  const there = look({ [CLONE]: [COPY, NAMELESS], shop: [ELSE] });
  const { unproven } = await separation(there.scene(), HOST);
  expect(unproven).toEqual([expect.stringContaining('tiberius names neither host nor process')]);
  const unnamed = await separation(look({ [CLONE]: [{ ...NAMELESS, program: '' }], shop: [ELSE] }).scene(), HOST);
  expect(unnamed.unproven).toEqual([expect.stringContaining('its driver names neither')]);
  expect((await separation(look({ [CLONE]: [NAMELESS] }).scene(), HOST)).unproven).toEqual([]);
});

test.each<[string, Inside, Partial<Observed>, boolean]>([
  ['a new process of the copy’s program', { [CLONE]: [COPY], shop: [{ ...COPY, pid: 9 }] }, before(), true],
  ['one that was there before', { [CLONE]: [COPY], shop: [{ ...COPY, pid: 9 }] }, before('web1/9'), false],
  ['another program, while the copy is seen', { [CLONE]: [COPY], shop: [ELSE] }, before(), false],
  ['another program, while the copy is not seen', { shop: [ELSE] }, before(), true],
  ['one that was there, while the copy is not seen', { shop: [ELSE] }, before('web2/800'), false],
  ['who names no process', { shop: [NAMELESS] }, before(), false],
  ['anybody, when nobody looked before', { shop: [ELSE] }, {}, false],
  ['one after another that was there', { shop: [ELSE, { ...ELSE, pid: 9 }] }, before('web2/800'), true],
])('in an original since the copy was started: %s', async (_what, inside, differences, isAstray) => {
  const { astray, copyUnseen } = await separation(look(inside).scene(differences), HOST);
  expect(astray !== undefined).toBe(isAstray);
  expect(copyUnseen).toBe(inside[CLONE] === undefined);
  if (isAstray) expect(astray?.happened).toMatch(/a new process is in an original: (report|shop) on web\d as app/);
});

test('where only an input says that the copy asks the clone, it has to be seen there, within a minute', async () => {
  const there = look({});
  const { astray, copyUnseen } = await separation(there.scene(LEADS_NOWHERE), HOST);
  expect(astray?.happened).toContain('in the clone of shop while');
  expect(astray?.happened).toContain('no setting of production was found to lead there');
  expect(copyUnseen).toBe(true);
  expect(there.clock.now()).toBeGreaterThanOrEqual(60_000);
  expect(there.clock.now()).toBeLessThan(62_000);
  const late = sketch({ inside: (name, second) => (name === CLONE && second > 50 ? [COPY] : []) });
  expect(await separation(late.scene(LEADS_NOWHERE), HOST)).toEqual({ copyUnseen: false, unproven: [] });
  const accepted = look({}, { 'accept-unseen-copy': 'true' });
  expect(await separation(accepted.scene(LEADS_NOWHERE), HOST)).toEqual({ copyUnseen: true, unproven: [] });
  const told = look({}, { 'copy-command': 'node tell.js' });
  const said = (await separation(told.scene(), HOST)).astray?.happened;
  expect(said).toContain('only copy-command says that it is asked');
});

test('where its settings lead to the clone, three seconds are looked, and nobody seen is only told', async () => {
  const there = look({});
  const { unproven, astray } = await separation(there.scene(), HOST);
  expect([astray, unproven.length]).toEqual([undefined, 1]);
  expect(there.clock.now()).toBeGreaterThanOrEqual(3000);
  expect(there.clock.now()).toBeLessThan(5000);
  // It is asked for its pages all the time, at the address that was given.
  expect(there.asked.length).toBeGreaterThanOrEqual(3);
  for (const each of there.asked) expect(each).toMatch(`GET ${HOST}/`);
  const accepted = look({}, { 'accept-unseen-copy': 'true' });
  expect(await separation(accepted.scene(), HOST)).toEqual({ copyUnseen: true, unproven: [] });
  expect(accepted.warnings).toEqual([]);
});

test('the look that ends with the three seconds is the last', async () => {
  let times = 0;
  const there = sketch({
    ports: {
      async send() {
        times++;
        // With what is asked of the database after it a look takes a second, and the next begins one later.
        await there.clock.sleep(990);
        return { status: 200, headers: {}, body: new Uint8Array() };
      },
    },
  });
  await separation(there.scene(), HOST);
  expect(times).toBe(2);
});

test('every page that visitors are tried on is asked, each look anew', async () => {
  const there = look({ [CLONE]: [COPY] }, { 'health-path': '/health', 'smoke-paths': '/, /tea' });
  await separation(there.scene(), HOST);
  expect([...there.asked].sort()).toEqual([`GET ${HOST}/`, `GET ${HOST}/health`, `GET ${HOST}/tea`]);
});

test.each<[string, (second: number) => number | undefined, boolean]>([
  ['grow', (second) => (second < 1 ? 7 : 8), false],
  ['stay', () => 7, true],
  ['may not be seen', () => undefined, true],
])('who connects for an instant only is known by uses of tables that %s', async (_what, uses, copyUnseen) => {
  const there = sketch({ uses: (name, second) => (name === CLONE ? uses(second) : second) });
  expect((await separation(there.scene(), HOST)).copyUnseen).toBe(copyUnseen);
});

test('who is in a clone for an instant only, right after an answer, is seen by a look after the requests', async () => {
  let answeredAt = Number.POSITIVE_INFINITY;
  const there = sketch({
    site(_url, second) {
      answeredAt = second;
      return 200;
    },
    inside: (name, second) => (name === CLONE && second > answeredAt && second < answeredAt + 0.02 ? [COPY] : []),
  });
  expect((await separation(there.scene(), HOST)).copyUnseen).toBe(false);
});

test('who is seen in one clone once need not be seen there again', async () => {
  const at = (name: string, second: number) => (second < 1 ? name === CLONE : name === STOCK_CLONE);
  const there = sketch({ inside: (name, second) => (at(name, second) ? [COPY] : []) });
  expect((await separation(there.scene(BOTH), HOST)).copyUnseen).toBe(false);
});

test('after the swap: who is in both is astray, newcomers are not', async () => {
  const both = look({ [CLONE]: [COPY], shop: [COPY] });
  const why = await strayInProduction(both.scene());
  expect(why).toMatch(/^Process 700 on web1 .* leads to the original$/);
  const newcomer = look({ shop: [ELSE] });
  expect(await strayInProduction(newcomer.scene(before()))).toBeUndefined();
  // What its settings say needs no proof: nobody asks for pages.
  expect(newcomer.asked).toEqual([]);
});

test('after the swap: what is only said is looked at in production', async () => {
  const there = look({});
  expect(await strayInProduction(there.scene(LEADS_NOWHERE))).toMatch(/may work on the original$/);
  for (const each of there.asked) expect(each).toMatch('GET shop-production.azurewebsites.net/');
  expect(await strayInProduction(look({ [CLONE]: [COPY] }).scene(LEADS_NOWHERE))).toBeUndefined();
});

const SESSION: Session = {
  sessionId: 51,
  programName: 'shop',
  hostName: 'web1',
  hostProcessId: 700,
  loginName: 'app',
  status: 'sleeping',
  lastRequestAt: '',
  wrote: false,
};
const left = (...present: readonly Session[]) => [{ database: 'shop', present }];

test.each<[string, readonly Session[], Partial<Observed>, boolean]>([
  ['came since the swap', [SESSION], before(), true],
  ['came, when nobody looked before', [SESSION], {}, true],
  ['was there before', [SESSION], before('web1/700'), false],
  ['names no process', [{ ...SESSION, hostName: '' }], before('/700'), true],
  ['was there, beside one who came', [SESSION, { ...SESSION, hostProcessId: 9 }], before('web1/700'), true],
  ['comes and goes', [], before('web1/700'), true],
])(
  'who is left in an original and %s may be the copy that is unseen in its clone',
  async (_what, present, more, may) => {
    const why = await copyAmong(look({}).scene(more), left(...present));
    expect(why !== undefined).toBe(may);
    if (may) expect(why).toMatch(/in the clone of shop, and .*: (shop on|somebody who comes and goes)/);
  },
);

test('whom one knows from before is told at once: nobody is looked for while visitors wait', async () => {
  const there = look({});
  expect(await copyAmong(there.scene(before('web1/700')), left(SESSION))).toBeUndefined();
  expect([there.entered, there.asked, there.clock.now()]).toEqual([[], [], 0]);
});

test('who is left is not the copy where that is seen at work, where the user says so, or in another database', async () => {
  expect(await copyAmong(look({ [CLONE]: [COPY] }).scene(), left(SESSION))).toBeUndefined();
  const accepted = look({}, { 'accept-unseen-copy': 'true' });
  expect(await copyAmong(accepted.scene(), left(SESSION))).toBeUndefined();
  expect(accepted.entered).toEqual([]);
  // Seen in the clone of the one in which somebody is left, and not in the other.
  expect(await copyAmong(look({ [CLONE]: [COPY] }).scene(BOTH), left(SESSION))).toBeUndefined();
  const other = [{ database: 'stock', present: [SESSION] }];
  expect(await copyAmong(look({ [CLONE]: [COPY] }).scene(BOTH), other)).toContain('in the clone of stock, and');
  const both = [...left(SESSION), ...other];
  expect(await copyAmong(look({ [CLONE]: [COPY] }).scene(BOTH), both)).toContain('in the clone of stock, and');
});

test('the database in which somebody is left is known by the name that it has now', async () => {
  const renamed = { databases: [{ ...PAIR, original: database('shop-renamed') }] };
  const there = [{ database: 'shop-renamed', present: [SESSION] }];
  expect(await copyAmong(look({}).scene(renamed), there)).toContain('in the clone of shop, and');
  expect(await copyAmong(look({}).scene({ databases: [{ ...PAIR, original: null }] }), there)).toBeUndefined();
});

test('each of those who are left is named once', async () => {
  const why = await copyAmong(look({}).scene(), [...left(SESSION, SESSION), ...left({ ...SESSION, programName: 'b' })]);
  expect(why).toMatch(/copy: shop on web1 as app; b on web1 as app$/);
});
