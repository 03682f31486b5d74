import { expect, test } from '@jest/globals';
import { cloudAt, cloudOf } from '../../src/azure/cloud.ts';
import { answer, answersInTurn, bench } from './support.ts';

test('a request must carry the token, and the token must be masked before it is sent', async () => {
  const send = answersInTurn(answer(200, {}));
  const { arm, log } = await bench(async (request) => {
    expect(log.secrets).toContain('the-token');
    return send(request);
  });
  await arm.request({ what: 'read it', method: 'GET', at: '/subscriptions/1', version: '2020-01-01' });
  expect(send.sent[0]).toMatchObject({
    url: 'https://management.azure.com/subscriptions/1?api-version=2020-01-01',
    headers: { authorization: 'Bearer the-token' },
  });
});

test("Azure's time must be the latest that an answer carried, never ahead of it", async () => {
  const later = 'Thu, 01 Jan 2026 10:00:05 GMT';
  const send = answersInTurn(
    answer(200, {}, { date: later }),
    answer(404, {}, { date: 'Thu, 01 Jan 2026 10:00:01 GMT' }),
    answer(200, {}),
  );
  const { arm } = await bench(send);
  expect(arm.azureTime()).toBeUndefined();
  for (const at of ['/1', '/2', '/3']) await arm.request({ what: 'read', method: 'GET', at, accept: [404] });
  expect(arm.azureTime()).toBe(Date.parse(later));
});

test('an SCM request must go to the SCM host, and only there', async () => {
  const send = answersInTurn(answer(200, {}));
  const { arm } = await bench(send);
  const scmHost = 'shop.scm.azurewebsites.net';
  await arm.request({ what: 'read it', method: 'GET', at: '/api/x', scmHost });
  expect(send.sent[0]?.url).toBe('https://shop.scm.azurewebsites.net/api/x');
  const elsewhere = arm.request({
    what: 'read it',
    method: 'GET',
    at: 'http://shop.scm.azurewebsites.net:80/api',
    scmHost,
  });
  await expect(elsewhere).rejects.toThrow('another host');
});

test('a cloud of our own must be described by its resource manager', async () => {
  const send = answersInTurn(
    answer(200, {
      resourceManager: 'https://localhost:4000/',
      authentication: { loginEndpoint: 'https://localhost:4001/', audiences: ['https://management.core.windows.net/'] },
      suffixes: { sqlServerHostname: '.database.local' },
    }),
  );
  expect(await cloudOf({ kind: 'own', resourceManager: 'https://localhost:4000' }, send)).toEqual({
    name: 'own',
    resourceManager: 'https://localhost:4000',
    authority: 'https://localhost:4001',
    armScope: 'https://management.core.windows.net/.default',
    sqlScope: 'https://database.local/.default',
    vaultSuffix: 'vault.azure.net',
    storageSuffix: 'core.windows.net',
  });
});

test.each([
  ['management.azure.com', 'public'],
  ['WestEurope.Management.Azure.com.', 'public'],
  ['management.usgovcloudapi.net', 'government'],
  ['management.chinacloudapi.cn', 'china'],
  ['notmanagement.azure.com', undefined],
  ['localhost', undefined],
])('%s is the resource manager of %s', (host, cloud) => {
  expect(cloudAt(host)).toBe(cloud);
});

test.each([
  ['answers an error', answer(500), 'it answered 500'],
  ['does not answer', new Error('ECONNREFUSED'), 'ECONNREFUSED'],
  ['names no authority', answer(200, { authentication: {} }), 'loginEndpoint is undefined'],
  ['names one without TLS', answer(200, { authentication: { loginEndpoint: 'http://x' } }), 'http://x'],
])('a resource manager that %s must be refused as bad input', async (_what, said, words) => {
  const asked = cloudOf({ kind: 'own', resourceManager: 'https://localhost:4000' }, answersInTurn(said));
  await expect(asked).rejects.toMatchObject({ kind: 'bad-input', happened: expect.stringContaining(words) });
});
