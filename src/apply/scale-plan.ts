import { planState, scalePlan } from '../azure/plans.ts';
import { getPlan, listSlots } from '../azure/sites.ts';
import type { Change, Scene } from '../context/scene.ts';
import { scaleUp, tierOf } from '../deployment/plan-sizes.ts';
import { Stop } from '../errors.ts';
import { done } from '../steps/done.ts';
import type { StepOf } from '../steps/steps.ts';
import { waitFor } from '../wait.ts';
import { awaitProduction } from './await-production.ts';
import { whenNotBusy } from './when-idle.ts';

const SHOWN_MS = 1_800_000;
/**
 * Brings the plan to a size with slots, once: looked at right before, nothing is written where it has them. Its instances are replaced,
 * production's too, so that nothing goes on before production has answered without a gap again.
 */
export async function applyScale(scene: Scene, step: StepOf<'scale-plan'>): Promise<Change> {
  const { arm, ports } = scene.context;
  const { id, site } = scene.observed.production;
  const planId = site.serverFarmId;
  const [plan, slots] = await Promise.all([getPlan(arm, planId), listSlots(arm, id)]);
  if (!plan)
    throw new Stop(
      'refused',
      'The identity may not read the App Service plan: Microsoft.Web/serverfarms/read is not granted, or there is no such plan.',
      'Run "preflight": it names the role.',
    );
  const can = scaleUp(plan, step.sku, slots.length + step.slots);
  if (can.kind === 'needless') {
    // A run that scaled it may have died before production was back; once there are slots it was waited for.
    if (plan.size.toUpperCase() === step.sku && slots.length === 0)
      await awaitProduction(scene, `Plan ${plan.name} is ${step.sku}`);
    return done(step);
  }
  if (can.kind === 'refused') {
    throw new Stop(
      'refused',
      `The plan is not scaled to ${step.sku}: ${can.why}.`,
      `Give plan-sku: ${can.instead ?? step.sku}, then run the phase again.`,
    );
  }
  ports.log.warning(
    `Plan ${plan.name} is scaled from ${plan.size} to ${step.sku}: the instances of every app in it are replaced, it costs more from now on, and nothing scales it back.`,
  );
  await whenNotBusy(scene, 'scale the App Service plan', () =>
    scalePlan(arm, planId, { name: step.sku, tier: tierOf(step.sku) }),
  );
  await awaitSize(scene, planId, step.sku);
  await awaitProduction(scene, `Plan ${plan.name} is ${step.sku} now`);
  return done(step);
}

async function awaitSize(scene: Scene, planId: string, sku: string): Promise<void> {
  const { arm, ports, signal } = scene.context;
  await waitFor(ports.clock, ports.log, {
    what: `the App Service plan to be ${sku}`,
    deadlineMs: SHOWN_MS,
    otherwise: 'Look at the plan in the portal, then run the phase again.',
    signal,
    async look() {
      const { size, isSettled } = await planState(arm, planId);
      const isThere = isSettled && size.toUpperCase() === sku;
      return isThere ? { done: undefined } : { seen: `${size}${isSettled ? '' : ', in progress'}` };
    },
  });
}
