import { expect, test } from '@jest/globals';
import { virtualClock } from '../../simulator/in-process/virtual-clock.ts';
import { askProduction, watchedBeside, watchProduction } from '../../src/apply/watch.ts';
import { proveWrites } from '../../src/apply/write-proof.ts';
import type { Companion, Slot } from '../../src/deployment/observed.ts';
import type { Look } from '../../src/deployment/partial-look.ts';
import type { HttpRequest } from '../../src/ports.ts';
import type { StepOf } from '../../src/steps/steps.ts';
import { CLONE, slot } from '../phases/observed.ts';
import { LEADS_NOWHERE, type Site, sketch } from './sketch.ts';

const STEP: StepOf<'watch-production'> = {
  kind: 'watch-production',
  purpose: 'soak',
  seconds: 60,
  tentative: false,
  because: 'it may yet fail',
};
const MARKED = { production: slot('production', { appSettings: { ZDD_INSTANCE: '20260131-k7m2x/new/1' } }) };
const marker = '20260131-k7m2x/new/1';

/** Bad in these seconds. */
function badFrom(from: number, to = Number.POSITIVE_INFINITY): Site {
  return (_url, second) => (second >= from && second < to ? 503 : 200);
}

async function watch(site: Site, step: Partial<StepOf<'watch-production'>> = {}, inputs = {}) {
  const there = sketch({ site, inputs });
  const change = await watchProduction(there.scene(MARKED), { ...STEP, ...step });
  const at = there.clock.now() / 1000;
  await there.context.eyes.close();
  return { ...there, change, at };
}

test('who stays healthy for so long is told as such, by its marker', async () => {
  const { change, at } = await watch(() => 200);
  expect(change).toEqual({ watched: { purpose: 'soak', marker, healthy: true, why: '' } });
  expect([at >= 60, at < 62]).toEqual([true, true]);
});

test('one that goes down is told at the third answer, with what was wrong', async () => {
  const { change, at } = await watch(badFrom(20), { purpose: 'after-switch' });
  expect(change.watched).toMatchObject({ purpose: 'after-switch', marker, healthy: false });
  expect(change.watched?.why).toContain('answered 503');
  expect([at >= 22, at < 24]).toEqual([true, true]);
});

test('one restart is left out in the soak, and nowhere else', async () => {
  const restarted = badFrom(20, 25);
  expect((await watch(restarted)).change.watched?.healthy).toBe(true);
  expect((await watch(restarted, { purpose: 'after-switch' })).change.watched?.healthy).toBe(false);
  expect((await watch(restarted, { purpose: 'after-switch' }, { 'max-errors': '5' })).change.watched?.healthy).toBe(
    true,
  );
});

test('it does not end on a bad answer: what comes next decides', async () => {
  const late = await watch(badFrom(59.5, 61.5), { purpose: 'after-switch' });
  expect([late.change.watched?.healthy, late.at >= 62]).toEqual([true, true]);
  expect((await watch(badFrom(59.5), { purpose: 'after-switch' })).change.watched?.healthy).toBe(false);
});

test('a watch of no time asks as well, and ends healthy only with a healthy answer', async () => {
  expect((await watch(() => 503, { seconds: 0 })).change.watched?.healthy).toBe(false);
  const { change, at } = await watch(badFrom(0, 0.5), { seconds: 0 });
  expect([change.watched?.healthy, at >= 1]).toEqual([true, true]);
});

test('how long it takes yet is told once a minute', async () => {
  const { infos } = await watch(() => 200, { seconds: 150 });
  const told = infos.filter((text) => /stayed healthy/.test(text));
  expect(told).toEqual([expect.stringMatching(/another (8[89]|90) s/), expect.stringMatching(/another (2[89]|30) s/)]);
});

test('where it is only tried whether it is well, what is wrong stays unsaid', async () => {
  expect((await watch(badFrom(5), { tentative: true })).change).toEqual({});
  expect((await watch(() => 200, { tentative: true })).change.watched?.healthy).toBe(true);
});

test('what fails beside the watch is told when it ends: Node ends a process in which nobody waits for a failure', async () => {
  const unheard: unknown[] = [];
  const hear = (error: unknown) => unheard.push(error);
  process.on('unhandledRejection', hear);
  const lost = new Error('Connection lost');
  const there = sketch({
    site: () => 200,
    inside: () => {
      throw lost;
    },
  });
  const watching = watchProduction(there.scene(MARKED), { ...STEP, purpose: 'after-switch', seconds: 10 });
  await expect(watching).rejects.toBe(lost);
  await there.context.eyes.close();
  process.off('unhandledRejection', hear);
  expect([unheard, there.clock.now() >= 10_000]).toEqual([[], true]);
});

test('right after the switch of the first app it is looked at whether the copy works on the original, and at no other time', async () => {
  const copy = { program: 'shop', host: 'web1', pid: 700 };
  const watched = async (step: Partial<StepOf<'watch-production'>>) => {
    const there = sketch({ inside: () => [copy] });
    const change = await watchProduction(there.scene(MARKED), { ...STEP, ...step });
    await there.context.eyes.close();
    return [change.watched?.healthy, there.entered.length > 0];
  };
  expect(await watched({ purpose: 'after-switch' })).toEqual([false, true]);
  expect(await watched({ purpose: 'after-switch', of: 'shop-rg/till' })).toEqual([true, false]);
  expect(await watched({ purpose: 'soak' })).toEqual([true, false]);
});

test('an illness is more urgent than where the copy works', async () => {
  const there = sketch({ site: badFrom(20) });
  const scene = there.scene({ ...LEADS_NOWHERE });
  const { watched } = await watchProduction(scene, { ...STEP, purpose: 'after-switch' });
  await there.context.eyes.close();
  expect(watched?.why).toContain('answered 503');
});

test('another app is judged by what its own production answers, and the first by its own', async () => {
  const ill = badFrom(20);
  const there = sketch({ site: (url, ...asked) => (url.host === 'till.example' ? ill(url, ...asked) : 200) });
  const till = slot('production', { host: 'till.example' });
  const { companion, ...first } = withTill(till);
  there.context.eyes.open({ ...first, companions: [companion] });
  const step = { ...STEP, purpose: 'after-switch' as const };
  const [other, own] = await Promise.all([
    watchProduction(there.scene({ production: till }), { ...step, of: companion.key }),
    watchProduction(there.scene(MARKED), { ...step, of: 'none' }),
  ]);
  await there.context.eyes.close();
  expect(other.watched).toMatchObject({ healthy: false, why: `GET / of ${companion.key} answered 503` });
  expect(own.watched?.healthy).toBe(true);
});

/** An app that moves along. */
function withTill(production: Slot) {
  return { ...MARKED, companion: { key: 'shop-rg/till', does: 'read-only', look: { production } } as Companion };
}

test('one path that hangs is told within seconds, and a watch does not end before each has answered well', async () => {
  const hangs = (from: number) => (url: URL, second: number) => url.pathname === '/slow' && second >= from;
  const watchOn = async (isHanging: (url: URL, second: number) => boolean) => {
    const clock = virtualClock(0);
    const send = async ({ url, timeoutMs = 0 }: HttpRequest, until?: AbortSignal) => {
      const isLost = isHanging(new URL(url), clock.now() / 1000);
      await clock.sleep(isLost ? timeoutMs : 10, until);
      if (isLost) throw new Error('no answer');
      return { status: 200, headers: {}, body: new Uint8Array() };
    };
    const there = sketch({ inputs: { 'smoke-paths': '/slow' }, ports: { clock, send } });
    const { watched } = await watchProduction(there.scene(MARKED), { ...STEP, purpose: 'after-switch', seconds: 20 });
    await there.context.eyes.close();
    return [watched?.healthy, clock.now() / 1000] as const;
  };
  expect(await watchOn(hangs(0))).toEqual([false, 12]);
  // What hangs in the end is no answer: /health goes on being fine.
  expect(await watchOn(hangs(19))).toEqual([false, 31]);
});

test.each<[string, Site, string]>([
  ['is well', () => 200, ''],
  ['fails', () => 503, 'answered 503'],
  ['has a bad moment', badFrom(0, 1.5), ''],
])('production that %s, asked before anything is done', async (_what, site, said) => {
  const there = sketch({ site });
  const { production, versions, illApp } = await askProduction(there.scene());
  await there.context.eyes.close();
  expect(production).toEqual(said === '' ? '' : expect.stringContaining(said));
  expect([versions, illApp]).toEqual([{}, undefined]);
  expect(there.context.eyes.seen()?.asked).toBe(site(new URL('https://a'), 0, 'GET') === 200 ? 1 : 3);
  expect(there.clock.now() < 4000).toBe(true);
});

test('of the apps that move along the one that is down is named, whatever may fail elsewhere', async () => {
  const site: Site = ({ host }) => (host === 'till.example' ? 503 : 200);
  const { companion } = withTill(slot('production', { host: 'till.example' }));
  for (const isPartial of [false, true]) {
    const there = sketch({ site, inputs: { 'max-errors': '1000' } });
    const scene = there.scene({ companions: [companion] });
    const { observed: databasePart } = scene;
    const partial = { ...databasePart, databasePart, unseen: [] } as unknown as Look;
    const asked = await askProduction(isPartial ? { ...scene, observed: partial } : scene);
    await there.context.eyes.close();
    expect(there.clock.now()).toBeLessThan(4000);
    expect(asked).toMatchObject({ illApp: companion.key, production: `GET / of ${companion.key} answered 503` });
  }
});

test('an app whose production nobody could see is not asked', async () => {
  const there = sketch();
  const { production: _unseen, ...rest } = there.scene().observed;
  const scene = { ...there.scene(), observed: { ...rest, production: undefined } };
  expect(await askProduction(scene as unknown as Parameters<typeof askProduction>[0])).toEqual({});
  expect(there.asked).toEqual([]);
});

function beside(site: Site) {
  const there = sketch({ site });
  const work = (ms: number) =>
    watchedBeside(there.scene(MARKED), 'after-switch', async ({ context }) => {
      await there.clock.sleep(ms, context.signal);
      return { production: 'done' };
    });
  return { ...there, work };
}

test('work that ends while production is well has its own result', async () => {
  const there = beside(() => 200);
  expect(await there.work(5000)).toEqual({ production: 'done' });
  expect(there.clock.now()).toBeLessThan(6000);
  // What was seen beside the work is enough.
  expect(there.asked).toHaveLength(there.context.eyes.seen()?.asked ?? 0);
  await there.context.eyes.close();
});

test('work is given up as soon as production is unhealthy, and that is what is told', async () => {
  const there = beside(badFrom(3));
  const { watched, production } = await there.work(60_000);
  expect([watched?.healthy, watched?.marker, production]).toEqual([false, marker, undefined]);
  expect(watched?.why).toContain('503');
  expect(there.clock.now()).toBeLessThan(8000);
  await there.context.eyes.close();
});

test('work that ends on a bad answer waits for a good one, or for what makes it an illness', async () => {
  const well = beside(badFrom(4.5, 6.5));
  expect(await well.work(5200)).toEqual({ production: 'done' });
  expect(well.clock.now()).toBeGreaterThan(6000);
  await well.context.eyes.close();
  // It is asked at once, and does not wait for the next look.
  const again = beside(badFrom(4.5, 5.1));
  await again.work(5200);
  expect(again.clock.now()).toBeLessThan(5300);
  await again.context.eyes.close();
  const ill = beside(badFrom(4.5));
  expect(await ill.work(5200)).toEqual({
    production: 'done',
    watched: expect.objectContaining({ healthy: false, purpose: 'after-switch' }),
  });
  await ill.context.eyes.close();
});

test('work of a moment is no reason to look away', async () => {
  const there = beside(() => 503);
  expect((await there.work(0)).watched?.healthy).toBe(false);
  await there.context.eyes.close();
});

test('what goes wrong in the work is an error, and so is a cancellation in the middle of an illness', async () => {
  const there = beside(() => 200);
  const failing = watchedBeside(there.scene(), 'soak', async () => {
    await there.clock.sleep(2500);
    throw new Error('of the work');
  });
  await expect(failing).rejects.toThrow('of the work');
  await there.context.eyes.close();
  const ill = beside(badFrom(2));
  const cancelling = watchedBeside(ill.scene(), 'soak', async ({ context }) => {
    await ill.clock.sleep(60_000, context.signal).catch(() => undefined);
    ill.cancelled.abort(new Error('cancelled'));
    throw new Error('given up');
  });
  await expect(cancelling).rejects.toThrow('given up');
});

const WRITES = { 'write-probes': 'POST /cart -> 204\nPUT /note -> 200' };
const PROVE: StepOf<'prove-writes'> = { kind: 'prove-writes', slot: 'zdd-staging', because: 'visitors write' };

test('each of the requests that write is asked in production, and the first that goes on failing is told after its patience', async () => {
  const fine = sketch({ inputs: WRITES, site: (url) => (url.pathname === '/cart' ? 204 : 200) });
  expect((await proveWrites(fine.scene(), PROVE)).done).toEqual([expect.objectContaining({ kind: 'prove-writes' })]);
  expect(fine.asked).toEqual([
    'POST shop-production.azurewebsites.net/cart',
    'PUT shop-production.azurewebsites.net/note',
  ]);
  const refusing = sketch({ inputs: WRITES, site: (url) => (url.pathname === '/cart' ? 204 : 503) });
  const { watched, done } = await proveWrites(refusing.scene(MARKED), PROVE);
  expect([watched, done]).toEqual([
    { purpose: 'soak', marker, healthy: false, why: 'PUT /note answered 503 instead of 200' },
    undefined,
  ]);
  expect([refusing.clock.now() >= 60_000, refusing.clock.now() < 64_000]).toEqual([true, true]);
  expect(refusing.warnings[0]).toContain('Visitors may not be able to write');
});

test('one that fails for a while only is waited for, three seconds at a time', async () => {
  const site: Site = (url, second) => (url.pathname !== '/cart' ? 200 : second < 10 ? 503 : 204);
  const there = sketch({ inputs: WRITES, site });
  expect((await proveWrites(there.scene(), PROVE)).watched).toBeUndefined();
  expect(there.asked.filter((each) => /cart/.test(each))).toHaveLength(5);
  expect(there.entered).not.toContain(CLONE);
});
