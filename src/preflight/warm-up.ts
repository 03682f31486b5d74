import type { ProbeResult } from '../azure/probe.ts';
import { ask } from '../context/probing.ts';
import type { Scene } from '../context/scene.ts';
import type { Check } from '../deployment/check.ts';
import { azWebApp } from '../deployment/commands.ts';
import type { AppLook } from '../deployment/observed.ts';
import type { Settings } from '../settings/settings.ts';
import { allFine, failed, listed, passed, warning } from './verdicts.ts';

const BINDINGS = 'WEBSITE_ADD_SITENAME_BINDINGS_IN_APPHOST_CONFIG';

/** Asks production now what every instance will be asked: who does not pass today does not pass in the window either. */
export async function checkWarmUp(scene: Scene<AppLook>): Promise<readonly Check[]> {
  const { settings, observed } = scene;
  const { host } = observed.production;
  const [health, ...smoke] = await Promise.all(
    [settings.healthPath, ...settings.smokePaths].map((path) => ask(scene, host, path)),
  );
  return [
    ...(health ? [healthPath(settings, host, health)] : []),
    ...smokePaths(settings, smoke),
    ...siteNameBindings(observed),
  ];
}

/** Pure: production's answer to the health path. Azure's warm-up and the probes both take exactly 200 for healthy. */
export function healthPath({ healthPath: path }: Settings, host: string, answer: ProbeResult): Check {
  const name = 'health path';
  const ask = `curl -i https://${host}${path}`;
  if ('error' in answer) {
    const found = `GET https://${host}${path} got no answer (${answer.error}): the runner must be able to reach the app and its slots.`;
    return failed(name, found, ask);
  }
  if (answer.status === 200) return passed(name, `GET ${path} answers 200 in ${answer.ms} ms.`);
  const to = answer.headers.location ? ` to ${answer.headers.location}` : '';
  return failed(
    name,
    `GET ${path} answers ${answer.status}${to}. Name a path with health-path that answers 200 to anybody, without redirect or login.`,
    ask,
  );
}

/** Pure: production's answers to `smoke-paths`, in their order. */
function smokePaths({ smokePaths: paths }: Settings, answers: readonly ProbeResult[]): readonly Check[] {
  if (paths.length === 0) return [];
  const unhealthy = paths.flatMap((path, index) => {
    const answer = answers[index];
    if (answer && 'status' in answer && answer.status >= 200 && answer.status < 300) return [];
    const said = answer && 'status' in answer ? `answers ${answer.status}` : 'got no answer';
    const found = `GET ${path} ${said} in production today; "validate" would fail.`;
    return [failed('smoke paths', found, 'Take it out of smoke-paths, or name one that answers 2xx.')];
  });
  return allFine('smoke paths', `${listed(paths)} answer 2xx.`, unhealthy);
}

/**
 * On Windows, host names are bound anew after a swap, which may restart the app under the visitors unless this is set in every slot.
 * https://learn.microsoft.com/azure/app-service/deploy-staging-slots#troubleshoot-swaps
 */
export function siteNameBindings({ app, production }: AppLook): readonly Check[] {
  if (!app.windows) return [];
  const name = 'restarts after a swap';
  if (production.appSettings[BINDINGS] === '1') return [passed(name, `${BINDINGS}=1 is set.`)];
  return [
    warning(
      name,
      `${BINDINGS} is not set: the app may restart some minutes after a swap because its host names change. The soak would see it. (Not for WCF. Setting it restarts production once.)`,
      `${azWebApp(app, 'config appsettings set')} --settings ${BINDINGS}=1`,
    ),
  ];
}
