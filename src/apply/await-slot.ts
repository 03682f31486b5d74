import type { Site } from '../azure/site-shapes.ts';
import { getSite } from '../azure/sites.ts';
import type { Scene } from '../context/scene.ts';
import { waitFor } from '../wait.ts';

const SHOWN_MS = 300_000;

/** Waits until Azure shows the slot as it should be by now. */
export async function awaitSlot(
  scene: Scene,
  id: string,
  what: string,
  isThere: (site: Site | null) => boolean,
): Promise<void> {
  const { arm, ports, signal } = scene.context;
  await waitFor(ports.clock, ports.log, {
    what,
    deadlineMs: SHOWN_MS,
    otherwise: 'Run the phase again.',
    signal,
    async look() {
      const site = await getSite(arm, id);
      return isThere(site) ? { done: undefined } : { seen: site?.state ?? 'no such slot' };
    },
  });
}
