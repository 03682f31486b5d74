import { getWebConfig } from '../azure/site-config.ts';
import { getSite, slotId } from '../azure/sites.ts';
import type { Context } from '../context/context.ts';
import type { TeamSlot } from '../deployment/observed.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { suspendedIn } from '../deployment/suspended-entry.ts';
import { isSlotName } from '../settings/names.ts';
import type { Settings } from '../settings/settings.ts';

/** The slots of the team whose auto-swap is to be off while the deployment is open, and those of which the record says so. */
export async function lookAtTeamSlots(
  { arm, app }: Context,
  { pauseAutoSwap }: Settings,
  record: DeploymentRecord | null,
): Promise<readonly TeamSlot[]> {
  const recorded = suspendedIn(record?.suspended).filter(({ kind, name }) => kind === 'auto-swap' && isSlotName(name));
  const names = new Map(
    [...recorded.map(({ name }) => name), ...pauseAutoSwap].map((name) => [name.toLowerCase(), name]),
  );
  const looks = await Promise.all(
    [...names.values()].map(async (name): Promise<readonly TeamSlot[]> => {
      const id = slotId(app, name);
      if (!(await getSite(arm, id))) return [];
      const { autoSwapSlotName: target } = await getWebConfig(arm, id);
      return [{ name, id, autoSwapWith: typeof target === 'string' && target !== '' ? target : null }];
    }),
  );
  return looks.flat();
}
