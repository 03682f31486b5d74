import type { Clock, HttpRequest, Log, Send } from '../ports.ts';
import type { OidcProvider } from '../settings/azure.ts';
import { sendPatiently } from './retry.ts';

export interface OidcPorts {
  readonly send: Send;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
}

/** A new assertion for Microsoft Entra. It lives some minutes, so each refresh of an access token asks for its own. */
export async function oidcAssertion(oidc: OidcProvider, { send, clock, log, signal }: OidcPorts): Promise<string> {
  const whose = `${oidcIssuer(oidc)}'s token service`;
  const request = oidc.serviceConnectionId === undefined ? ofGitHub(oidc) : ofPipelines(oidc, oidc.serviceConnectionId);
  const what = `get an OIDC token from ${whose}`;
  const { response: answer } = await sendPatiently(clock, log, { what, repeat: 'read', signal }, async () => ({
    response: await send({ ...request, timeoutMs: 30_000 }, signal),
  }));
  if (answer.status !== 200) throw new Error(`${whose} answered ${answer.status}`);
  const body: { value?: unknown; oidcToken?: unknown } = Object(JSON.parse(new TextDecoder().decode(answer.body)));
  const token = body.value ?? body.oidcToken;
  if (typeof token !== 'string') throw new Error(`${whose} answered without a token`);
  log.secret(token);
  return token;
}

/** Whose jobs the provider knows. */
export function oidcIssuer({ serviceConnectionId }: OidcProvider): 'GitHub' | 'Azure DevOps' {
  return serviceConnectionId === undefined ? 'GitHub' : 'Azure DevOps';
}

/** https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token */
function ofGitHub({ requestUrl, requestToken }: OidcProvider): HttpRequest {
  const url = new URL(requestUrl);
  url.searchParams.set('audience', 'api://AzureADTokenExchange');
  const headers = { authorization: `Bearer ${requestToken}`, accept: 'application/json' };
  return { method: 'GET', url: url.href, headers };
}

/** As AzurePipelinesCredential of the Azure SDKs asks. https://learn.microsoft.com/javascript/api/@azure/identity/azurepipelinescredential */
function ofPipelines({ requestUrl, requestToken }: OidcProvider, serviceConnectionId: string): HttpRequest {
  const url = new URL(requestUrl);
  url.searchParams.set('api-version', '7.1');
  url.searchParams.set('serviceConnectionId', serviceConnectionId);
  const headers = {
    authorization: `Bearer ${requestToken}`,
    'content-type': 'application/json',
    // Otherwise it answers a token that is not good with a page to sign in.
    'x-tfs-fedauthredirect': 'Suppress',
  };
  return { method: 'POST', url: url.href, headers, body: '{}' };
}
