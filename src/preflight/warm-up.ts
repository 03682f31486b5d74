import { keptOut } from '../azure/failure.ts';
import { type ProbeResult, probe } from '../azure/probe.ts';
import { ask } from '../context/probing.ts';
import type { Scene } from '../context/scene.ts';
import type { Check } from '../deployment/check.ts';
import { azWebApp } from '../deployment/commands.ts';
import type { AppLook } from '../deployment/observed.ts';
import { type WarmUp, warmUpOf } from '../deployment/warm-up.ts';
import type { Settings } from '../settings/settings.ts';
import { HTTPS_REDIRECT_OFF } from '../swap/warm-up-failure.ts';
import { allFine, failed, listed, notLookedAt, passed, warning } from './verdicts.ts';

const BINDINGS = 'WEBSITE_ADD_SITENAME_BINDINGS_IN_APPHOST_CONFIG';

/** Asks production now what every instance will be asked: who does not pass today does not pass in the window either. */
export async function checkWarmUp(scene: Scene<AppLook>): Promise<readonly Check[]> {
  const { settings, observed } = scene;
  const { host } = observed.production;
  const [health, ...smoke] = await Promise.all(
    [settings.healthPath, ...settings.smokePaths].map((path) => ask(scene, host, path)),
  );
  const isHealthy = health !== undefined && 'status' in health && health.status === 200;
  return [
    ...(health ? [healthPath(settings, host, health)] : []),
    ...(isHealthy ? [await checkPing(scene)] : []),
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
  if (answer.status === 200) return passed(name, `GET ${path} answers 200 in ${Math.round(answer.ms)} ms.`);
  const to = answer.headers.location ? ` to ${answer.headers.location}` : '';
  return failed(name, `GET ${path} answers ${answer.status}${to}. ${wayOut(answer)}`, ask);
}

function wayOut(answer: Extract<ProbeResult, { readonly status: number }>): string {
  if (keptOut(answer) !== undefined) return 'Access restrictions keep this runner out.';
  switch (answer.status) {
    case 401:
      return 'It asks visitors to sign in. Leave the path out of it (excludedPaths of site authentication, or AllowAnonymous in the app), or name one with health-path that answers 200 to anybody: Azure’s own ping before a swap cannot sign in, whatever probe-headers say.';
    case 403:
      return 'The app, or what is in front of it, refuses this runner: by its address, its network or a header that it wants. Let the runner’s address in, run on a runner in its network (runs-on), or send the header with probe-headers.';
    default:
      return 'Name a path with health-path that answers 200 to anybody, without redirect or login.';
  }
}

/**
 * Azure asks before a swap over plain http, without probe-headers, straight to the process, and follows no redirect. With
 * HTTPS Only off, the same can be asked from outside; with it on, App Service answers plain http itself.
 */
async function checkPing({ context, settings, observed }: Scene<AppLook>): Promise<Check> {
  const { host, site, appSettings } = observed.production;
  const warmUp = warmUpOf(settings, appSettings, settings.readonlySettings);
  const scheme = site.httpsOnly ? 'https' : 'http';
  const { send, clock } = context.ports;
  const url = `${scheme}://${host}${warmUp.path}`;
  return ping(warmUp, url, await probe(send, clock, { url }, context.signal));
}

/** Pure: what an answer to the warm-up path says of the ping; `url` says how it was asked for. */
export function ping({ path, statuses }: WarmUp, url: string, answer: ProbeResult): Check {
  const name = 'warm-up before a swap';
  const warm = `${listed(statuses.map(String))} count${statuses.length === 1 ? 's' : ''} as warm`;
  if ('error' in answer) return notLookedAt(name, `GET ${url} got no answer (${answer.error}).`);
  const { status, headers } = answer;
  if (!statuses.includes(status)) {
    const to = headers.location ? ` to ${headers.location}` : '';
    const found = `GET ${url} answers ${status}${to} without probe-headers. Azure asks so before a swap, over plain http, and only ${warm}: the swap would fail.`;
    const isRedirect = status >= 300 && status < 400;
    return failed(
      name,
      found,
      isRedirect ? `warm-up-statuses: 200,${status}` : 'health-path: <one that anybody may ask>',
    );
  }
  if (url.startsWith('http:')) return passed(name, `GET ${url} answers ${status}; ${warm}.`);
  return passed(
    name,
    `Azure asks for ${path} over plain http; ${warm}. What the app itself answers there cannot be seen from outside, because HTTPS Only is on. An app that redirects to https with another status must name it with warm-up-statuses, or leave the path out of it: ${HTTPS_REDIRECT_OFF}.`,
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
