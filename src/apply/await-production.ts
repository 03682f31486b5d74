import { ask } from '../context/probing.ts';
import type { Scene } from '../context/scene.ts';
import { wrongWith } from '../context/visitor-paths.ts';
import { azWebApp } from '../deployment/commands.ts';
import { Stop } from '../errors.ts';
import { seconds } from '../wait.ts';

/** Instances come and go for a while after Azure has said that it is done: production has to answer for so long without a gap. */
const QUIET_MS = 60_000;

/**
 * After a change of the app as a whole, for which its instances may be replaced or restarted: until production has answered as
 * visitors need it, once a second, for a minute without a gap.
 * @param what has been changed, as a sentence without its end.
 */
export async function awaitProduction(scene: Scene, what: string): Promise<void> {
  const { settings, observed, context } = scene;
  const { clock, log } = context.ports;
  const { healthPath } = settings;
  const began = clock.now();
  let [badAt, failed] = [began, 0];
  while (clock.now() - badAt < QUIET_MS) {
    await clock.sleep(1000, context.signal);
    const wrong = wrongWith(settings, healthPath, await ask(scene, observed.production.host, healthPath));
    if (wrong === undefined) continue;
    failed += 1;
    badAt = clock.now();
    if (badAt - began < settings.healthTimeout * 1000) continue;
    throw new Stop(
      'failed',
      `${what}, and production is not healthy ${seconds(badAt - began)} later: GET ${healthPath} ${wrong}. Visitors are with the build that they had; nothing else was changed.`,
      `Look at its log (${azWebApp(observed.app, 'log tail')}), and run the phase again when it is healthy.`,
    );
  }
  if (failed === 0) log.info(`${what}: production answered all the time.`);
  else
    log.warning(
      `${what}: ${failed} requests to production failed within ${seconds(badAt - began)}, while its instances were replaced.`,
    );
}
