import { azureSaid } from '../azure/failure.ts';
import { patchWebConfig } from '../azure/site-config.ts';
import type { Scene } from '../context/scene.ts';
import { surelyTravelling } from '../deployment/web-config.ts';
import { messageOf } from '../errors.ts';
import type { StepOf } from '../steps/steps.ts';
import { whenIdle } from './when-idle.ts';

/**
 * Gives a slot properties of `config/web`. Azure may refuse one that it shows but lets nobody write, and then says no to all:
 * those that a swap carries for certain are asked for alone.
 */
export async function matchConfig(scene: Scene, step: StepOf<'match-config'>, id: string): Promise<void> {
  const { arm, ports } = scene.context;
  const what = `change the configuration of slot ${step.slot}`;
  const patch = (properties: StepOf<'match-config'>['properties']) =>
    whenIdle(scene, step.slot, what, () => patchWebConfig(arm, id, properties));
  try {
    await patch(step.properties);
  } catch (error) {
    const sure = surelyTravelling(step.properties);
    const others = Object.keys(step.properties).filter((name) => !(name in sure));
    if (!isRefused(error) || others.length === 0) throw error;
    ports.log.warning(
      `${messageOf(error)} Slot ${step.slot} goes without ${others.join(', ')}: compare production before and after the deployment.`,
    );
    if (Object.keys(sure).length > 0) await patch(sure);
  }
}

function isRefused(error: unknown): boolean {
  const said = azureSaid(error);
  return said !== undefined && (said.status === 400 || said.status === 409);
}
