import { patchSite, startSite, stopSite } from '../azure/sites.ts';
import type { Change, Scene } from '../context/scene.ts';
import type { OtherAppLook } from '../deployment/observed.ts';
import { Stop } from '../errors.ts';
import { done } from '../steps/done.ts';
import type { StepOf } from '../steps/steps.ts';
import { awaitSlot } from './await-slot.ts';
import { whenNotBusy } from './when-idle.ts';

/** Another app stops and starts as a whole: nothing of it is written. */
export async function applyOtherApp(scene: Scene, step: StepOf<'stop-app' | 'start-app'>): Promise<Change> {
  const { arm } = scene.context;
  const { id, site } = seenApp(scene, step.app);
  if (step.kind === 'start-app') {
    await whenNotBusy(scene, `start app ${step.app}`, () => startSite(arm, id));
    await awaitSlot(scene, id, `app ${step.app} to start`, (now) => now?.state === 'Running');
    return done(step);
  }
  // WebJobs go on when their app is stopped, unless SCM stops with it; both start together again. Functions have none.
  // https://github.com/projectkudu/kudu/wiki/Full-stopping-a-Web-App
  if (!/functionapp/i.test(site?.kind ?? '')) {
    await whenNotBusy(scene, `let SCM of app ${step.app} stop with it`, () =>
      patchSite(arm, id, { scmSiteAlsoStopped: true }),
    );
  }
  await whenNotBusy(scene, `stop app ${step.app}`, () => stopSite(arm, id));
  await awaitSlot(scene, id, `app ${step.app} to stop`, (now) => now?.state === 'Stopped');
  return done(step);
}

/** Safety rule 1 holds for the app itself, whatever a tag says. */
function seenApp({ observed }: Scene, key: string): OtherAppLook {
  const app = observed.otherApps.find((each) => each.key === key);
  if (app && app.id.toLowerCase() !== observed.app.id.toLowerCase()) return app;
  throw new Stop(
    'refused',
    `A step would have stopped or started ${key}, which is none of the other apps.`,
    'This is a defect of the action; please report it.',
  );
}
