import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ModelRequest, ModelResponse } from '../model/world.ts';

/** The whole body of a request. Rejects when the client goes away first. */
export async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The caller's address as Azure sees it; `callers` replaces loopback addresses by public ones. */
export function callerOf(request: IncomingMessage, callers: Readonly<Record<string, string>>): string {
  const address = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  return callers[address] ?? address;
}

/** A request as the model takes it; repeated headers are joined as HTTP allows. */
export function modelRequest(
  request: IncomingMessage,
  body: Uint8Array,
  more: { readonly origin: string; readonly from: string; readonly clientId?: string },
): ModelRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: request.method ?? 'GET',
    url: more.origin + pathOf(request),
    headers,
    from: more.from,
    ...(body.length > 0 ? { body } : {}),
    ...(more.clientId === undefined ? {} : { clientId: more.clientId }),
  };
}

/** Path and query; slashes in a row are one, as for Azure, which clients with a slash at the end of a host rely on. */
export function pathOf({ url = '/' }: IncomingMessage): string {
  const [, path = '/', rest = ''] = /^([^?]*)(.*)$/s.exec(url) ?? [];
  return path.replace(/\/{2,}/g, '/') + rest;
}

export function sendModelResponse(response: ServerResponse, answer: ModelResponse): void {
  response.sendDate = false; // the model's date is Azure's
  if (answer.endless) {
    response.writeHead(answer.status, { ...answer.headers });
    response.write(answer.body); // and nothing more: the client goes when it has seen enough
    return;
  }
  response.writeHead(answer.status, { ...answer.headers, 'content-length': answer.body.length });
  response.end(answer.body);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(body);
}

export function sendHtml(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, { 'content-type': 'text/html', 'cache-control': 'no-store' });
  response.end(page);
}
