import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import { type Simulator, startSimulator } from '../../../simulator/adapters/simulator.ts';
import { tinyFiles } from './tiny-app.ts';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ timeScale: 60, package: zipSync(tinyFiles()), hosts: 'names' });
});

afterAll(() => simulator.stop());

test('apps and SCM sites are named as on azurewebsites.net, and their certificates hold for the names', async () => {
  const { productionUrl, scmUrl } = simulator.ready;
  expect(productionUrl).toMatch(/^https:\/\/shop\.azurewebsites\.localhost:\d+$/);
  expect(scmUrl).toMatch(/^https:\/\/shop\.scm\.azurewebsites\.localhost:\d+$/);
  expect(await visit(productionUrl, '/hello')).toMatchObject({
    status: 200,
    text: expect.stringContaining('"/hello"'),
  });
  expect(await visit(scmUrl, '/api/deployments')).toMatchObject({ status: 401 });
  expect(await visit(productionUrl.replace('//shop', '//nobody'), '/')).toMatchObject({ status: 404 });
});

/** Visits a name without asking anyone what it leads to: not every machine knows what lies below `localhost`. */
function visit(origin: string, path: string): Promise<{ status: number | undefined; text: string }> {
  const { hostname, port, host } = new URL(origin);
  const ca = readFileSync(simulator.ready.caFile, 'utf8');
  return new Promise((resolve, reject) => {
    const asked = { host: '127.0.0.1', servername: hostname, port, path, headers: { host }, ca, agent: false as const };
    const sent = request(asked, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
    sent.on('error', reject);
    sent.end();
  });
}
