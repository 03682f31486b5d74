import type { HttpResponse } from '../../../src/ports.ts';
import type { RunningProcess } from '../action-process.ts';
import type { Call } from '../call.ts';
import { isToAzure } from '../call.ts';
import type { Fault } from './fault.ts';

/** What Azure, or a gateway before it, may answer instead. */
export const answers: readonly Fault[] = [
  instead('throttled', 429, {
    what: 'Azure answers 429 with Retry-After',
    headers: { 'retry-after': '17' },
    error: { code: 'TooManyRequests', message: 'The request is being throttled as the limit has been reached.' },
  }),
  instead('error-500', 500, {
    what: 'Azure answers 500 and does nothing',
    error: { code: 'InternalServerError', message: 'There was an unexpected error.' },
  }),
  instead('error-503', 503, {
    what: 'Azure answers 503 and does nothing',
    error: { code: 'ServiceUnavailable', message: 'The service is unavailable.' },
  }),
  instead('token-expired', 401, {
    what: 'the token has expired',
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    error: { code: 'ExpiredAuthenticationToken', message: 'The access token expiry UTC time is earlier than now.' },
  }),
  instead('token-challenged', 401, {
    what: 'Azure asks for a token with further claims',
    headers: {
      'www-authenticate':
        'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="',
    },
    error: { code: 'InvalidAuthenticationToken', message: 'Continuous access evaluation resulted in a challenge.' },
  }),
  {
    name: 'error-502-after',
    passes: true,
    what: 'Azure acts, and a gateway answers 502',
    fits: (call) => call.changes && isToAzure(call),
    atReads: 'never',
    async inject(forward, process) {
      await forward().catch(() => undefined);
      return answer(process, 502, { code: 'BadGateway', message: 'The upstream did not answer.' }) as never;
    },
  },
  {
    name: 'error-500-after',
    passes: true,
    what: 'Azure acts, and answers 500 all the same',
    fits: (call) => call.changes && isToAzure(call),
    atReads: 'never',
    async inject(forward, process) {
      await forward().catch(() => undefined);
      return answer(process, 500, { code: 'InternalServerError', message: 'There was an unexpected error.' }) as never;
    },
  },
  {
    name: 'busy',
    passes: true,
    what: 'Azure refuses because another operation is in progress',
    fits: (call) => call.changes && isToAzure(call) && !isScm(call),
    atReads: 'never',
    async inject(_forward, process, call) {
      await process.clock.sleep(40);
      const error = /Microsoft\.Web/i.test(call.http?.url ?? '')
        ? {
            code: 'Conflict',
            message:
              'Cannot modify this site because another operation is in progress. Details: Id: 4a3b, OperationName: ChangeSiteSettings, CreatedTime: 9/1/2026 8:11:07 AM',
          }
        : {
            code: 'ConflictingDatabaseOperation',
            message: 'An operation on this server and database is in progress. Please wait a few minutes.',
          };
      return answer(process, 409, error) as never;
    },
  },
  {
    name: 'not-there-yet',
    passes: true,
    what: 'what was just made answers 404 once',
    fits: (call, before) =>
      call.http?.method === 'GET' &&
      isToAzure(call) &&
      before.some((other) => other.http?.method === 'PUT' && pathOf(other) === pathOf(call)),
    atReads: 'all',
    async inject(_forward, process) {
      await process.clock.sleep(40);
      return answer(process, 404, { code: 'ResourceNotFound', message: 'The resource was not found.' }) as never;
    },
  },
  {
    name: 'poll-404',
    what: 'the poll of an operation answers 404 once',
    fits: (call) =>
      call.http?.method === 'GET' && /operation(s|results)|AsyncOperation|api\/deployments\//i.test(call.http.url),
    atReads: 'all',
    async inject(_forward, process) {
      await process.clock.sleep(40);
      return answer(process, 404, { code: 'OperationNotFound', message: 'The operation was not found.' }) as never;
    },
  },
];

interface Refusal {
  readonly what: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly error: { readonly code: string; readonly message: string };
}

function instead(name: string, status: number, { what, headers, error }: Refusal): Fault {
  return {
    name,
    what,
    passes: true,
    fits: isToAzure,
    atReads: 'new',
    async inject(_forward, process) {
      await process.clock.sleep(40);
      return answer(process, status, error, headers) as never;
    },
  };
}

function answer(
  { clock }: RunningProcess,
  status: number,
  error: { readonly code: string; readonly message: string },
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return {
    status,
    headers: { date: new Date(clock.now()).toUTCString(), 'content-type': 'application/json', ...headers },
    body: new TextEncoder().encode(JSON.stringify({ error })),
  };
}

function isScm(call: Call): boolean {
  return /\.scm\./.test(call.http?.url ?? '');
}

function pathOf(call: Call): string {
  return new URL(call.http?.url ?? 'https://none').pathname.toLowerCase();
}
