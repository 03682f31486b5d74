import type { Answer } from '../arm/answer.ts';
import type { ArmCall } from '../arm/call.ts';
import { notFound } from '../arm/refusal.ts';
import type { World } from '../world.ts';
import { planIdOf } from './lookup.ts';
import type { Plan } from './state.ts';

/** Deployment slots in addition to production, by tier. https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#app-service-limits */
const SLOTS: Readonly<Record<string, number>> = {
  Free: 0,
  Shared: 0,
  Basic: 0,
  Standard: 5,
  Premium: 20,
  PremiumV2: 20,
  PremiumV3: 20,
  Isolated: 20,
  IsolatedV2: 20,
};

/** How many slots in addition to production an app on this plan may have. */
export function slotLimit(plan: Plan): number {
  const limit = SLOTS[plan.sku.tier];
  if (limit === undefined) throw new Error(`There is no App Service plan tier ${plan.sku.tier}.`);
  return limit;
}

/** `GET serverfarms` */
export function listPlans(call: ArmCall): Answer {
  return { status: 200, body: { value: plansOf(call).map((plan) => planBody(call.world, plan)) } };
}

/** `GET serverfarms/{plan}` */
export function showPlan(call: ArmCall): Answer {
  const { plan: name = '' } = call.names;
  const plan = plansOf(call).find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (plan === undefined) throw notFound(`Microsoft.Web/serverfarms/${name}`, call.path.resourceGroup ?? '');
  return { status: 200, body: planBody(call.world, plan) };
}

function plansOf(call: ArmCall): readonly Plan[] {
  const group = call.path.resourceGroup;
  return Object.values(call.world.web.plans).filter(
    (plan) => group === undefined || plan.resourceGroup.toLowerCase() === group.toLowerCase(),
  );
}

function planBody(world: World, plan: Plan): Record<string, unknown> {
  const sites = Object.values(world.web.sites).filter((site) => site.plan.toLowerCase() === plan.name.toLowerCase());
  const { name, tier, family, capacity } = plan.sku;
  return {
    id: planIdOf(world, plan),
    name: plan.name,
    type: 'Microsoft.Web/serverfarms',
    kind: plan.reserved ? 'linux' : 'app',
    location: plan.location,
    properties: {
      name: plan.name,
      status: 'Ready',
      numberOfWorkers: capacity,
      currentNumberOfWorkers: capacity,
      maximumNumberOfWorkers: 10,
      numberOfSites: sites.reduce((count, site) => count + Object.keys(site.slots).length, 0),
      geoRegion: plan.location,
      perSiteScaling: false,
      reserved: plan.reserved,
      isXenon: false,
      hyperV: false,
      resourceGroup: plan.resourceGroup,
      provisioningState: 'Succeeded',
      zoneRedundant: false,
    },
    sku: { name, tier, size: name, family, capacity },
  };
}
