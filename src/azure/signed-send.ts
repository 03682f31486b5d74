import type { TokenCredential } from '@azure/core-auth';
import type { HttpRequest, HttpResponse, Send } from '../ports.ts';

/** Sends a request with a bearer token for ARM. `once`: not even a second time when the token is challenged. */
export type SignedSend = (request: HttpRequest, once: boolean, signal?: AbortSignal) => Promise<HttpResponse>;

/**
 * Puts Azure's own authentication policy over the `send` port: it renews tokens in time, refuses to send one over http,
 * and answers a claims challenge (continuous access evaluation) by asking for a new token and sending again.
 */
export async function signedSend(credential: TokenCredential, scope: string, send: Send): Promise<SignedSend> {
  // Loaded here, so that the bundle reads the library only when a phase speaks to Azure.
  const { bearerTokenAuthenticationPolicy, createEmptyPipeline, createHttpHeaders, createPipelineRequest } =
    await import('@azure/core-rest-pipeline');
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: scope }));

  return async (request, once, signal) => {
    let answer: HttpResponse | undefined;
    const httpClient = {
      async sendRequest(signed: ReturnType<typeof createPipelineRequest>) {
        answer = await send({ ...request, headers: signed.headers.toJSON() }, signal);
        const headers = createHttpHeaders(answer.headers);
        // Without the challenge the policy has no reason to send again.
        if (once) headers.delete('www-authenticate');
        return { request: signed, status: answer.status, headers };
      },
    };
    const { url, method } = request;
    const headers = createHttpHeaders({ ...request.headers });
    await pipeline.sendRequest(httpClient, createPipelineRequest({ url, method, headers }));
    if (answer === undefined) throw new Error('The authentication policy answered without sending the request.');
    return answer;
  };
}
