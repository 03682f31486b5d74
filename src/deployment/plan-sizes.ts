import type { Plan } from '../azure/site-shapes.ts';

/**
 * Slots in addition to production, by tier; undefined for a tier that is not known here.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#app-service-limits
 */
export function slotLimit(tier: string): number | undefined {
  return SLOTS.find(([tiers]) => tiers.test(tier))?.[1];
}

const SLOTS: readonly (readonly [RegExp, number])[] = [
  [/^(Free|Shared|Basic|Dynamic|ElasticPremium|FlexConsumption)/i, 0],
  [/^Standard/i, 5],
  [/^(Premium|Isolated|WorkflowStandard)/i, 20],
];

interface Size {
  readonly tier: string;
  readonly cores: number;
  /** GB of each instance. */
  readonly memory: number;
}

/** https://azure.microsoft.com/pricing/details/app-service/windows/ */
const SIZES: Readonly<Record<string, Size>> = {
  B1: { tier: 'Basic', cores: 1, memory: 1.75 },
  B2: { tier: 'Basic', cores: 2, memory: 3.5 },
  B3: { tier: 'Basic', cores: 4, memory: 7 },
  S1: { tier: 'Standard', cores: 1, memory: 1.75 },
  S2: { tier: 'Standard', cores: 2, memory: 3.5 },
  S3: { tier: 'Standard', cores: 4, memory: 7 },
  P0V3: { tier: 'Premium0V3', cores: 1, memory: 4 },
  P1V3: { tier: 'PremiumV3', cores: 2, memory: 8 },
  P2V3: { tier: 'PremiumV3', cores: 4, memory: 16 },
  P3V3: { tier: 'PremiumV3', cores: 8, memory: 32 },
};

/** What input `plan-sku` can be: sizes with slots. */
export const SKUS: readonly string[] = Object.keys(SIZES).filter((name) => (slotLimit(tierOf(name)) ?? 0) > 0);

/** The tier of a size that is known here. */
export function tierOf(sku: string): string {
  return SIZES[sku]?.tier ?? '';
}

/** The least size with this many slots that is no smaller than what the plan has now, and runs what it runs. */
export function leastFor(plan: Plan, slots: number): string {
  const fits = (sku: string) => !plan.runsWindowsContainers || tierOf(sku) === 'PremiumV3';
  const has = (sku: string) => (slotLimit(tierOf(sku)) ?? 0) >= slots;
  return SKUS.find((sku) => has(sku) && fits(sku) && !isSmaller(sku, plan.size)) ?? 'P1V3';
}

/** Whether a plan is brought to a size so that its apps have that many slots: not needed, possible, or why not. */
export type ScaleUp =
  | { readonly kind: 'needless' | 'possible' }
  | { readonly kind: 'refused'; readonly why: string; readonly instead?: string };

/** Pure: only up, from tiers whose instances are their own, and to no smaller instances. */
export function scaleUp(plan: Plan, sku: string, slots: number): ScaleUp {
  const { name, tier, size } = plan;
  const limit = slotLimit(tier);
  if (limit === undefined) return { kind: 'refused', why: `what tier ${tier} of plan ${name} can is not known here` };
  if (limit >= slots) return { kind: 'needless' };
  if (!/^(Basic|Standard)$/i.test(tier)) {
    return {
      kind: 'refused',
      why: `plan ${name} (${tier} ${size}) has no instances of its own that could be scaled up`,
    };
  }
  const instead = leastFor(plan, slots);
  if (plan.runsWindowsContainers && !/^P/.test(sku))
    return { kind: 'refused', why: `plan ${name} runs Windows containers, which need Premium V3`, instead };
  if ((slotLimit(tierOf(sku)) ?? 0) < slots)
    return { kind: 'refused', why: `${sku} has ${slotLimit(tierOf(sku))} slots, and ${slots} are needed`, instead };
  if (isSmaller(sku, size))
    return { kind: 'refused', why: `${sku} is smaller than ${size}, which plan ${name} has now`, instead };
  return { kind: 'possible' };
}

function isSmaller(sku: string, than: string): boolean {
  const [one, other] = [SIZES[sku], SIZES[than.toUpperCase()]];
  return one !== undefined && other !== undefined && (one.cores < other.cores || one.memory < other.memory);
}
