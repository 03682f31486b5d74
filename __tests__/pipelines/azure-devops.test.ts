import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openShop, packageOf, type Shop, story } from '../scenarios/shop-in-azure.ts';
import { type Agent, type Played, startAgent } from './agent.ts';
import { startTokenService, type TokenService } from './token-service.ts';

/** The pipelines as people copy them. */
const ROOT = resolve(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/azure-devops.md'), 'utf8');
const pipelines = [...PAGE.matchAll(/```yaml\n# (\S+)\n([\s\S]*?)```/g)].map(([, name, text = '']) => ({ name, text }));
const [DEPLOY = '', ROLL_BACK = ''] = pipelines.map(({ text }) => text);

const repository = mkdtempSync(join(tmpdir(), 'zdd-contoso-'));
let tokens: TokenService;
let shop: Shop;
let agent: Agent;

beforeAll(async () => {
  tokens = await startTokenService('token-of-the-job');
  const { issuer, subject, keys } = tokens;
  shop = await openShop({
    federated: [{ issuer, subject, audience: 'api://AzureADTokenExchange' }],
    issuers: { [issuer]: keys },
  });
  const { ready } = shop.azure;
  const migrate = packageOf('v2').replace(/v2\.zip$/, 'v2/migrate.js');
  const scripts = { package: `cp "${packageOf('v2')}" package.zip`, migrate: `node "${migrate}"` };
  writeFileSync(join(repository, 'package.json'), JSON.stringify({ name: 'shop', private: true, scripts }));
  agent = startAgent(
    { self: repository, zdd: ROOT },
    {
      ...tokens.variables(ready.clientId, ready.tenantId),
      AZURE_AUTHORITY_HOST: ready.authority,
      NODE_EXTRA_CA_CERTS: ready.caFile,
      ZDD_CLOCK_RATE: String(ready.timeScale),
    },
  );
});
afterAll(async () => {
  await shop.close();
  await tokens.close();
  rmSync(repository, { recursive: true, force: true });
});

test('the page has both pipelines', () => {
  expect(pipelines.map(({ name }) => name)).toEqual(['azure-pipelines.yml', 'azure-pipelines-rollback.yml']);
});

test('a pipeline without anything of GitHub deploys to the end, through the gate of its environment', async () => {
  const played = await play(DEPLOY);
  expect({ ...played.stages, gates: played.gates, errors: played.issues.filter(isError) }).toEqual({
    build: 'succeeded',
    prepare: 'succeeded',
    update: 'succeeded',
    complete: 'succeeded',
    report: 'succeeded',
    gates: ['complete: production'],
    errors: [],
  });
  expect(played.outputs.state).toBe('none');
  expect(played.log).toMatch(/Signed in with Azure DevOps's OIDC token/);
  expect(played.log).not.toMatch(/GITHUB|Password=(?!\*)/);
  expect(tokens.asked()).toBeGreaterThanOrEqual(4);
}, 180_000);

test('a new build that is not good is not completed, and the other pipeline brings the live build back', async () => {
  writeFileSync(
    join(repository, 'package.json'),
    readFileSync(join(repository, 'package.json'), 'utf8').replace(packageOf('v2'), packageOf('brokenV2')),
  );
  // All of it is waited for, with one start after the other.
  const played = await play(DEPLOY, {}, 1000);
  expect(played.stages).toEqual({ build: 'succeeded', prepare: 'succeeded', update: 'failed', report: 'succeeded' });
  expect(played.issues.join('\n')).toMatch(/Production|visitors/i);
  const back = await play(ROLL_BACK, { scope: 'auto' });
  expect([back.stages, back.gates]).toEqual([{ back: 'succeeded', complete: 'succeeded' }, ['complete: production']]);
  expect(story(await shop.visits()).at(-1)).toMatch(/^(live|new) build 2\.0\.0$/);
}, 240_000);

function play(
  pipeline: string,
  parameters: Readonly<Record<string, string>> = {},
  healthTimeout = 3000,
): Promise<Played> {
  const { ready } = shop.azure;
  const own = pipeline
    .replaceAll(
      '--resource-group shop --app-name shop',
      `--resource-group ${ready.resourceGroup} --app-name ${ready.appName}`,
    )
    .replaceAll('00000000-0000-0000-0000-000000000000', ready.subscriptionId);
  // What an Azure of one's own needs beside, where apps take real time to start.
  return agent.play(own, {
    parameters,
    append: { app: `--azure-environment ${ready.resourceManager} --health-timeout ${healthTimeout} --soak-seconds 60` },
  });
}

function isError(issue: string): boolean {
  return /What happened|failed/i.test(issue);
}
