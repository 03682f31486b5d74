import type { Slot } from '../../model/web/state.ts';
import type { World } from '../../model/world.ts';
import { contentBuild, moving, SEARCH } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

export const appsMoveTogether: Invariant = {
  name: 'apps-move-together',
  holds:
    'When no run is at work any more, the visitors of all apps are on the same side; each app is there at every moment.',
  watch({ world, allows }) {
    return {
      visit() {
        const down = moving(world).find(
          ({ state, occupant }) => state !== 'Running' || occupant.instance?.state === 'exited',
        );
        return down && `app ${down.site} is ${down.state}, ${down.occupant.instance?.state ?? 'without an instance'}`;
      },
      // What Azure refuses is no reason to leave some of them moved.
      ran: ({ report }) => (/^Azure ended the swap/.test(report?.failure?.happened ?? '') ? apart() : undefined),
      end: () => (allows.has('operators') || allows.has('half-way') ? undefined : apart()),
    };

    function apart(): string | undefined {
      const sides = moving(world).map((slot) => ({ site: slot.site, side: sideOf(world, slot) }));
      if (new Set(sides.map(({ side }) => side)).size === 1) return undefined;
      return `apps are apart: ${sides.map(({ site, side }) => `${site} on ${side}`).join(', ')}`;
    }
  },
};

/** A copy, the live build or the new one; an app without a new build is on whichever the others are. */
function sideOf(world: World, slot: Slot): string {
  if (/\/read-only\//.test(slot.occupant.settings.ZDD_INSTANCE ?? '')) return 'the copy';
  const isFirst = slot.site !== SEARCH;
  const version = isFirst ? contentBuild(world, slot)?.version : contentBuild(world, moving(world)[0] ?? slot)?.version;
  return version === '1' ? 'the live build' : 'the new build';
}
