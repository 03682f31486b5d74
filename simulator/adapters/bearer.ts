import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from './http-exchange.ts';
import type { Tokens } from './tokens.ts';

/** Audiences of a token for the resource manager, also what SCM sites take. */
export function resourceManagerAudiences(origin: string): readonly string[] {
  return ['https://management.azure.com', 'https://management.core.windows.net', origin];
}

/** Audiences of a token for Microsoft Graph, which is reached below the authority. */
export function graphAudiences(authority: string): readonly string[] {
  return ['https://graph.microsoft.com', `${authority}/graph`];
}

/** Audience of a token for Azure SQL. */
export const SQL_AUDIENCES: readonly string[] = ['https://database.windows.net'];

/** The client id of a valid token for one of the audiences, or why it is refused. Trailing slashes do not matter. */
export async function clientOfToken(
  tokens: Tokens,
  token: string,
  audiences: readonly string[],
): Promise<{ readonly clientId: string } | { readonly refused: string }> {
  const verified = await tokens.verify(token);
  if ('refused' in verified) return verified;
  if (!audiences.includes(verified.audience.replace(/\/+$/, ''))) {
    return { refused: `the audience ${verified.audience} is not one of ${audiences.join(', ')}` };
  }
  return { clientId: verified.clientId };
}

/** The client id behind a request; undefined after having answered 401 as the resource manager does. */
export async function authenticate(
  tokens: Tokens,
  request: IncomingMessage,
  response: ServerResponse,
  expected: { readonly audiences: readonly string[]; readonly authority: string },
): Promise<string | undefined> {
  const [, token] = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const client =
    token === undefined ? { missing: true as const } : await clientOfToken(tokens, token, expected.audiences);
  if ('clientId' in client) return client.clientId;
  const [code, message] =
    'missing' in client
      ? ['AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing."]
      : ['InvalidAuthenticationToken', `The access token is invalid: ${client.refused}.`];
  sendJson(
    response,
    401,
    { error: { code, message } },
    {
      'www-authenticate': `Bearer authorization_uri="${expected.authority}", error="invalid_token", error_description="${message.replaceAll('"', "'")}"`,
      'x-ms-failure-cause': 'gateway',
    },
  );
  return undefined;
}
