import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Principal } from '../model/world.ts';
import { sendJson } from './http-exchange.ts';
import type { RunningWorld } from './running-world.ts';
import type { Tokens } from './tokens.ts';
import { type UnmodelledRequests, whatIsNotModelled } from './unmodelled.ts';

interface ManagedIdentityParts {
  readonly world: RunningWorld;
  readonly tokens: Tokens;
  /** The identity of a machine that names none. */
  readonly clientId: string;
  readonly unmodelled: UnmodelledRequests;
}

/**
 * Managed identity in the two shapes that clients know: App Service (`GET /msi/token` with `X-IDENTITY-HEADER`;
 * any value will do, since nobody but this machine can reach it) and the virtual machine's metadata service
 * (`GET /metadata/identity/oauth2/token` with `Metadata: true`).
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export function managedIdentity(parts: ManagedIdentityParts): RequestListener {
  return (request, response) => {
    answer(parts, request, response).catch((error) =>
      parts.unmodelled.refuse(response, whatIsNotModelled(error, `${request.method} ${request.url}`)),
    );
  };
}

async function answer(parts: ManagedIdentityParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const appService = url.pathname === '/msi/token';
  const machine = url.pathname === '/metadata/identity/oauth2/token';
  if (request.method !== 'GET' || !(appService || machine)) {
    return parts.unmodelled.refuse(
      response,
      `The simulator does not model: ${request.method} managed identity ${url.pathname}`,
    );
  }
  const proof = appService ? request.headers['x-identity-header'] : request.headers.metadata;
  if (!proof) return refuse(response, `Required ${appService ? 'X-IDENTITY-HEADER' : 'Metadata'} header not specified`);
  const resource = url.searchParams.get('resource');
  if (!resource) return refuse(response, "'resource' query parameter is missing");
  const principal = identity(parts, url.searchParams);
  if (principal === undefined) return refuse(response, 'Identity not found');
  const issued = await parts.tokens.issue(principal, resource);
  sendJson(response, 200, {
    access_token: issued.token,
    client_id: principal.clientId,
    expires_in: String(issued.expiresIn),
    expires_on: String(issued.expiresOn),
    resource,
    token_type: 'Bearer',
  });
}

/** The identity asked for by client or object id; the default one when none is named. */
function identity(parts: ManagedIdentityParts, query: URLSearchParams): Principal | undefined {
  const objectId = query.get('object_id') ?? query.get('principal_id');
  const clientId = query.get('client_id') ?? parts.clientId;
  return parts.world.read(({ principals }) =>
    objectId === null
      ? principals[clientId]
      : Object.values(principals).find((principal) => principal.objectId === objectId),
  );
}

function refuse(response: ServerResponse, message: string): void {
  sendJson(response, 400, { error: 'invalid_request', error_description: message, statusCode: 400, message });
}
