import { listSlots, slotId } from '../azure/sites.ts';
import type { Context } from '../context/context.ts';
import { see } from '../context/seen.ts';

/** The names of all slots of the app but production; undefined where Azure does not tell: no phase fails for what is only compared. */
export async function slotNamesOf({ arm, app, signal }: Context): Promise<readonly string[] | undefined> {
  const seen = await see(signal, () => listSlots(arm, slotId(app, 'production')));
  return seen.why === undefined ? seen.value.map(({ slot }) => slot) : undefined;
}
