import type { AzureSaid } from '../errors.ts';

/**
 * How ASP.NET Core stops to redirect, by a setting or for one path: a port of -1 counts as not known.
 * https://learn.microsoft.com/aspnet/core/security/enforcing-ssl and HttpsRedirectionMiddleware.cs
 */
export const HTTPS_REDIRECT_OFF =
  'app setting ASPNETCORE_HTTPS_PORT=-1 (HTTPS Only of App Service goes on redirecting visitors), or UseHttpsRedirection inside UseWhen';

/** What to look for when Azure gives a swap up because the instance did not become warm; undefined for another reason. */
export function afterWarmUpFailed(said: AzureSaid | undefined): string | undefined {
  if (said === undefined || !GIVEN_UP.test(said.message)) return undefined;
  return `Azure asks for health-path before a swap over plain http, from inside, without probe-headers, and follows no redirect. Likely, in this order: (1) the app sends http to https with a status that warm-up-statuses does not name: name it, or stop it there (${HTTPS_REDIRECT_OFF}). (2) It asks to sign in (401, 302): leave the path out of that. (3) It answers only some addresses or host names (403, 400; pings come from 10.* and 100.*; AllowedHosts). (4) It takes too long to start: look at its log. Then run the phase again.`;
}

/** https://haacked.com/archive/2020/09/28/azure-swap-with-warmup-aspnetcore; on Linux "did not respond to http ping". */
const GIVEN_UP = /application initialization|warm-?up requests|http ping/i;
