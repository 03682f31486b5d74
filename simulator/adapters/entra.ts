import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Principal, World } from '../model/world.ts';
import { type IssuerKeys, type Refusal, refuseAssertion } from './assertions.ts';
import { readBody, sendJson } from './http-exchange.ts';
import type { RunningWorld } from './running-world.ts';
import type { Tokens } from './tokens.ts';
import { type UnmodelledRequests, whatIsNotModelled } from './unmodelled.ts';

interface EntraParts {
  readonly origin: string;
  readonly world: RunningWorld;
  readonly tokens: Tokens;
  /** Keys of OpenID issuers (such as GitHub's) by issuer. */
  readonly issuers: ReadonlyMap<string, IssuerKeys>;
  readonly unmodelled: UnmodelledRequests;
}

/**
 * In place of the tenant it keeps MSAL for Python, and so the Azure CLI, from asking login.microsoftonline.com about
 * an authority that it does not know: it is how clouds with a directory of their own are addressed.
 */
const UNDISCOVERED = 'adfs';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * The simulated Microsoft Entra authority: OpenID discovery, keys, and the token endpoint for applications
 * (client secret and client assertion; v2.0 with `scope`, v1 with `resource`).
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export function entraAuthority(parts: EntraParts): RequestListener {
  return (request, response) => {
    answer(parts, request, response).catch((error) =>
      parts.unmodelled.refuse(response, whatIsNotModelled(error, `${request.method} ${request.url}`)),
    );
  };
}

async function answer(parts: EntraParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? '/', parts.origin).pathname;
  const [, tenant = '', ...rest] = path.split('/');
  const what = `${request.method} ${rest.join('/').toLowerCase()}`;
  switch (what) {
    case 'GET discovery/instance':
      return sendJson(response, 200, instanceDiscovery(parts.origin));
    case 'GET .well-known/openid-configuration':
    case 'GET v2.0/.well-known/openid-configuration':
      return sendJson(response, 200, openIdConfiguration(parts, tenant));
    case 'GET discovery/keys':
    case 'GET discovery/v2.0/keys':
      return sendJson(response, 200, parts.tokens.keys);
    case 'POST oauth2/token':
    case 'POST oauth2/v2.0/token':
      return token(parts, tenant, new URLSearchParams(Buffer.from(await readBody(request)).toString()), response);
    default:
      return parts.unmodelled.refuse(
        response,
        `The simulator does not model: ${request.method} ${parts.origin}${request.url}`,
      );
  }
}

function instanceDiscovery(origin: string) {
  const host = new URL(origin).host;
  return {
    tenant_discovery_endpoint: `${origin}/common/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}

function openIdConfiguration({ origin, tokens }: EntraParts, tenant: string) {
  return {
    token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: tokens.issuer,
    authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${origin}/${tenant}/oauth2/v2.0/logout`,
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'oid', 'tid', 'appid'],
  };
}

async function token(parts: EntraParts, tenant: string, form: URLSearchParams, response: ServerResponse) {
  const { tenantId, principals } = parts.world.read((world: World) => world);
  if (tenant.toLowerCase() !== tenantId.toLowerCase() && tenant !== UNDISCOVERED) {
    return refuse(response, 400, 'invalid_request', { code: 90002, text: `Tenant '${tenant}' not found.` });
  }
  if (form.get('grant_type') !== 'client_credentials') {
    throw new Error(`grant type ${form.get('grant_type')} is not modelled`);
  }
  const clientId = form.get('client_id') ?? '';
  const principal = principals[clientId];
  if (principal === undefined) {
    const text = `Application with identifier '${clientId}' was not found in the directory '${tenant}'.`;
    return refuse(response, 400, 'unauthorized_client', { code: 700016, text });
  }
  const refusal = await refuseClient(parts, principal, form);
  if (refusal !== undefined) return refuse(response, 401, 'invalid_client', refusal);
  const audience = audienceOf(form);
  if (audience === undefined) {
    const text = "The request body must contain the following parameter: 'scope' ending in /.default.";
    return refuse(response, 400, 'invalid_scope', { code: 70011, text });
  }
  const issued = await parts.tokens.issue(principal, audience);
  sendJson(
    response,
    200,
    {
      token_type: 'Bearer',
      expires_in: issued.expiresIn,
      ext_expires_in: issued.expiresIn,
      expires_on: String(issued.expiresOn),
      resource: audience,
      access_token: issued.token,
    },
    { 'cache-control': 'no-store, no-cache' },
  );
}

async function refuseClient(
  { issuers }: EntraParts,
  principal: Principal,
  form: URLSearchParams,
): Promise<Refusal | undefined> {
  const assertion = form.get('client_assertion');
  if (assertion !== null) {
    if (form.get('client_assertion_type') !== ASSERTION_TYPE) {
      return { code: 90023, text: `'client_assertion_type' must be ${ASSERTION_TYPE}.` };
    }
    return refuseAssertion(assertion, principal, issuers);
  }
  const secret = form.get('client_secret');
  if (secret === null) {
    return { code: 7000218, text: "The request body must contain 'client_assertion' or 'client_secret'." };
  }
  if (principal.clientSecret === undefined || secret !== principal.clientSecret) {
    return { code: 7000215, text: `Invalid client secret provided for app '${principal.clientId}'.` };
  }
  return undefined;
}

/** v2.0 names the resource in a scope that ends in `/.default`, v1 as `resource`. */
function audienceOf(form: URLSearchParams): string | undefined {
  const scope = form
    .get('scope')
    ?.split(' ')
    .find((each) => each.endsWith('/.default'));
  return scope?.slice(0, -'/.default'.length) ?? form.get('resource') ?? undefined;
}

function refuse(response: ServerResponse, status: number, error: string, { code, text }: Refusal): void {
  sendJson(response, status, {
    error,
    error_description: `AADSTS${code}: ${text}`,
    error_codes: [code],
    timestamp: new Date().toISOString(),
    trace_id: crypto.randomUUID(),
    correlation_id: crypto.randomUUID(),
    error_uri: 'https://login.microsoftonline.com/error',
  });
}
