import type { Plan } from '../azure/site-shapes.ts';
import { getPlan, listSites, listSlots } from '../azure/sites.ts';
import type { Scene } from '../context/scene.ts';
import { type Seen, see } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import { groupOf, shell } from '../deployment/commands.ts';
import type { AppLook } from '../deployment/observed.ts';
import { leastFor, scaleUp, slotLimit } from '../deployment/plan-sizes.ts';
import type { Settings } from '../settings/settings.ts';
import { failed, listed, notLookedAt, passed, warning } from './verdicts.ts';

const NAME = 'App Service plan';

/** Whether the plan has room for the slots that are still to be made, and what scaling it up would mean. */
export async function checkPlanRoom({ context, settings, observed }: Scene<AppLook>): Promise<readonly Check[]> {
  const { arm, signal, app } = context;
  const { id, site } = observed.production;
  const [plan, slots, sites] = await Promise.all([
    see(signal, () => getPlan(arm, site.serverFarmId)),
    see(signal, async () => (await listSlots(arm, id)).map(({ slot }) => slot)),
    settings.planSku === undefined ? { value: [] } : see(signal, () => listSites(arm, app.subscriptionId)),
  ]);
  const beside = sites.value
    ?.filter((other) => lower(other.serverFarmId) === lower(site.serverFarmId) && lower(other.id) !== lower(id))
    .map(({ name }) => name);
  return [planRoom(settings, observed, plan, slots, beside)];
}

/** Pure: the plan, the names of all slots in addition to production, and of the other apps in the plan where they could be seen. */
export function planRoom(
  settings: Settings,
  observed: AppLook,
  plan: Seen<Plan | null>,
  slots: Seen<readonly string[]>,
  beside: readonly string[] | undefined,
): Check {
  if (slots.why !== undefined) return notLookedAt(NAME, slots.why);
  if (!plan.value) return notLookedAt(NAME, plan.why ?? 'The identity may not read the App Service plan.');
  const { name, tier, size } = plan.value;
  const limit = slotLimit(tier);
  const update = `az appservice plan update --resource-group ${shell(groupOf(plan.value.id))} --name ${shell(name)} --sku`;
  if (limit === undefined) return warning(NAME, `How many slots tier ${tier} has is not known here.`, `${update} S1`);
  const missing = [
    observed.readonlySlot ? [] : [settings.readonlySlot],
    observed.stagingSlot ? [] : [settings.stagingSlot],
  ].flat();
  const needed = slots.value.length + missing.length;
  const has = `Plan ${name} (${tier} ${size}) has ${limit} slots in addition to production, ${slots.value.length} in use`;
  if (limit >= needed)
    return passed(NAME, missing.length === 0 ? `${has}; ours exist.` : `${has}; ${listed(missing)} will be made.`);
  const found = `${has}: there is no room for ${listed(missing)}.`;
  const { planSku } = settings;
  if (planSku === undefined) {
    const least = leastFor(plan.value, needed);
    const itself = scaleUp(plan.value, least, needed).kind === 'possible';
    const also = itself ? ` With plan-sku: ${least} "read-only" scales it up.` : '';
    return failed(NAME, `${found}${also}`, `${update} ${least}`);
  }
  const can = scaleUp(plan.value, planSku, needed);
  if (can.kind === 'refused') {
    const fix = can.instead ? `plan-sku: ${can.instead}` : `${update} S1`;
    return failed(NAME, `${found} It is not scaled to ${planSku}: ${can.why}.`, fix);
  }
  const others = beside === undefined ? 'whatever else is in the plan' : listed(beside) || 'no other app';
  return warning(
    NAME,
    `${found} ${settings.slotUsers ? '"clone"' : '"read-only"'} scales it from ${size} to ${planSku}: production's instances are replaced, and those of ${others}, for which visitors may wait; it costs more from then on (https://azure.microsoft.com/pricing/details/app-service/), and stays so, because slots need it.`,
    `To do it at a quiet hour instead: ${update} ${planSku}`,
  );
}

function lower(text: string): string {
  return text.toLowerCase();
}
