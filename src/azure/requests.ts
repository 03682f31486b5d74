import type { Arm, AzureAnswer, AzureRequest } from './arm.ts';
import { SQL_VERSION, WEB_VERSION } from './management-clients.ts';
import type { PlainRequest } from './transport.ts';

/** A plain request to Microsoft.Sql: for what begins a long operation, which must go out once and is polled by ourselves. */
export const sql = plainly(SQL_VERSION);

/** A plain request to Microsoft.Web: for swaps and creations, which go out once, and for properties sent as they are named. */
export const web = plainly(WEB_VERSION);

/** The body as the shape that the api-version promises. */
export function read<T>(answer: AzureAnswer): T {
  return answer.json() as T;
}

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

function plainly(version: string) {
  return (
    arm: Arm,
    what: string,
    method: AzureRequest['method'],
    at: string,
    more: Partial<AzureRequest> = {},
  ): Promise<AzureAnswer> => arm.request({ what, method, at, version, ...more });
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
