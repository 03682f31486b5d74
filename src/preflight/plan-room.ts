import type { Plan } from '../azure/site-shapes.ts';
import { getPlan, listSlots } from '../azure/sites.ts';
import type { Scene } from '../context/scene.ts';
import { type Seen, see } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import { groupOf, shell } from '../deployment/commands.ts';
import type { AppLook } from '../deployment/observed.ts';
import type { Settings } from '../settings/settings.ts';
import { allFine, failed, listed, notLookedAt, warning } from './verdicts.ts';

const NAME = 'App Service plan';

/**
 * Slots in addition to production, by tier.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#app-service-limits
 */
const SLOTS: readonly (readonly [RegExp, number])[] = [
  [/^(Free|Shared|Basic|Dynamic|ElasticPremium|FlexConsumption)/i, 0],
  [/^Standard/i, 5],
  [/^(Premium|Isolated|WorkflowStandard)/i, 20],
];

/** Whether the plan has room for the slots that are still to be made. */
export async function checkPlanRoom({ context, settings, observed }: Scene<AppLook>): Promise<readonly Check[]> {
  const { arm, signal } = context;
  const [plan, slots] = await Promise.all([
    see(signal, () => getPlan(arm, observed.production.site.serverFarmId)),
    see(signal, async () => (await listSlots(arm, observed.production.id)).map(({ slot }) => slot)),
  ]);
  return planRoom(settings, observed, plan, slots);
}

/** Pure: the plan and the names of all slots in addition to production. */
export function planRoom(
  settings: Settings,
  observed: AppLook,
  plan: Seen<Plan | null>,
  slots: Seen<readonly string[]>,
): readonly Check[] {
  if (slots.why !== undefined) return [notLookedAt(NAME, slots.why)];
  if (!plan.value) return [notLookedAt(NAME, plan.why ?? 'The identity may not read the App Service plan.')];
  const { name, tier, size } = plan.value;
  const limit = SLOTS.find(([tiers]) => tiers.test(tier))?.[1];
  const missing = [
    observed.readonlySlot ? [] : [settings.readonlySlot],
    observed.stagingSlot ? [] : [settings.stagingSlot],
  ].flat();
  const update = `az appservice plan update --resource-group ${shell(groupOf(plan.value.id))} --name ${shell(name)} --sku`;
  if (limit === undefined) {
    return [warning(NAME, `How many slots tier ${tier} has is not known here.`, `${update} S1`)];
  }
  const free = limit - slots.value.length;
  const has = `Plan ${name} (${tier} ${size}) has ${limit} slots in addition to production, ${slots.value.length} in use`;
  return allFine(
    NAME,
    missing.length === 0 ? `${has}; ours exist.` : `${has}; ${listed(missing)} will be made.`,
    free >= missing.length
      ? []
      : [
          failed(
            NAME,
            `${has}: there is no room for ${listed(missing)}.`,
            limit === 0 || limit >= 20 ? `${update} ${limit === 0 ? 'S1' : 'P1V3'}` : `${update} P1V3`,
          ),
        ],
  );
}
