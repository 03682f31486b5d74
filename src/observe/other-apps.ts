import { getSite, slotId } from '../azure/sites.ts';
import type { Context } from '../context/context.ts';
import { appKey, appOfKey } from '../deployment/app-key.ts';
import type { OtherAppLook } from '../deployment/observed.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import type { Settings } from '../settings/settings.ts';

/** The other apps that are named, and those that the record says are stopped: a run that names none still starts them again. */
export async function lookAtOtherApps(
  { arm, app }: Context,
  settings: Settings,
  record: DeploymentRecord | null,
): Promise<readonly OtherAppLook[]> {
  const named = settings.otherApps.filter(({ does }) => does === 'stop').map(appKey);
  const keys = new Set([...named, ...(record?.stoppedApps ?? [])]);
  return Promise.all(
    [...keys].map(async (key) => {
      const id = slotId({ ...app, ...appOfKey(key) }, 'production');
      return { key, id, site: await getSite(arm, id), named: named.includes(key) };
    }),
  );
}
