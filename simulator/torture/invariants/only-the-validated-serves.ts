import type { Slot } from '../../model/web/state.ts';
import type { World } from '../../model/world.ts';
import { namesakeOf, production, recorded, site, slots } from '../facts.ts';
import type { History } from '../history.ts';
import type { Invariant } from '../invariant.ts';

/** A candidate's settings as they were when its verdict was recorded are those with which visitors meet it. */
export const onlyTheValidatedServes: Invariant = {
  name: 'only-the-validated-serves',
  holds: 'Visitors are moved to a candidate only as it was when it was validated.',
  watch({ world, history, phase }) {
    let serving = production(world).occupant.volumeId;
    const settingsNamed = (marker: string) => {
      const slot = slots(world).find(({ occupant }) => occupant.settings.ZDD_INSTANCE === marker);
      return slot && JSON.stringify([slot.occupant.settings, slot.occupant.connectionStrings]);
    };
    /** Azure carries a swap out minutes after it was sent, and its sender may be gone by then. */
    const movedBy = (volumeId: string) => (history.swapSent?.volumeId === volumeId ? history.swapSent.phase : phase);
    return {
      step({ call }) {
        const from = sourceOf(world, call);
        if (from !== undefined) history.swapSent = { phase, volumeId: from.occupant.volumeId };
        const verdict = recorded(world, 'zdd-verdict');
        const [role, attempt] = (recorded(world, 'zdd-candidate') ?? '').split('|');
        const id = recorded(world, 'zdd-deployment');
        const candidate = settingsNamed(`${id}/${role}/${attempt}`);
        if (verdict !== undefined && candidate !== undefined) history.validated[verdict] ??= candidate;
        const { volumeId, settings } = production(world).occupant;
        if (volumeId === serving) return undefined;
        serving = volumeId;
        const marker = settings.ZDD_INSTANCE ?? '';
        if (/\/read-only\//.test(marker)) return undefined;
        // Before anything has changed `switch` may undo itself, and so may `rollback` and a watchdog: the live build returns as it was.
        if (!/\/(new|live)\//.test(marker)) {
          const mover = movedBy(volumeId);
          if (mover === 'switch' && history.deployBegunAt === undefined) return undefined;
          if ((mover === 'rollback' || mover === 'status') && isUntouched(world, history)) return undefined;
          return `visitors were moved to "${marker}", which nobody has validated`;
        }
        if (settingsNamed(marker) === history.validated[verdict ?? '']) return undefined;
        return `visitors were moved to ${marker}, which is not as it was validated`;
      },
    };
  },
};

/** The slot that a call swaps with production. */
function sourceOf(world: World, call: string | undefined): Slot | undefined {
  const name = /^POST .*\/sites\/web\/slots\/([\w-]+)\/slotsswap$/.exec(call ?? '')?.[1];
  return name === undefined ? undefined : site(world).slots[name];
}

/** The originals are those of the beginning, and nothing of a new build is in them. */
function isUntouched(world: World, { originals }: History): boolean {
  return originals.every((original) => {
    const database = namesakeOf(world, original);
    const content = world.sql.contents[database?.contentId ?? ''];
    if (database?.databaseId !== original.databaseId || content === undefined) return false;
    const isNew = (version: string | undefined) => version === '2' || version === '3';
    return !content.writes.some(({ by }) => isNew(by)) && !content.schemas.some(({ version }) => isNew(version));
  });
}
