import { complaintAbout } from '../context/probing.ts';
import type { Change, Scene } from '../context/scene.ts';
import { done } from '../steps/done.ts';
import type { StepOf } from '../steps/steps.ts';

/** For some seconds after the route change both builds answer visitors, and the read-only copy refuses. */
const PATIENCE_MS = 60_000;

/** Visitors can write again: each request of write-probes is answered as it should. A candidate that goes on refusing counts as unhealthy. */
export async function proveWrites(scene: Scene, step: StepOf<'prove-writes'>): Promise<Change> {
  const { context, settings, observed } = scene;
  const { clock, log } = context.ports;
  const until = clock.now() + PATIENCE_MS;
  for (const expected of settings.writeProbes) {
    for (;;) {
      const why = await complaintAbout(scene, observed.production.host, expected);
      if (why === undefined) break;
      log.warning(`Visitors may not be able to write: ${why}.`);
      if (clock.now() >= until) {
        return { watched: { purpose: 'soak', marker: observed.production.markerText, healthy: false, why } };
      }
      await clock.sleep(3000, context.signal);
    }
  }
  return done(step);
}
