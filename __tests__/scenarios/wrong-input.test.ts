import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Inputs, startAction } from './action.ts';

let azure: Server;
let asked = 0;
let folder: string;
let environment: Inputs;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zdd-scenario-'));
  azure = createServer((socket) => {
    asked += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => azure.once('listening', resolve));
  const origin = `https://localhost:${(azure.address() as AddressInfo).port}`;
  environment = {
    origin,
    AZURE_CLIENT_ID: '5a445a44-0000-4000-8000-000000000003',
    AZURE_TENANT_ID: '5a445a44-0000-4000-8000-000000000001',
    AZURE_SUBSCRIPTION_ID: '5a445a44-0000-4000-8000-000000000002',
    AZURE_CLIENT_SECRET: 'Hidden-4711',
    AZURE_AUTHORITY_HOST: origin,
  };
});
afterAll(() => {
  azure.close();
  rmSync(folder, { recursive: true });
});

function run(name: string, inputs: Inputs) {
  const known = { 'resource-group': 'shop-rg', 'app-name': 'shop', 'azure-environment': environment.origin ?? '' };
  return startAction(join(folder, name), { ...known, ...inputs }, environment).ended;
}

test('wrong input must stop before anything is asked of Azure, naming every mistake at once', async () => {
  const { code, log, summary, outputs } = await run('wrong', {
    phase: 'clone, swich',
    'soak-seconds': 'soon',
    'dry-run': 'yes',
    'max-errors': '-1',
  });
  expect(code).toBe(1);
  for (const name of ['phase', 'soak-seconds', 'dry-run', 'max-errors']) expect(log).toContain(`Input ${name} `);
  expect(summary).toContain('Nothing was done.');
  expect(log.replace(/^::add-mask::.*\n/gm, '')).not.toContain('Hidden-4711');
  expect(outputs).toEqual({});
  expect(asked).toBe(0);
});

test('the same run with right input does ask', async () => {
  const { code } = await run('right', { phase: 'status' });
  expect(code).toBe(1);
  expect(asked).toBeGreaterThan(0);
}, 60_000);
