import type { GetTokenOptions } from '@azure/core-auth';
import { expect, test } from '@jest/globals';
import type { Arm } from '../../src/azure/arm.ts';
import { createArm } from '../../src/azure/client.ts';
import { azureSaid } from '../../src/azure/failure.ts';
import { getSite } from '../../src/azure/sites.ts';
import type { HttpRequest, HttpResponse } from '../../src/ports.ts';
import { answer, answersInTurn, heardLog, publicCloud, virtualClock } from './support.ts';

const site = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/sites/web';
const refused = answer(401, { error: { code: 'ExpiredAuthenticationToken', message: 'The token has expired.' } });

/** A sign-in that has a cache, as Azure's libraries have: only claims bring another token out of it. */
function cachingSignIn() {
  let number = 1;
  const asked: GetTokenOptions[] = [];
  return {
    asked,
    async getToken(_scopes: string | string[], options: GetTokenOptions = {}) {
      asked.push(options);
      if (options.claims !== undefined) number++;
      return { token: `token-${number}`, expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
}

async function client(send: (request: HttpRequest) => Promise<HttpResponse>) {
  const credential = cachingSignIn();
  const arm = await createArm({ cloud: publicCloud, credential, send, clock: virtualClock(), log: heardLog() });
  return { arm, credential };
}

const calls: [string, (arm: Arm) => Promise<unknown>][] = [
  ['a read', (arm) => arm.request({ what: 'read it', method: 'GET', at: site, version: '1' })],
  ['a write', (arm) => arm.request({ what: 'write it', method: 'PUT', at: site, version: '1', body: { a: 1 } })],
  ['an operation of a management client', (arm) => getSite(arm, site)],
  ['a request to SCM', (arm) => arm.request({ what: 'ask', method: 'GET', at: '/api', scmHost: 'web.scm.net' })],
];

test.each(calls)('%s whose token is refused must be sent once more, with a new token', async (_what, call) => {
  const send = answersInTurn(
    refused,
    answer(200, {
      id: site,
      name: 'web',
      location: 'x',
      properties: {
        state: 'Running',
        serverFarmId: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/serverfarms/p',
      },
    }),
  );
  const { arm } = await client(send);
  await call(arm);
  const [first, second] = send.sent;
  expect(first?.headers.authorization).toBe('Bearer token-1');
  expect(second?.headers.authorization).toBe('Bearer token-2');
  expect(second).toMatchObject({ method: first?.method, url: first?.url });
  expect(second?.body).toEqual(first?.body);
});

test.each(calls)('%s whose new token is refused, too, must end with what Azure said', async (_what, call) => {
  const send = answersInTurn(refused, refused);
  const { arm } = await client(send);
  const error: unknown = await call(arm).catch((reason: unknown) => reason);
  expect(send.sent).toHaveLength(2);
  expect(azureSaid(error)).toMatchObject({ status: 401, code: 'ExpiredAuthenticationToken' });
  expect(String(error)).toContain('belongs to the tenant of the subscription');
});

test('a challenge that Azure makes itself must be answered with its own claims', async () => {
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
  const header = `Bearer error="insufficient_claims", claims="${btoa(claims)}"`;
  const send = answersInTurn(answer(401, '', { 'www-authenticate': header }), answer(200, {}));
  const { arm, credential } = await client(send);
  await arm.request({ what: 'read it', method: 'GET', at: site, version: '1' });
  expect(credential.asked.at(-1)?.claims).toBe(claims);
});

test('many requests whose token ends at once must share one new token', async () => {
  const { arm, credential } = await client(async ({ headers }) =>
    headers.authorization === 'Bearer token-1' ? refused : answer(200, {}),
  );
  const read = () => arm.request({ what: 'read it', method: 'GET', at: site, version: '1' });
  await Promise.all([read(), read(), read()]);
  expect(credential.asked.filter(({ claims }) => claims !== undefined)).toHaveLength(1);
});
