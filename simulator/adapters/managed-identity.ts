import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Principal } from '../model/world.ts';
import { readBody, sendJson } from './http-exchange.ts';
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
 * Managed identity in the shapes that clients know; a secret may have any value, since nobody but this machine can ask.
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export function managedIdentity(parts: ManagedIdentityParts): RequestListener {
  return (request, response) => {
    answer(parts, request, response).catch((error) =>
      parts.unmodelled.refuse(response, whatIsNotModelled(error, `${request.method} ${request.url}`)),
    );
  };
}

/** One way of asking: which it is, the header that proves where one asks from, and how the end is told. */
interface Shape {
  readonly method: string;
  readonly path: string;
  /** Undefined: whatever version is named, or none. */
  readonly version?: string;
  readonly header: string;
  readonly endsAt: (expiresOn: number) => string;
}

const SHAPES: readonly Shape[] = [
  // App Service, in its two versions.
  { method: 'GET', path: '/msi/token', version: '2019-08-01', header: 'x-identity-header', endsAt: String },
  { method: 'GET', path: '/msi/token', version: '2017-09-01', header: 'secret', endsAt: american },
  // Cloud Shell, which speaks as the extension for virtual machines did: what MSI_ENDPOINT alone stands for.
  { method: 'POST', path: '/msi/token', header: 'metadata', endsAt: String },
  // The metadata service of a virtual machine.
  { method: 'GET', path: '/metadata/identity/oauth2/token', header: 'metadata', endsAt: String },
];

async function answer(parts: ManagedIdentityParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const path = url.pathname.replace(/\/$/, '');
  const shapes = SHAPES.filter((shape) => shape.method === request.method && shape.path === path);
  if (shapes.length === 0) {
    return parts.unmodelled.refuse(
      response,
      `The simulator does not model: ${request.method} managed identity ${url.pathname}`,
    );
  }
  const query =
    request.method === 'POST' ? new URLSearchParams(Buffer.from(await readBody(request)).toString()) : url.searchParams;
  const version = query.get('api-version');
  const shape = shapes.find((one) => one.version === undefined || one.version === version);
  if (shape === undefined) return refuse(response, `Invalid api-version '${version}'`);
  if (!request.headers[shape.header]) return refuse(response, `Required ${shape.header} header not specified`);
  const resource = query.get('resource');
  if (!resource) return refuse(response, "'resource' query parameter is missing");
  const principal = identity(parts, query);
  if (principal === undefined) return refuse(response, 'Identity not found');
  const issued = await parts.tokens.issue(principal, resource);
  sendJson(response, 200, {
    access_token: issued.token,
    client_id: principal.clientId,
    expires_in: String(issued.expiresIn),
    expires_on: shape.endsAt(issued.expiresOn),
    resource,
    token_type: 'Bearer',
  });
}

/** The identity asked for by client or object id; the default one when none is named. 2017-09-01 calls it `clientid`. */
function identity(parts: ManagedIdentityParts, query: URLSearchParams): Principal | undefined {
  const objectId = query.get('object_id') ?? query.get('principal_id');
  const clientId = query.get('client_id') ?? query.get('clientid') ?? parts.clientId;
  return parts.world.read(({ principals }) =>
    objectId === null
      ? principals[clientId]
      : Object.values(principals).find((principal) => principal.objectId === objectId),
  );
}

/** `11/05/2021 15:18:31 +00:00` */
function american(seconds: number): string {
  const [date = '', time = ''] = new Date(seconds * 1000).toISOString().split(/[T.]/);
  const [year, month, day] = date.split('-');
  return `${month}/${day}/${year} ${time} +00:00`;
}

function refuse(response: ServerResponse, message: string): void {
  sendJson(response, 400, { error: 'invalid_request', error_description: message, statusCode: 400, message });
}
