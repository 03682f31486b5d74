import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';
import type { HttpRequest, Send } from '../ports.ts';

/** Lets the identity library send through the `send` port. */
export async function identityTransport(send: Send, signal?: AbortSignal): Promise<{ httpClient: HttpClient }> {
  const { createHttpHeaders } = await import('@azure/core-rest-pipeline');
  const httpClient: HttpClient = {
    async sendRequest(request) {
      const body = bodyOf(request);
      const answer = await send(
        {
          method: methodOf(request),
          url: request.url,
          headers: request.headers.toJSON(),
          ...(body === undefined ? {} : { body }),
          timeoutMs: request.timeout > 0 ? request.timeout : 60_000,
        },
        signal,
      );
      return {
        request,
        status: answer.status,
        headers: createHttpHeaders(answer.headers),
        bodyAsText: new TextDecoder().decode(answer.body),
      };
    },
  };
  return { httpClient };
}

function methodOf({ method }: PipelineRequest): HttpRequest['method'] {
  if (method === 'OPTIONS' || method === 'TRACE') throw new Error(`The sign-in sends no ${method}.`);
  return method;
}

function bodyOf({ body }: PipelineRequest): string | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return body;
  throw new Error('The sign-in sends text only.');
}
