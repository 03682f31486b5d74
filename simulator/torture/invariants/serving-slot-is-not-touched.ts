import type { Slot } from '../../model/web/state.ts';
import type { World } from '../../model/world.ts';
import { moving } from '../facts.ts';
import type { Invariant, Start, Watcher } from '../invariant.ts';

/** As long as the same occupant serves, nothing of it may change: a settings write restarts it. */
export const servingSlotIsNotTouched: Invariant = {
  name: 'serving-slot-is-not-touched',
  holds: 'No write ever reaches the slot that serves visitors: what it serves arrives by swap.',
  watch(start) {
    const watchers = moving(start.world).map((_, index) => ofApp(start, (world) => moving(world)[index]));
    return {
      step(moment) {
        for (const { step } of watchers) {
          const wrong = step?.(moment);
          if (wrong !== undefined) return wrong;
        }
        return undefined;
      },
    };
  },
};

function ofApp({ world, history, phase, allows }: Start, productionOf: (world: World) => Slot | undefined): Watcher {
  const isScaled = allows.has('scaled') && (phase === 'read-only' || phase === 'cleanup');
  const look = () => {
    const slot = productionOf(world);
    if (slot === undefined) throw new Error('An app is gone.');
    const { volumeId, contentId, settings, connectionStrings, config, instance } = slot.occupant;
    return { volumeId, contentId, instance: instance?.id, state: slot.state, settings, connectionStrings, config };
  };
  let before = look();
  let uploads = history.uploads.length;
  let written = JSON.stringify(before);
  return {
    step() {
      const now = look();
      const text = JSON.stringify(now);
      const isUpload = uploads !== history.uploads.length;
      uploads = history.uploads.length;
      if (text === written) return undefined;
      const was = before;
      before = now;
      written = text;
      if (was.volumeId !== now.volumeId) return undefined;
      const names = (Object.keys(now) as (keyof typeof now)[]).filter(
        (name) => JSON.stringify(was[name]) !== JSON.stringify(now[name]),
      );
      // Visitors put files there themselves.
      if (names.length === 1 && names[0] === 'contentId' && isUpload) return undefined;
      // An instance that Azure restarts by itself (variant late-restart) changes nothing but itself.
      if (names.length === 1 && names[0] === 'instance' && world.variants['late-restart']) return undefined;
      // Neither does one of another size.
      if (names.length === 1 && names[0] === 'instance' && isScaled) return undefined;
      return `production's ${names.join(', ')} changed while it served`;
    },
  };
}
