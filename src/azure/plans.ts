import type { Arm } from './arm.ts';
import { read, web } from './requests.ts';

const SLOW_MS = 600_000;

/** The resource as Azure sends it. */
interface PlanWire {
  readonly location: string;
  readonly kind?: string | null;
  readonly tags?: Readonly<Record<string, string>> | null;
  readonly sku?: { readonly name?: string; readonly tier?: string; readonly capacity?: number } | null;
  readonly properties?: Readonly<Record<string, unknown>> | null;
}

/** How far a plan has come in a change of its size. */
export interface PlanState {
  /** Such as `B1`. */
  readonly size: string;
  readonly isSettled: boolean;
}

export async function planState(arm: Arm, id: string): Promise<PlanState> {
  const { sku, properties } = await readPlan(arm, id);
  const { provisioningState, status } = properties ?? {};
  return {
    size: sku?.name ?? '',
    isSettled: !/progress|creating|pending|updating/i.test(`${provisioningState} ${status}`),
  };
}

/**
 * Gives a plan another size, and nothing else: there is no PATCH of the size, so the resource just read is sent back with it. Its
 * instances, of every app in it, are replaced. https://learn.microsoft.com/rest/api/appservice/app-service-plans/create-or-update
 */
export async function scalePlan(
  arm: Arm,
  id: string,
  sku: { readonly name: string; readonly tier: string },
): Promise<void> {
  const { location, kind, tags, sku: before, properties } = await readPlan(arm, id);
  const kept = Object.entries(properties ?? {}).filter(([name, value]) => WRITTEN.has(name) && value !== null);
  const body = {
    location,
    ...(kind ? { kind } : {}),
    tags: tags ?? {},
    sku: { ...sku, ...(before?.capacity === undefined ? {} : { capacity: before.capacity }) },
    properties: Object.fromEntries(kept),
  };
  await web(arm, 'scale the App Service plan', 'PUT', id, { body, timeoutMs: SLOW_MS });
}

/** What of a plan is written, beside its size. */
const WRITTEN = new Set([
  'asyncScalingEnabled',
  'elasticScaleEnabled',
  'hostingEnvironmentProfile',
  'hyperV',
  'isSpot',
  'isXenon',
  'maximumElasticWorkerCount',
  'perSiteScaling',
  'reserved',
  'zoneRedundant',
]);

async function readPlan(arm: Arm, id: string): Promise<PlanWire> {
  return read<PlanWire>(await web(arm, 'read the App Service plan', 'GET', id));
}
