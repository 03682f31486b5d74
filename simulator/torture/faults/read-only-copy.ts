import { buildFiles } from '../../model/app/build.ts';
import { addContent } from '../../model/web/content.ts';
import { end } from '../../model/web/instances.ts';
import type { Slot } from '../../model/web/state.ts';
import type { World } from '../../model/world.ts';
import type { Call } from '../call.ts';
import { buildOf, production, site, slots } from '../facts.ts';
import type { Fault } from './fault.ts';

/** What may become of the read-only copy while visitors are tried on the new build: then nothing is left to go back to. */
export const readOnlyCopy: readonly Fault[] = [
  {
    name: 'copy-deleted',
    what: 'somebody deletes the slot with the read-only copy',
    fits: isProbeAfterSwap,
    atReads: 'new',
    inFull: true,
    allows: ['red', 'different', 'undone'],
    inject(forward, { world, clock }) {
      const slot = copySlot(world);
      if (slot !== undefined) {
        end(world, slot, clock.now());
        delete site(world).slots[slot.name];
      }
      return forward();
    },
  },
  {
    name: 'copy-unhealthy',
    what: 'the read-only copy becomes unhealthy',
    fits: isProbeAfterSwap,
    atReads: 'new',
    inFull: true,
    // Where routes linger some visitors are on it still.
    allows: ['red', 'different', 'undone', 'errors-for-a-moment'],
    inject(forward, { world, clock }) {
      const slot = copySlot(world);
      if (slot) makeUnhealthy(world, slot, clock.now());
      return forward();
    },
  },
];

/** A visitor's path of production, asked after a swap that has ended: it is asked while the swap goes on, too. */
function isProbeAfterSwap(call: Call, before: readonly Call[]): boolean {
  if (!/^GET web\.azurewebsites\.net/.test(call.text)) return false;
  const swap = before.findLastIndex(({ text }) => text.includes('/slotsswap'));
  // While it goes on it is polled, and what the databases are to know follows meanwhile; then all slots are looked at once more.
  const polled = before.findLastIndex(({ text }) => text.includes('/operationresults/'));
  return (
    swap >= 0 && polled > swap && before.slice(polled).some(({ text }) => text.includes('/config/slotConfigNames'))
  );
}

/** The copy's slot, when it does not serve. */
function copySlot(world: World): Slot | undefined {
  return slots(world).find(
    (slot) => slot !== production(world) && /\/read-only\//.test(slot.occupant.settings.ZDD_INSTANCE ?? ''),
  );
}

/** The build that runs there answers 500 from now on. */
export function makeUnhealthy(world: World, { occupant }: Slot, now: number): void {
  const build = occupant.instance && buildOf(world, occupant.instance);
  if (build === undefined) return;
  const files = Object.entries(buildFiles({ ...build, healthy: false }));
  const inside = Object.fromEntries(files.map(([path, bytes]) => [`site/wwwroot/${path}`, bytes]));
  occupant.contentId = addContent(world, inside, [], now);
  if (occupant.instance) occupant.instance = { ...occupant.instance, contentId: occupant.contentId };
}
