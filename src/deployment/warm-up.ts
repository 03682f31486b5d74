import type { KeyValue, Settings } from '../settings/settings.ts';

/** What Azure asks an instance before a swap, and which answers let it in. */
export interface WarmUp {
  readonly path: string;
  readonly statuses: readonly number[];
}

/** https://learn.microsoft.com/azure/app-service/reference-app-settings */
const PATH = 'WEBSITE_SWAP_WARMUP_PING_PATH';
const STATUSES = 'WEBSITE_SWAP_WARMUP_PING_STATUSES';
export const WARM_UP_SETTINGS: readonly string[] = [PATH, STATUSES];

/**
 * How applications answer plain http that want https: 307 and 308 of ASP.NET Core, 301 of IIS, Django and Rails. Azure's
 * ping is plain http and follows no redirect, so that such an app never answers it with 200. Letting these through costs
 * little: a failing app answers none of them, and the action has asked the same path over https right before. 302 is not
 * among them: .NET Framework answers errors with it (customErrors), and site authentication sends people to its login.
 */
const TO_HTTPS = [301, 307, 308];

/**
 * The warm-up of an instance. 200 always counts; beside it the statuses of input warm-up-statuses, or else those that the
 * owner has set in the app, or else redirects to https.
 * @param owner the app settings that the instance comes from.
 * @param more the user's own settings for this kind of instance: whoever names the warm-up there decides it.
 */
export function warmUpOf(
  settings: Settings,
  owner: Readonly<Record<string, string>>,
  more: readonly KeyValue[] = [],
): WarmUp {
  const own = Object.fromEntries(more.map(({ name, value }) => [name, value]));
  const chosen = settings.warmUpStatuses ?? statusesIn(settingNamed(owner, STATUSES)) ?? TO_HTTPS;
  return {
    path: settingNamed(own, PATH) ?? settings.healthPath,
    statuses: statusesIn(settingNamed(own, STATUSES)) ?? [...new Set([200, ...chosen])],
  };
}

/** The same as app settings. */
export function warmUpSettings(settings: Settings, owner: Readonly<Record<string, string>>): readonly KeyValue[] {
  const { path, statuses } = warmUpOf(settings, owner);
  return [
    { name: PATH, value: path },
    { name: STATUSES, value: statuses.join() },
  ];
}

function statusesIn(value: string | undefined): readonly number[] | undefined {
  return value?.match(/\b[1-5]\d\d\b/g)?.map(Number);
}

/** Azure takes names of settings without regard to case. */
function settingNamed(settings: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(settings).find(([each]) => each.toUpperCase() === name)?.[1];
}
