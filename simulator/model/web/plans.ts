import type { Answer } from '../arm/answer.ts';
import { type ArmCall, isJson, propertiesOf, unmodelled } from '../arm/call.ts';
import { notFound, webRefusal } from '../arm/refusal.ts';
import type { World } from '../world.ts';
import { restart } from './instances.ts';
import { planIdOf } from './lookup.ts';
import { schedule } from './pending.ts';
import type { Plan, Site } from './state.ts';

/** Deployment slots in addition to production, by tier. https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#app-service-limits */
const SLOTS: Readonly<Record<string, number>> = {
  Free: 0,
  Shared: 0,
  Basic: 0,
  Standard: 5,
  Premium: 20,
  PremiumV2: 20,
  Premium0V3: 20,
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

/**
 * `PUT serverfarms/{plan}`: another size, kept by Azure at once, and a little later other instances for every app in the plan. Slots
 * that the new size has no room for are refused.
 */
export function updatePlan(call: ArmCall): Answer {
  const { world, now } = call;
  const { plan: name = '' } = call.names;
  const plan = plansOf(call).find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (plan === undefined) throw unmodelled(call);
  const body = isJson(call.body) ? call.body : {};
  const sku = isJson(body.sku) ? body.sku : {};
  const properties = propertiesOf(call.body);
  if (properties.reserved !== undefined && properties.reserved !== plan.reserved)
    throw webRefusal(409, 'Conflict', 'Changing the operating system of an App Service plan is not supported.');
  const wanted = {
    ...plan,
    sku: {
      name: String(sku.name ?? plan.sku.name),
      tier: String(sku.tier ?? plan.sku.tier),
      family: String(sku.family ?? String(sku.name ?? plan.sku.name).slice(0, 1)),
      capacity: Number(sku.capacity ?? plan.sku.capacity),
    },
  };
  const inUse = Math.max(0, ...sitesIn(world, plan).map((site) => Object.keys(site.slots).length - 1));
  if (inUse > slotLimit(wanted))
    throw webRefusal(409, 'Conflict', `The number of slots (${inUse}) exceeds what ${wanted.sku.tier} allows.`);
  world.web.plans[plan.name.toLowerCase()] = wanted;
  if (wanted.sku.name !== plan.sku.name)
    schedule(world, { kind: 'plan-scaled', at: now + world.durations.planScale, plan: plan.name });
  return { status: 200, body: planBody(world, wanted), delayMs: 5000 };
}

/** Every app of the plan gets other instances. In variant `scale-up-interrupts` nobody answers until they are there. */
export function replaceInstances(world: World, name: string, now: number): void {
  const plan = world.web.plans[name.toLowerCase()];
  if (plan === undefined) return;
  for (const slot of sitesIn(world, plan).flatMap((site) => Object.values(site.slots))) {
    restart(world, slot, now);
    if (world.variants['scale-up-interrupts']) slot.unavailableUntil = now + SCALE_GAP_MS;
  }
}

const SCALE_GAP_MS = 40_000;

function sitesIn(world: World, plan: Plan): readonly Site[] {
  return Object.values(world.web.sites).filter((site) => site.plan.toLowerCase() === plan.name.toLowerCase());
}

function plansOf(call: ArmCall): readonly Plan[] {
  const group = call.path.resourceGroup;
  return Object.values(call.world.web.plans).filter(
    (plan) => group === undefined || plan.resourceGroup.toLowerCase() === group.toLowerCase(),
  );
}

function planBody(world: World, plan: Plan): Record<string, unknown> {
  const sites = sitesIn(world, plan);
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
