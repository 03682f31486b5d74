import { ClientAssertionCredential, ClientSecretCredential, ManagedIdentityCredential } from '@azure/identity';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { makeCertificates } from '../../../simulator/adapters/certificates.ts';
import { entraAuthority } from '../../../simulator/adapters/entra.ts';
import { type Listener, listenHttp, listenHttps } from '../../../simulator/adapters/listeners.ts';
import { managedIdentity } from '../../../simulator/adapters/managed-identity.ts';
import type { RunningWorld } from '../../../simulator/adapters/running-world.ts';
import { makeTokens, type Tokens } from '../../../simulator/adapters/tokens.ts';
import { unmodelledRequests } from '../../../simulator/adapters/unmodelled.ts';
import type { Principal, World } from '../../../simulator/model/world.ts';

const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const ISSUER = 'https://token.actions.githubusercontent.com';
const AUDIENCE = 'api://AzureADTokenExchange';
const SUBJECT = 'repo:contoso/shop:environment:production';
const SCOPE = 'https://management.azure.com/.default';
const principal: Principal = {
  clientId: '11111111-0000-4000-8000-000000000001',
  objectId: '22222222-0000-4000-8000-000000000002',
  name: 'deployer',
  clientSecret: 'a secret',
  federated: [{ issuer: ISSUER, subject: SUBJECT, audience: AUDIENCE }],
  roles: [],
};
const world = { tenantId: TENANT, principals: { [principal.clientId]: principal } } as unknown as World;
const running: RunningWorld = {
  read: (look) => look(world, 0),
  change: (act) => act(world, 0),
  onChange: () => {},
  now: () => 0,
  stop: () => {},
};

const certificates = await makeCertificates();
const github = await generateKeyPair('RS256');
const stranger = await generateKeyPair('RS256');
const unmodelled = unmodelledRequests();
let tokens: Tokens;
let authority: Listener;
let identity: Listener;

beforeAll(async () => {
  tokens = await makeTokens(TENANT, 60);
  [authority, identity] = await Promise.all([listenHttps(certificates), listenHttp()]);
  const issuers = new Map([[ISSUER, { keys: [await exportJWK(github.publicKey)] }]]);
  authority.answer(entraAuthority({ origin: authority.origin, world: running, tokens, issuers, unmodelled }));
  identity.answer(managedIdentity({ world: running, tokens, clientId: principal.clientId, unmodelled }));
});

afterAll(async () => {
  await Promise.all([authority.close(), identity.close()]);
  expect(unmodelled.seen).toEqual([]);
});

afterEach(() => {
  delete process.env.IDENTITY_ENDPOINT;
  delete process.env.IDENTITY_HEADER;
});

test('@azure/identity signs in with a client secret; the token lives a simulated hour and names its client', async () => {
  const before = Date.now();
  const { token, expiresOnTimestamp } = await withSecret('a secret').getToken(SCOPE);
  expect(expiresOnTimestamp - before).toBeGreaterThan(55_000);
  expect(expiresOnTimestamp - before).toBeLessThan(65_000);
  expect(decodeJwt(token)).toMatchObject({
    aud: 'https://management.azure.com',
    appid: principal.clientId,
    oid: principal.objectId,
    tid: TENANT,
  });
  expect(await tokens.verify(token)).toEqual({
    clientId: principal.clientId,
    audience: 'https://management.azure.com',
  });
});

test('a wrong secret and an unknown client are refused with the codes of Entra', async () => {
  await expect(withSecret('another').getToken(SCOPE)).rejects.toThrow('AADSTS7000215');
  const unknown = new ClientSecretCredential(TENANT, principal.objectId, 'a secret', options());
  await expect(unknown.getToken(SCOPE)).rejects.toThrow('AADSTS700016');
});

test('a federated assertion signs in when issuer, subject, audience, key and time are right', async () => {
  expect(await signIn({})).toMatchObject({ token: expect.any(String) });
});

test.each([
  ['another issuer', { issuer: 'https://elsewhere.example' }, 'AADSTS700211'],
  ['another subject', { subject: 'repo:contoso/shop:ref:refs/heads/main' }, 'AADSTS700213'],
  ['another audience', { audience: 'https://github.com/contoso' }, 'AADSTS700212'],
  ['another key', { key: stranger.privateKey }, 'AADSTS700027'],
  ['an assertion that has expired', { expiresAt: Math.floor(Date.now() / 1000) - 10 }, 'AADSTS700024'],
])('%s is refused', async (_what, different, code) => {
  await expect(signIn(different)).rejects.toThrow(code);
});

test('@azure/identity gets a token from the managed identity endpoint', async () => {
  process.env.IDENTITY_ENDPOINT = `${identity.origin}/msi/token`;
  process.env.IDENTITY_HEADER = 'whatever';
  const { token } = await new ManagedIdentityCredential().getToken('https://database.windows.net/.default');
  expect(await tokens.verify(token)).toMatchObject({ clientId: principal.clientId });
});

test('the metadata service of a machine answers too, and only with its header', async () => {
  const url = `${identity.origin}/metadata/identity/oauth2/token?resource=https://management.azure.com/`;
  expect((await fetch(url)).status).toBe(400);
  const answer = (await (await fetch(url, { headers: { metadata: 'true' } })).json()) as { access_token: string };
  expect(await tokens.verify(answer.access_token)).toMatchObject({ audience: 'https://management.azure.com/' });
});

test.each([
  ['2019-08-01', 'x-identity-header', /^\d+$/],
  ['2017-09-01', 'secret', /^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d \+00:00$/],
])(
  'App Service answers in version %s, to its header %s, with the end in its own form',
  async (version, header, form) => {
    const url = `${identity.origin}/msi/token/?resource=https://management.azure.com/&api-version=${version}`;
    expect((await fetch(url)).status).toBe(400);
    const answer = (await (await fetch(url, { headers: { [header]: 'x' } })).json()) as Record<string, string>;
    expect(answer.expires_on).toMatch(form);
    expect(await tokens.verify(answer.access_token ?? '')).toMatchObject({ clientId: principal.clientId });
  },
);

test('App Service refuses a version that it does not have; Cloud Shell posts a form', async () => {
  const endpoint = `${identity.origin}/msi/token`;
  const resource = 'resource=https%3A%2F%2Fmanagement.azure.com%2F';
  const headers = { 'x-identity-header': 'x', secret: 'x', metadata: 'true' };
  expect((await fetch(`${endpoint}?${resource}&api-version=2018-01-01`, { headers })).status).toBe(400);
  const posted = await fetch(endpoint, { method: 'POST', headers, body: new URLSearchParams(resource) });
  expect(await posted.json()).toMatchObject({ client_id: principal.clientId, token_type: 'Bearer' });
});

test('a token of a stranger and a changed one are not accepted', async () => {
  const { token } = await withSecret('a secret').getToken(SCOPE);
  expect(await tokens.verify(`${token.slice(0, -4)}AAAA`)).toHaveProperty('refused');
  expect(await (await makeTokens(TENANT, 60)).verify(token)).toHaveProperty('refused');
});

function options() {
  return {
    authorityHost: authority.origin,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: certificates.ca },
    retryOptions: { maxRetries: 0 },
  };
}

function withSecret(secret: string): ClientSecretCredential {
  return new ClientSecretCredential(TENANT, principal.clientId, secret, options());
}

function signIn(different: {
  issuer?: string;
  subject?: string;
  audience?: string;
  key?: typeof github.privateKey;
  expiresAt?: number;
}) {
  const assertion = () =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(different.issuer ?? ISSUER)
      .setSubject(different.subject ?? SUBJECT)
      .setAudience(different.audience ?? AUDIENCE)
      .setExpirationTime(different.expiresAt ?? Math.floor(Date.now() / 1000) + 300)
      .sign(different.key ?? github.privateKey);
  return new ClientAssertionCredential(TENANT, principal.clientId, assertion, options()).getToken(SCOPE);
}
