import { mock } from 'node:test';
import type { TokenCredential } from '@azure/core-auth';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { silentLog } from '../../simulator/in-process/silent-log.ts';
import { EPOCH } from '../../simulator/model/create-world.ts';
import type { Cloud } from '../../src/azure/cloud.ts';
import { signIn } from '../../src/azure/sign-in.ts';
import type { Clock, HttpRequest, HttpResponse, Ports } from '../../src/ports.ts';
import { begin, databaseLines, databases, production, type Trial } from './trial.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LONG_COPY = { durations: { copy: 2.5 * HOUR_MS } };
const TENANT = '33333333-3333-4333-8333-333333333333';
const AUTHORITY = 'https://login.microsoftonline.com';
const CLOUD: Cloud = {
  name: 'public',
  resourceManager: 'https://management.azure.com',
  authority: AUTHORITY,
  armScope: 'https://management.azure.com/.default',
  sqlScope: 'https://database.windows.net/.default',
  vaultSuffix: 'vault.azure.net',
  storageSuffix: 'core.windows.net',
};
const OIDC = { requestUrl: 'https://token.github.local/?api-version=2', requestToken: 'of-the-job' };

// The identity library looks at the machine's clock, in which no virtual time passes: only dates are made to follow.
beforeEach(() => {
  mock.timers.enable({ apis: ['Date'], now: EPOCH });
});
afterEach(() => {
  mock.timers.reset();
});

/**
 * The real credential for GitHub's OIDC token over the `send` port. Behind it an Entra that gives tokens for an hour and takes
 * an assertion for five minutes, and GitHub's token service, whose assertions lie as old in a drawer as `ageMs` says.
 */
function signedInWithGitHub(trial: () => Trial, ageMs: (now: number) => number = () => 0) {
  const seen = { assertions: 0, used: [] as string[], tokens: 0, refused: 0 };
  const endOf = new Map<string, number>();
  let credential: Promise<TokenCredential> | undefined;
  const clientId = () => Object.keys(trial().world.principals)[0] ?? '';

  const gitHub = (now: number) => {
    const issuedAt = now - ageMs(now);
    return json(200, { value: `assertion-${++seen.assertions}-until-${issuedAt + 5 * MINUTE_MS}` });
  };
  const entra = ({ url, body }: HttpRequest, now: number) => {
    if (/discovery\/instance/.test(url)) return json(200, { metadata: [], tenant_discovery_endpoint: configuration });
    if (/openid-configuration/.test(url)) {
      const base = `${AUTHORITY}/${TENANT}`;
      const endpoints = { token_endpoint: `${base}/oauth2/v2.0/token`, authorization_endpoint: `${base}/authorize` };
      return json(200, { ...endpoints, issuer: `${base}/v2.0`, jwks_uri: `${base}/keys` });
    }
    const assertion = new URLSearchParams(String(body)).get('client_assertion') ?? '';
    if (Number(/-until-(\d+)$/.exec(assertion)?.[1] ?? 0) <= now) {
      const description = 'AADSTS700024: Client assertion is not within its valid time range.';
      return json(401, { error: 'invalid_client', error_description: description });
    }
    seen.used.push(assertion);
    const token = `token-${++seen.tokens}`;
    endOf.set(token, now + HOUR_MS);
    return json(200, { token_type: 'Bearer', expires_in: 3600, access_token: token });
  };

  const around = (ports: Ports): Ports => {
    const now = () => ports.clock.now();
    const send = async (request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> => {
      if (request.url.startsWith(OIDC.requestUrl)) return gitHub(now());
      if (request.url.startsWith(AUTHORITY)) return entra(request, now());
      const token = request.headers.authorization?.replace('Bearer ', '');
      if (token === undefined) return ports.send(request, signal);
      if ((endOf.get(token) ?? 0) > now()) {
        const headers = { ...request.headers, authorization: `Bearer ${clientId()}` };
        return ports.send({ ...request, headers }, signal);
      }
      seen.refused++;
      return json(401, { error: { code: 'ExpiredAuthenticationToken', message: 'The access token has expired.' } });
    };
    const identity = { clientId: clientId(), tenantId: TENANT, oidc: OIDC, ...NOTHING_ELSE };
    credential = signIn(identity, CLOUD, { send, clock: ports.clock, log: silentLog });
    const clock: Clock = {
      now,
      async sleep(ms, signal) {
        await ports.clock.sleep(ms, signal);
        mock.timers.setTime(now());
      },
    };
    return { ...ports, send, clock };
  };
  return {
    seen,
    around,
    credential: {
      async getToken(...asked: Parameters<TokenCredential['getToken']>) {
        if (credential === undefined) throw new Error('Nobody has signed in.');
        return (await credential).getToken(...asked);
      },
    } satisfies TokenCredential,
  };
}

const configuration = `${AUTHORITY}/${TENANT}/v2.0/.well-known/openid-configuration`;
const NOTHING_ELSE = {
  subscriptionId: undefined,
  clientSecret: undefined,
  managedIdentity: undefined,
  authorityHost: undefined,
};

function json(status: number, body: unknown): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: new TextEncoder().encode(JSON.stringify(body)),
  };
}

function beginSignedIn(ageMs?: (now: number) => number, of?: Trial) {
  let trial: Trial | undefined;
  const signedIn = signedInWithGitHub(() => trial ?? missing(), ageMs);
  const { around, credential, seen } = signedIn;
  trial = begin({ ...LONG_COPY }, { around, credential, ...(of ? { world: of.world, clock: of.clock } : {}) });
  return { trial, seen };
}

function missing(): never {
  throw new Error('The trial has not begun.');
}

test('during a long copy the identity library asks for token after token, each with an assertion of its own', async () => {
  const { trial, seen } = beginSignedIn();
  await trial.through('clone');
  expect(seen.tokens).toBeGreaterThanOrEqual(3);
  expect(new Set(seen.used).size).toBe(seen.tokens);
  expect(seen.refused).toBe(0);
  expect(databaseLines(trial)).toEqual(['shop READ_WRITE schema 1', 'shop-zdd-<id> READ_ONLY schema 1']);
});

test('an assertion that Entra finds too old ends the run red, and the next run takes the copy up', async () => {
  const { trial } = beginSignedIn((now) => (now > EPOCH + HOUR_MS / 2 ? 6 * MINUTE_MS : 0));
  const { failure } = await trial.run('clone');
  expect(failure?.kind).toBe('failed');
  expect(failure?.happened).toContain('AADSTS700024');
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
  const copies = databases(trial).map(({ databaseId }) => databaseId);
  const { trial: again } = beginSignedIn(undefined, trial);
  await again.through('clone');
  expect(databases(again).map(({ databaseId }) => databaseId)).toEqual(copies);
});
