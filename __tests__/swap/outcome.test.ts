import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { outcomeOf, type SwapEvidence, type SwapLook } from '../../src/swap/outcome.ts';

const AT = Date.parse('2026-01-31T14:00:00.000Z');
const SETTLE_MS = 180_000;

const intent = {
  number: 1,
  purpose: 'switch' as const,
  source: 'zdd-readonly',
  sourceMarker: 'id/read-only/1',
  productionMarker: '',
  swapStatusBefore: 'before',
  at: new Date(AT).toISOString(),
};

const pictures = {
  exchanged: { productionMarker: 'id/read-only/1', sourceMarker: '' },
  asBefore: { productionMarker: '', sourceMarker: 'id/read-only/1' },
  halfway: { productionMarker: 'id/read-only/1', sourceMarker: 'id/read-only/1' },
};

const refused = { code: 'CannotSwap', message: 'no', requestId: '', status: 409 };
const blind: SwapEvidence = { ownPoll: 'unknown', wroteAt: undefined, settleMs: SETTLE_MS };

/** One look `second` seconds after the intent. */
function look(picture: keyof typeof pictures, second: number, differences: Partial<SwapLook> = {}): SwapLook {
  const at = AT + second * 1000;
  return {
    at,
    azureTime: at,
    swappedAt: 'before',
    sourceIsGone: false,
    namesSource: false,
    ...pictures[picture],
    ...differences,
  };
}

/** Two looks that agree, far enough apart. */
function twice(picture: keyof typeof pictures, second = 20, differences: Partial<SwapLook> = {}): SwapLook[] {
  return [look(picture, second - 11, differences), look(picture, second, differences)];
}

/** Production alone, because the slot was deleted. */
function gone(productionMarker: string, second: number): SwapLook[] {
  return twice('asBefore', second, { productionMarker, sourceMarker: '', sourceIsGone: true });
}

const NEWER = { swappedAt: 'later', namesSource: true };

describe('one case a line', () => {
  test.each<[string, readonly SwapLook[], Partial<SwapEvidence>, string]>([
    ['nobody has looked', [], {}, 'look-again'],
    ['exchanged, and our poll saw the end', twice('exchanged'), { ownPoll: 'succeeded' }, 'happened'],
    ['exchanged, and Azure names our swap', twice('exchanged', 20, NEWER), {}, 'happened'],
    ['exchanged, and a write was accepted', twice('exchanged'), { wroteAt: AT }, 'happened'],
    ['exchanged, but nothing says that it is over', twice('exchanged'), {}, 'write-to-other'],
    ['the slot was deleted after the swap', gone('id/read-only/1', 200), {}, 'happened'],
    ['the slot was deleted, and nothing came of the swap', gone('', 200), {}, 'did-not-happen'],
    ['the slot was deleted, and Azure may still be at it', gone('', 100), {}, 'look-again'],
    ['the slot was deleted, seen once', gone('', 200).slice(1), {}, 'look-again'],
    ['the slot was deleted, and production is another one', gone('other', 200), {}, 'drifted'],
    ['exchanged in one look only', [look('exchanged', 20)], { ownPoll: 'succeeded' }, 'look-again'],
    [
      'exchanged in two looks too near',
      [look('exchanged', 20), look('exchanged', 29)],
      { ownPoll: 'succeeded' },
      'look-again',
    ],
    ['exchanged, but an error came', twice('exchanged'), { ownPoll: refused }, 'write-to-other'],
    ['as before, and Azure refused', twice('asBefore'), { ownPoll: refused }, 'did-not-happen'],
    [
      'as before, though Azure said success: it may show late',
      twice('asBefore'),
      { ownPoll: 'succeeded' },
      'look-again',
    ],
    [
      'as before, though Azure said success, settled, a write was accepted',
      twice('asBefore', 200),
      { ownPoll: 'succeeded', wroteAt: AT + SETTLE_MS },
      'did-not-happen',
    ],
    ['as before, nothing known, settling', twice('asBefore'), {}, 'look-again'],
    ['as before, nothing known, settled', twice('asBefore', 181), {}, 'write-to-other'],
    ['as before, settled, a write was accepted', twice('asBefore', 200), { wroteAt: AT + SETTLE_MS }, 'did-not-happen'],
    [
      'as before, a write was accepted too early',
      twice('asBefore', 200),
      { wroteAt: AT + SETTLE_MS - 1 },
      'write-to-other',
    ],
    ['as before, a write was accepted, settling', twice('asBefore', 60), { wroteAt: AT + 30_000 }, 'look-again'],
    ['as before, but Azure names our swap: settings may show late', twice('asBefore', 20, NEWER), {}, 'look-again'],
    [
      'as before long after, but Azure names our swap: undone by hand',
      twice('asBefore', 200, NEWER),
      { wroteAt: AT + SETTLE_MS },
      'drifted',
    ],
    ['neither nor', [look('halfway', 20)], {}, 'write-to-other'],
    ['neither nor, after a write, once', [look('halfway', 20)], { wroteAt: AT }, 'look-again'],
    ['neither nor, after a write, twice: one of both may show late', twice('halfway'), { wroteAt: AT }, 'look-again'],
    ['neither nor, after a write, twice, settled', twice('halfway', 200), { wroteAt: AT }, 'drifted'],
  ])('%s', (_name, looks, evidence, kind) => {
    expect(outcomeOf(intent, looks, { ...blind, ...evidence }).kind).toBe(kind);
  });
});

const anyLook = fc.record({
  picture: fc.constantFrom<keyof typeof pictures>('exchanged', 'asBefore', 'halfway'),
  second: fc.integer({ min: 0, max: 400 }),
  isNewer: fc.boolean(),
});
const anyLooks = fc
  .array(anyLook, { minLength: 1, maxLength: 6 })
  .map((looks) => looks.sort((a, b) => a.second - b.second))
  .map((looks) => looks.map((each) => look(each.picture, each.second, each.isNewer ? NEWER : {})));
const anyEvidence = fc.record({
  ownPoll: fc.constantFrom<SwapEvidence['ownPoll']>('succeeded', 'unknown', refused),
  wroteAt: fc.option(fc.integer({ min: AT, max: AT + 400_000 }), { nil: undefined }),
  settleMs: fc.constant(SETTLE_MS),
});

test('what decides is what production shows in two looks, never one', () => {
  fc.assert(
    fc.property(anyLooks, anyEvidence, (looks, evidence) => {
      const { kind } = outcomeOf(intent, looks, evidence);
      const last = looks.at(-1);
      if (kind !== 'happened' && kind !== 'did-not-happen') return;
      const wanted = kind === 'happened' ? pictures.exchanged : pictures.asBefore;
      expect(last).toMatchObject(wanted);
      const earlier = looks.filter((each) => (last?.at ?? 0) - each.at >= 10_000);
      expect(earlier.some((each) => each.productionMarker === wanted.productionMarker)).toBe(true);
    }),
  );
});

test('whoever must look again is told when and why: at once where nobody has looked, otherwise after a pause of a quarter of a minute at most', () => {
  expect(outcomeOf(intent, [], blind)).toMatchObject({ kind: 'look-again', afterMs: 0 });
  fc.assert(
    fc.property(anyLooks, anyEvidence, fc.boolean(), (looks, evidence, sourceIsGone) => {
      const found = outcomeOf(
        intent,
        looks.map((each) => ({ ...each, sourceIsGone })),
        evidence,
      );
      if (found.kind !== 'look-again') return;
      expect(found.why).toBeTruthy();
      expect(found.afterMs).toBeGreaterThan(0);
      expect(found.afterMs).toBeLessThanOrEqual(15_000);
    }),
  );
});

test('without a sign that the swap is over nothing is decided', () => {
  fc.assert(
    fc.property(anyLooks, (looks) => {
      const unsigned = looks.map((each) => ({ ...each, swappedAt: 'before', namesSource: false }));
      expect(['look-again', 'write-to-other']).toContain(outcomeOf(intent, unsigned, blind).kind);
    }),
  );
});

test('more evidence of the same picture never turns the outcome round', () => {
  fc.assert(
    fc.property(anyLooks, anyEvidence, anyEvidence, (looks, one, other) => {
      const kinds = new Set([outcomeOf(intent, looks, one).kind, outcomeOf(intent, looks, other).kind]);
      expect(kinds.has('happened') && kinds.has('did-not-happen')).toBe(false);
    }),
  );
});

const own = (ownPoll: SwapEvidence['ownPoll']) => ({ ...blind, ownPoll });
const wrote = (second: number) => ({ ...blind, wroteAt: AT + second * 1000 });
const HALF_EXCHANGED = { productionMarker: 'another', sourceMarker: '' };
const HALF_AS_BEFORE = { productionMarker: '', sourceMarker: 'another' };

test.each<[string, readonly SwapLook[], SwapEvidence, string]>([
  ['came, and production is another one', twice('exchanged', 20, HALF_EXCHANGED), own('succeeded'), 'write-to-other'],
  ['did not come, and the slot is another one', twice('asBefore', 20, HALF_AS_BEFORE), own(refused), 'write-to-other'],
  [
    'came, and Azure names a newer swap of another slot',
    twice('exchanged', 20, { swappedAt: 'later' }),
    blind,
    'write-to-other',
  ],
  ['came, and Azure names the one before', twice('exchanged', 20, { namesSource: true }), blind, 'write-to-other'],
  ['was refused, and Azure names it: settings may show late', twice('asBefore', 20, NEWER), own(refused), 'look-again'],
  [
    'came, while the slot showed another one ten seconds before',
    [look('halfway', 9), look('exchanged', 20)],
    own('succeeded'),
    'look-again',
  ],
  [
    'came, in two looks just ten seconds apart',
    [look('exchanged', 10), look('exchanged', 20)],
    own('succeeded'),
    'happened',
  ],
  ['left another picture long ago, seen once', [look('halfway', 200)], wrote(190), 'look-again'],
  ['left another picture, when its time is just over', twice('halfway', 180), wrote(170), 'drifted'],
  ['changed nothing, when its time is just over', twice('asBefore', 180), blind, 'write-to-other'],
  ['has no slot any more, when its time is just over', gone('', 180), blind, 'did-not-happen'],
  ['has no slot any more, and was refused', gone('', 100), own(refused), 'did-not-happen'],
  ['has no slot any more, and came', gone('id/read-only/1', 100), own('succeeded'), 'happened'],
])('a swap that %s', (_what, looks, evidence, kind) => {
  expect(outcomeOf(intent, looks, evidence).kind).toBe(kind);
});

test('visitors were moved when Azure says it, where it means this swap, and nobody knows when where it means another', () => {
  const at = (looks: readonly SwapLook[]) => outcomeOf(intent, looks, own('succeeded'));
  expect(at(twice('exchanged', 20, NEWER))).toEqual({ kind: 'happened', at: 'later' });
  const without = gone('id/read-only/1', 200);
  expect(at(without.map((each) => ({ ...each, ...NEWER })))).toEqual({ kind: 'happened', at: 'later' });
  for (const other of [{}, { swappedAt: 'later' }, { namesSource: true }]) {
    expect(at(twice('exchanged', 20, other))).toEqual({ kind: 'happened', at: '' });
    expect(at(without.map((each) => ({ ...each, ...other })))).toEqual({ kind: 'happened', at: '' });
  }
});

test.each<[string, readonly SwapLook[], SwapEvidence, number]>([
  ['nothing has changed, and there is time', twice('asBefore', 20), blind, 15_000],
  ['nothing has changed, and the time is soon over', twice('asBefore', 175), blind, 5000],
  ['the slot is not there, and there is time', gone('', 20), blind, 15_000],
  ['the slot is not there, and the time is soon over', gone('', 175), blind, 5000],
  ['the slot is not there, seen once', gone('', 200).slice(1), blind, 10_000],
  ['production shows the other instance, seen once', [look('exchanged', 20)], own('succeeded'), 10_000],
  ['production shows the same instance, seen once', [look('asBefore', 20)], own(refused), 10_000],
  ['the slots show something else', [look('halfway', 20)], wrote(10), 10_000],
])('the next look comes in its time: %s', (_what, looks, evidence, afterMs) => {
  expect(outcomeOf(intent, looks, evidence)).toMatchObject({ kind: 'look-again', afterMs });
});

test('what no swap leaves is told with all that was there and is there, and with what to do', () => {
  const known = { ...intent, productionMarker: 'of-live' };
  const seen = (productionMarker: string, sourceMarker: string) =>
    twice('halfway', 200, { productionMarker, sourceMarker });
  expect(outcomeOf(known, seen('x', 'y'), wrote(190))).toEqual({
    kind: 'drifted',
    found:
      'After swap 1 production shows the marker "x" and slot zdd-readonly "y"; before it they were "of-live" and "id/read-only/1".',
    fix: expect.stringMatching(/by a swap in the portal, then run the phase again\.$/),
  });
  expect(outcomeOf(known, seen('', ''), wrote(190))).toMatchObject({
    found: expect.stringContaining('shows the marker "none" and slot zdd-readonly "none"; before'),
  });
  const without = seen('x', '').map((each) => ({ ...each, sourceIsGone: true }));
  expect(outcomeOf(intent, without, blind)).toEqual({
    kind: 'drifted',
    found:
      'Slot zdd-readonly does not exist any more, and production shows the marker "x"; before swap 1 it was "none".',
    fix: expect.stringMatching(/Remove the tag zdd-swap-intent .* run "status"\.$/),
  });
  expect(outcomeOf(intent, twice('asBefore', 200, NEWER), wrote(190))).toEqual({
    kind: 'drifted',
    found: expect.stringMatching(/was carried out at later, and then somebody swapped back\.$/),
    fix: expect.stringMatching(/Remove the tag zdd-swap-intent .* run the phase again\.$/),
  });
});
