import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { WebSiteManagementClient } from '@azure/arm-appservice';
import { SqlManagementClient } from '@azure/arm-sql';
import { ClientSecretCredential } from '@azure/identity';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import { type Simulator, startSimulator } from '../../../simulator/adapters/simulator.ts';
import { tinyFiles } from './tiny-app.ts';

let simulator: Simulator;
let ca: string;
let web: WebSiteManagementClient;
let sql: SqlManagementClient;
let credential: ClientSecretCredential;

beforeAll(async () => {
  simulator = await startSimulator({ timeScale: 60, package: zipSync(tinyFiles()), appSettings: { NAME: 'live' } });
  const { ready } = simulator;
  ca = readFileSync(ready.caFile, 'utf8');
  const tls = { tlsOptions: { ca } };
  credential = new ClientSecretCredential(ready.tenantId, ready.clientId, ready.clientSecret, {
    authorityHost: ready.authority,
    disableInstanceDiscovery: true,
    ...tls,
  });
  const options = { endpoint: ready.resourceManager, ...tls };
  web = new WebSiteManagementClient(credential, ready.subscriptionId, options);
  sql = new SqlManagementClient(credential, ready.subscriptionId, options);
});

afterAll(async () => {
  await simulator.stop();
});

test('production serves its build from a process of its own, with its settings', async () => {
  const answer = await visit(simulator.ready.productionUrl, '/hello');
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text)).toMatchObject({ name: 'live', path: '/hello', forwardedFor: '127.0.0.1' });
  expect(simulator.processes.list().map(({ kind, name }) => `${kind} ${name}`)).toEqual(['app shop', 'webjob clock']);
});

test('the resource manager and SCM refuse who brings no token or a wrong one', async () => {
  const { resourceManager, subscriptionId, scmUrl } = simulator.ready;
  const url = `/subscriptions/${subscriptionId}/resourceGroups?api-version=2021-04-01`;
  expect((await visit(resourceManager, url)).status).toBe(401);
  expect((await visit(scmUrl, '/api/deployments')).status).toBe(401);
  const { token } = await credential.getToken('https://database.windows.net/.default');
  expect((await visit(resourceManager, url, { authorization: `Bearer ${token}` })).text).toContain('audience');
});

test('the SDKs read the app and its database', async () => {
  const { resourceGroup, appName, sqlServer, database } = simulator.ready;
  const site = await web.webApps.get(resourceGroup, appName);
  expect(site.defaultHostName).toBe(new URL(simulator.ready.productionUrl).host);
  expect(site.state).toBe('Running');
  expect(await sql.databases.get(resourceGroup, sqlServer, database)).toMatchObject({ status: 'Online' });
});

test('a build that was deployed to a slot and swapped is what visitors get, none of them sees an error', async () => {
  const { resourceGroup, appName } = simulator.ready;
  const site = await web.webApps.get(resourceGroup, appName);
  const slot = await web.webApps.beginCreateOrUpdateSlotAndWait(resourceGroup, appName, 'staging', {
    location: site.location,
    ...(site.serverFarmId === undefined ? {} : { serverFarmId: site.serverFarmId }),
  });
  await web.webApps.updateApplicationSettingsSlot(resourceGroup, appName, 'staging', { properties: { NAME: 'new' } });
  expect((await visit(`https://${slot.defaultHostName}`, '/')).text).toContain('waiting for your content');
  const scm = slot.hostNameSslStates?.find(({ hostType }) => hostType === 'Repository')?.name;
  const { token } = await credential.getToken('https://management.azure.com/.default');
  const deployed = await visit(
    `https://${scm}`,
    '/api/publish?type=zip&clean=true',
    { authorization: `Bearer ${token}`, 'content-type': 'application/zip' },
    { method: 'POST', body: zipSync(tinyFiles()) },
  );
  expect(deployed.status).toBe(200);
  expect(JSON.parse((await visit(`https://${slot.defaultHostName}`, '/')).text)).toMatchObject({ name: 'new' });

  const seen: string[] = [];
  let swapped = false;
  const visitor = (async () => {
    while (!swapped) {
      const answer = await visit(simulator.ready.productionUrl, '/');
      seen.push(answer.status === 200 ? JSON.parse(answer.text).name : String(answer.status));
    }
  })();
  await web.webApps.beginSwapSlotAndWait(
    resourceGroup,
    appName,
    'staging',
    { targetSlot: 'production', preserveVnet: true },
    { updateIntervalInMs: 50 },
  );
  swapped = true;
  await visitor;
  expect([...new Set(seen)]).toEqual(['live', 'new']);
}, 30_000);

test('a request that is not modelled is answered 501, counted and named', async () => {
  const { resourceManager, subscriptionId, resourceGroup, appName, clientId } = simulator.ready;
  simulator.change(({ principals }) =>
    principals[clientId]?.roles.push({ scope: '/', actions: ['*'], notActions: [] }),
  );
  const { token } = await credential.getToken('https://management.azure.com/.default');
  const path = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Web/sites/${appName}/tarot?api-version=2024-11-01`;
  const answer = await visit(resourceManager, path, { authorization: `Bearer ${token}` });
  expect(answer.status).toBe(501);
  expect(answer.text).toContain('tarot');
  expect(simulator.unmodelled).toEqual([expect.stringContaining('tarot')]);
  const state = JSON.parse((await visit(resourceManager, '/simulator/state')).text);
  expect(state.unmodelled).toEqual(simulator.unmodelled);
});

test('variants are switched on and off by name; an unknown one is refused with the known ones', async () => {
  const { resourceManager } = simulator.ready;
  const post = (body: string) =>
    visit(resourceManager, '/simulator/variants', {}, { method: 'POST', body: new TextEncoder().encode(body) });
  expect((await post('{"503-after-swap": true}')).status).toBe(200);
  expect(simulator.read((world) => world.variants['503-after-swap'])).toBe(true);
  await post('{"503-after-swap": false}');
  expect(simulator.read((world) => world.variants['503-after-swap'])).toBe(undefined);
  expect(await post('{"nothing": true}')).toMatchObject({ status: 400, text: expect.stringContaining('late-restart') });
});

test('a build that does not start makes the simulator refuse to start, with nothing left behind', async () => {
  const broken = zipSync({ 'server.js': new TextEncoder().encode('process.exit(1)') });
  await expect(startSimulator({ package: broken })).rejects.toThrow('ended at its start');
});

function visit(
  origin: string,
  path: string,
  headers: Record<string, string> = {},
  { method = 'GET', body }: { method?: string; body?: Uint8Array } = {},
): Promise<{ status: number | undefined; text: string }> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const sent = request({ host: hostname, port, path, method, headers, ca, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
