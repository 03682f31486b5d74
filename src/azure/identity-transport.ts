import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';
import { messageOf } from '../errors.ts';
import type { Clock, HttpRequest, HttpResponse, Log, Send } from '../ports.ts';
import { ENTRA_UNANSWERED, saidBy } from './failure.ts';
import { sendPatiently } from './retry.ts';

interface IdentityPorts {
  readonly send: Send;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
}

interface IdentityTransport {
  readonly httpClient: HttpClient;
  /** The credential, whose error begins with {@link ENTRA_UNANSWERED} when nobody was refused: the library would hide it. */
  explained(credential: TokenCredential): TokenCredential;
}

/**
 * Lets the identity library send through the `send` port, and wait with it: Entra answers 429, 5xx, nothing at all, and errors that
 * pass by themselves.
 */
export async function identityTransport(ports: IdentityPorts): Promise<IdentityTransport> {
  const { createHttpHeaders } = await import('@azure/core-rest-pipeline');
  let unanswered: string | undefined;
  const httpClient: HttpClient = {
    async sendRequest(request) {
      const body = bodyOf(request);
      unanswered = undefined;
      const answer = await patiently(ports, {
        method: methodOf(request),
        url: request.url,
        headers: request.headers.toJSON(),
        ...(body === undefined ? {} : { body }),
        timeoutMs: request.timeout > 0 ? request.timeout : 60_000,
      }).catch((error: unknown) => {
        unanswered = messageOf(error);
        throw error;
      });
      return {
        request,
        status: answer.status,
        headers: createHttpHeaders(answer.headers),
        bodyAsText: textOf(answer),
      };
    },
  };
  return {
    httpClient,
    explained: (credential) => ({
      getToken: (scopes, options) =>
        credential.getToken(scopes, options).catch((cause: unknown) => {
          throw unanswered === undefined ? cause : new Error(`${ENTRA_UNANSWERED}: ${unanswered}`, { cause });
        }),
    }),
  };
}

/** Asking for a token twice harms nobody. The identity endpoint of a machine speaks http, and is not there on others: it is asked once. */
async function patiently({ send, clock, log, signal }: IdentityPorts, request: HttpRequest): Promise<HttpResponse> {
  if (new URL(request.url).protocol !== 'https:') return send(request, signal);
  const what = 'sign in to Microsoft Entra';
  const exchange = async () => {
    const answer = await send(request, signal);
    return { response: asMeant(request, answer) };
  };
  const { response } = await sendPatiently(clock, log, { what, repeat: 'read', signal }, exchange);
  if (response.status !== 429 && response.status < 500) return response;
  throw new Error(`${response.status} ${saidBy(response).message}`);
}

/**
 * An answer without a token and without a reason, and errors that say themselves that they are transient, as the statuses that mean so.
 * https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1, https://learn.microsoft.com/entra/identity-platform/reference-error-codes (AADSTS90033)
 * AADSTS50196, a loop of requests, is a limit: it passes in some minutes when nobody asks meanwhile.
 * https://github.com/AzureAD/microsoft-authentication-library-for-dotnet/issues/2808
 */
function asMeant({ method }: HttpRequest, answer: HttpResponse): HttpResponse {
  const text = textOf(answer);
  if (/\bAADSTS50196\b/.test(text)) return { ...answer, headers: { 'retry-after': '60' }, status: 429 };
  const passes =
    answer.status >= 400
      ? /"(temporarily_unavailable|server_error)"|\bAADSTS90033\b/.test(text)
      : method === 'POST' && !/"access_token"|"error"/.test(text);
  return passes ? { ...answer, status: 503 } : answer;
}

function textOf({ body }: HttpResponse): string {
  return new TextDecoder().decode(body);
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
