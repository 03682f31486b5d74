import { ASLEEP, clients, connectedTo, neighbours, originalIds, production, recorded } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** What ends the time in which the originals must be quiet. */
const ENDING = new Set(['complete', 'rollback', 'cleanup']);

export const otherAppsReturn: Invariant = {
  name: 'other-apps-return',
  holds:
    'The other apps are off the originals while these are brought to the new build, and those that ran, and only those, run again at the end.',
  watch({ world, history, phase, allows }) {
    const isCopyServing = () => /\/read-only\//.test(production(world).occupant.settings.ZDD_INSTANCE ?? '');
    const isNewBuildThere = (originals: ReadonlySet<string>) =>
      clients(world).some(
        ({ environment, connectedTo: where }) =>
          /\/new\//.test(environment.ZDD_INSTANCE ?? '') && where.some((id) => originals.has(id)),
      );
    return {
      step() {
        const known = recorded(world, 'zdd-stopped-apps') ?? '';
        const lost = neighbours(world).find(
          ({ site, state }) => state === 'Stopped' && site !== ASLEEP && !known.includes(`/${site}`),
        );
        if (lost) return `app ${lost.site} is stopped, and the record does not say that it ran`;
        if (allows.has('operators') || !isCopyServing() || recorded(world, 'zdd-visitors-on-original-since'))
          return undefined;
        const originals = originalIds(world, history);
        if (!isNewBuildThere(originals)) return undefined;
        const there = neighbours(world).find((app) => connectedTo(world, app).some((id) => originals.has(id)));
        return there && `app ${there.site} is in the originals together with the new build`;
      },
      end(isGreen) {
        // A switch that was undone; one that comes after the switch to the new build undoes nothing.
        const isUndone = !isCopyServing() && !recorded(world, 'zdd-visitors-on-original-since');
        const isOver = isGreen ? ENDING.has(phase) : phase === 'switch' && isUndone;
        if (!isOver || allows.has('operators')) return undefined;
        const wrong = neighbours(world).find(({ site, state }) => state !== (site === ASLEEP ? 'Stopped' : 'Running'));
        return wrong && `app ${wrong.site} is ${wrong.state} at the end`;
      },
    };
  },
};
