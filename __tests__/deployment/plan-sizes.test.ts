import { expect, test } from '@jest/globals';
import type { Plan } from '../../src/azure/site-shapes.ts';
import { leastFor, SKUS, scaleUp, slotLimit, tierOf } from '../../src/deployment/plan-sizes.ts';

const plan = (size: string, differences: Partial<Plan> = {}): Plan => ({
  id: '/plans/plan',
  name: 'plan',
  tier: tierOf(size) || 'Basic',
  size,

  runsWindowsContainers: false,
  ...differences,
});

const slotsOf = (sku: string) => slotLimit(tierOf(sku)) ?? 0;

test('only sizes with slots are offered', () => {
  expect(SKUS.filter((sku) => slotsOf(sku) < 5)).toEqual([]);
  expect(SKUS).toEqual(expect.arrayContaining(['S1', 'P1V3']));
  expect(['Free', 'Shared', 'Basic', 'Dynamic'].map(slotLimit)).toEqual([0, 0, 0, 0]);
  expect(['Standard', 'Premium0V3', 'PremiumV2', 'PremiumV3', 'IsolatedV2'].map(slotLimit)).toEqual([
    5, 20, 20, 20, 20,
  ]);
  expect(slotLimit('Nonsense')).toBeUndefined();
});

test('what is proposed has the slots, and is possible; a smaller size never is', () => {
  for (const size of ['B1', 'B2', 'B3', 'S1', 'S2', 'S3'])
    for (const slots of [2, 5, 6, 20]) {
      const sku = leastFor(plan(size), slots);
      expect([size, slots, slotsOf(sku) >= slots]).toEqual([size, slots, true]);
      const { kind } = scaleUp(plan(size), sku, slots);
      expect([size, slots, kind]).toEqual([size, slots, slotsOf(size) >= slots ? 'needless' : 'possible']);
    }
  expect(scaleUp(plan('B3'), 'S1', 2)).toMatchObject({
    kind: 'refused',
    why: expect.stringMatching(/smaller than B3/),
  });
  expect(leastFor(plan('B1'), 2)).toBe('S1');
  expect(leastFor(plan('B1'), 6)).toMatch(/^P/);
});

test('what cannot be scaled up, or need not be, says so', () => {
  expect(scaleUp(plan('P1V3'), 'P2V3', 2)).toEqual({ kind: 'needless' });
  expect(scaleUp(plan('F1', { tier: 'Free' }), 'S1', 2)).toMatchObject({ kind: 'refused' });
  expect(scaleUp(plan('X1', { tier: 'Nonsense' }), 'S1', 2)).toMatchObject({ kind: 'refused' });
  expect(scaleUp(plan('S1'), 'S2', 6)).toMatchObject({ kind: 'refused', why: 'S2 has 5 slots, and 6 are needed' });
  expect(scaleUp(plan('B1', { runsWindowsContainers: true }), 'S1', 2)).toMatchObject({ instead: 'P1V3' });
});

test('whoever asked for a size that will not do is told one that will, or that none can', () => {
  for (const size of ['B1', 'B3', 'S1', 'S3'])
    for (const sku of SKUS)
      for (const slots of [2, 6, 20])
        for (const runsWindowsContainers of [false, true]) {
          const asked = plan(size, { runsWindowsContainers });
          const answer = scaleUp(asked, sku, slots);
          if (answer.kind !== 'refused') continue;
          expect([size, sku, slots, scaleUp(asked, answer.instead ?? 'none', slots).kind]).toEqual([
            ...[size, sku, slots],
            'possible',
          ]);
        }
});

test('why a size will not do is said by what is in the way', () => {
  const why = (of: Plan, sku: string, slots = 6) => {
    const answer = scaleUp(of, sku, slots);
    return answer.kind === 'refused' ? answer.why : answer.kind;
  };
  expect(why(plan('X1', { tier: 'Nonsense' }), 'P1V3')).toContain('Nonsense');
  expect(why(plan('F1', { tier: 'Free' }), 'P1V3')).toContain('no instances of its own');
  expect(why(plan('B1', { runsWindowsContainers: true }), 'S1', 2)).toContain('Windows containers');
  // Fewer cores are less, whatever the memory.
  expect(why(plan('B2'), 'P0V3')).toContain('P0V3 is smaller than B2');
  expect(why(plan('b3'), 'P1V3')).toContain('P1V3 is smaller than b3');
  expect(why(plan('B2'), 'P1V3')).toBe('possible');
});

test('a size with as many cores and less memory is a smaller one', () => {
  expect(['S1', 'S2']).not.toContain(leastFor(plan('P0V3'), 2));
});
