import { expect, test } from '@jest/globals';
import type { Cloud } from '../../src/azure/cloud.ts';
import { signIn } from '../../src/azure/sign-in.ts';
import type { HttpRequest, HttpResponse } from '../../src/ports.ts';
import type { Identity } from '../../src/settings/azure.ts';
import { answer, heardLog, virtualClock } from './support.ts';

const cloud: Cloud = {
  name: 'own',
  resourceManager: 'https://arm.local',
  authority: 'https://entra.local',
  armScope: 'https://arm.local/.default',
  sqlScope: 'https://sql.local/.default',
  vaultSuffix: 'vault.azure.net',
  storageSuffix: 'core.windows.net',
};
const nothing: Identity = {
  clientId: undefined,
  tenantId: undefined,
  subscriptionId: undefined,
  clientSecret: undefined,
  oidc: undefined,
  managedIdentity: undefined,
  authorityHost: undefined,
};
const tenantId = '11111111-1111-1111-1111-111111111111';
const clientId = '22222222-2222-2222-2222-222222222222';
const oidc = { requestUrl: 'https://github.local/token?api-version=2', requestToken: 'runner-token' };

/** An Entra that issues tokens of `lifetime` seconds, or refuses; and GitHub's token service, whose assertions are numbered. */
function entra(refuse: (form: URLSearchParams) => boolean = () => false, lifetime = 3600) {
  const forms: URLSearchParams[] = [];
  let assertions = 0;
  const send = async ({ url, body, headers }: HttpRequest): Promise<HttpResponse> => {
    const { hostname, pathname, searchParams } = new URL(url);
    if (hostname === 'github.local') {
      expect(headers.authorization).toBe('Bearer runner-token');
      expect(searchParams.get('audience')).toBe('api://AzureADTokenExchange');
      expect(searchParams.get('api-version')).toBe('2');
      assertions += 1;
      return answer(200, { value: `assertion-${assertions}` });
    }
    if (hostname !== 'entra.local') throw new Error(`Nobody is asked at ${hostname}`);
    if (pathname.endsWith('/openid-configuration')) {
      const base = `https://entra.local/${tenantId}`;
      return answer(200, {
        token_endpoint: `${base}/oauth2/v2.0/token`,
        authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
        issuer: `${base}/v2.0`,
        jwks_uri: `${base}/keys`,
      });
    }
    const form = new URLSearchParams(String(body));
    forms.push(form);
    if (refuse(form))
      return answer(401, { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid secret.' });
    return answer(200, { token_type: 'Bearer', expires_in: lifetime, access_token: `token-${forms.length}` });
  };
  return { send, forms };
}

function ports(send: ReturnType<typeof entra>['send']) {
  return { send, clock: virtualClock(), log: heardLog() };
}

test("GitHub's OIDC token must be used first, with a new assertion for each refresh", async () => {
  const { send, forms } = entra(undefined, 1);
  const heard = ports(send);
  const credential = await signIn({ ...nothing, clientId, tenantId, oidc, clientSecret: 'secret' }, cloud, heard);
  await credential.getToken(cloud.sqlScope);
  await credential.getToken(cloud.sqlScope);
  const assertions = forms.map((form) => form.get('client_assertion'));
  expect(assertions[0]).toBe('assertion-1');
  expect(new Set(assertions).size).toBe(3);
  expect(forms.map((form) => form.get('scope'))).toEqual([
    expect.stringContaining(cloud.armScope),
    expect.stringContaining(cloud.sqlScope),
    expect.stringContaining(cloud.sqlScope),
  ]);
  expect(heard.log.secrets).toEqual(expect.arrayContaining(['assertion-1', 'token-1']));
  expect(heard.log.sentences).toContain(`Signed in with GitHub's OIDC token (client ${clientId}).`);
});

test('the client secret must be used when there is no OIDC token', async () => {
  const { send, forms } = entra();
  await signIn({ ...nothing, clientId, tenantId, clientSecret: 'secret' }, cloud, ports(send));
  expect(forms.map((form) => form.get('client_secret'))).toEqual(['secret']);
});

test('the next way must be tried when one is refused', async () => {
  const { send, forms } = entra((form) => form.has('client_assertion'));
  await signIn({ ...nothing, clientId, tenantId, oidc, clientSecret: 'secret' }, cloud, ports(send));
  expect(forms.map((form) => (form.has('client_assertion') ? 'assertion' : 'secret'))).toEqual(['assertion', 'secret']);
});

test('when no way works, each that was tried must be named with its reason', async () => {
  const { send } = entra(() => true);
  const signedIn = signIn({ ...nothing, clientId, tenantId, clientSecret: 'hush-hush' }, cloud, ports(send));
  const failure: unknown = await signedIn.catch((error: unknown) => error);
  expect(String(failure)).toMatch(/the client secret \(client 2222.*AADSTS7000215: Invalid secret/);
  expect(String(failure)).toMatch(/the Azure CLI's session \(azure\/login, az login\): /);
  expect(String(failure)).not.toContain('hush-hush');
});

test('a job without the permission for OIDC must be told so', async () => {
  const { send } = entra();
  const signedIn = signIn({ ...nothing, clientId, tenantId }, cloud, ports(send));
  await expect(signedIn).rejects.toThrow('OIDC was not tried: the job has no `permissions: id-token: write`.');
});

const LOOP = answer(400, { error: 'invalid_grant', error_description: 'AADSTS50196: A client request loop.' });

const PASSING: readonly (readonly [string, HttpResponse])[] = [
  ['a loop of requests', LOOP],
  ['503', answer(503, {})],
  ['429', answer(429, {})],
  ['200 without a token', answer(200, {})],
  [
    'a transient error',
    answer(400, { error: 'invalid_request', error_description: 'AADSTS90033: A transient error has occurred.' }),
  ],
  ['temporarily_unavailable', answer(400, { error: 'temporarily_unavailable', error_description: 'Try again.' })],
];

/** An Entra that gives this answer so many times to who asks for a token. */
function moody(mood: HttpResponse, times: number) {
  const { send, forms } = entra();
  let asked = 0;
  return {
    forms,
    times: () => asked,
    send: async (request: HttpRequest) => {
      if (!new URL(request.url).pathname.endsWith('/token') || asked++ >= times) return send(request);
      return mood;
    },
  };
}

test.each(PASSING)('an Entra that answers %s twice must be asked again', async (_what, mood) => {
  const { send, times } = moody(mood, 2);
  const credential = await signIn({ ...nothing, clientId, tenantId, clientSecret: 'secret' }, cloud, ports(send));
  expect(await credential.getToken(cloud.armScope)).toMatchObject({ token: expect.stringMatching(/^token-/) });
  expect(times()).toBe(3);
});

test('an Entra that takes the requests for a loop must be left alone for a minute each time', async () => {
  const { send } = moody(LOOP, 2);
  const clock = virtualClock();
  const credential = await signIn({ ...nothing, clientId, tenantId, clientSecret: 'secret' }, cloud, {
    ...ports(send),
    clock,
  });
  await credential.getToken(cloud.armScope);
  expect(clock.slept).toEqual([60_000, 60_000]);
});

test.each(PASSING)('an Entra that answers %s for ever has refused nobody', async (_what, mood) => {
  const { send } = moody(mood, Number.POSITIVE_INFINITY);
  const signedIn = signIn({ ...nothing, clientId, tenantId, clientSecret: 'secret' }, cloud, ports(send));
  await expect(signedIn).rejects.toMatchObject({
    happened: expect.stringContaining('Microsoft Entra did not answer: '),
    next: 'Nobody was refused: run the phase again in some minutes. https://azure.status.microsoft tells whether Entra has trouble.',
  });
});
