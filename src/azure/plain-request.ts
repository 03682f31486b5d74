import type { AzureRequest } from './arm.ts';
import type { PlainRequest } from './transport.ts';

/** The message of a request that no operation of a management client stands for. */
export function plainRequest(base: string, request: AzureRequest): PlainRequest {
  const body = bodyOf(request.body);
  const headers = {
    accept: 'application/json',
    ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
    ...request.headers,
  };
  return { method: request.method, url: urlOf(base, request), headers, ...(body === undefined ? {} : { body }) };
}

function urlOf(base: string, { at, version }: AzureRequest): string {
  // A `#` in the name of a database is no fragment: without it the request would go to another database.
  const url = new URL(at.replaceAll('#', '%23'), base);
  if (version !== undefined && !url.searchParams.has('api-version')) url.searchParams.set('api-version', version);
  return url.href;
}

function bodyOf(body: unknown): string | Uint8Array | undefined {
  if (body === undefined || body instanceof Uint8Array) return body;
  return JSON.stringify(body);
}
