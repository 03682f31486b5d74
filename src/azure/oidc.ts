import type { Clock, Log, Send } from '../ports.ts';
import { sendPatiently } from './retry.ts';

export interface OidcPorts {
  readonly send: Send;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A new assertion from GitHub for Microsoft Entra. It lives five minutes, so each refresh of an access token asks for its own.
 * https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 */
export async function oidcAssertion(
  oidc: { readonly requestUrl: string; readonly requestToken: string },
  { send, clock, log, signal }: OidcPorts,
): Promise<string> {
  const url = new URL(oidc.requestUrl);
  url.searchParams.set('audience', 'api://AzureADTokenExchange');
  const headers = { authorization: `Bearer ${oidc.requestToken}`, accept: 'application/json' };
  const what = "get an OIDC token from GitHub's token service";
  const { response: answer } = await sendPatiently(clock, log, { what, repeat: 'read', signal }, async () => ({
    response: await send({ method: 'GET', url: url.href, headers, timeoutMs: 30_000 }, signal),
  }));
  if (answer.status !== 200) throw new Error(`GitHub's token service answered ${answer.status}`);
  const body: { value?: unknown } = Object(JSON.parse(new TextDecoder().decode(answer.body)));
  if (typeof body.value !== 'string') throw new Error("GitHub's token service answered without a token");
  log.secret(body.value);
  return body.value;
}
