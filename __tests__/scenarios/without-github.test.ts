import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Ready } from '../../simulator/adapters/options.ts';
import { openShop, type Shop, story } from './shop-in-azure.ts';

const CLI = join(import.meta.dirname, '../../dist/cli.js');
const folder = mkdtempSync(join(tmpdir(), 'zdd-laptop-'));

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  writeFileSync(join(folder, 'session.mjs'), session(shop.azure.ready));
  writeFileSync(join(folder, 'az'), `#!/bin/sh\nexec "${process.execPath}" "${join(folder, 'session.mjs')}" "$@"\n`);
  chmodSync(join(folder, 'az'), 0o755);
});
afterAll(async () => {
  await shop.close();
  rmSync(folder, { recursive: true });
});

test('when GitHub is down in the window a person brings the live build back from a laptop', async () => {
  await shop.green('clone,read-only,switch,deploy');
  const back = await fromLaptop('rollback,validate,complete,cleanup', '--rollback-scope', 'auto');
  expect(back.said).toMatch(/Visitors are on the build of before deployment \S+ \(rolled back\)/);
  expect([back.code, back.outputs]).toEqual([0, expect.stringContaining('state=none')]);
  const visits = await shop.visits();
  expect(story(visits).at(-1)).toBe('live build 1.0.0');
  expect(shop.left().filter((line) => !line.includes('-failed'))).toEqual([]);
}, 120_000);

test('a wrong flag is refused by its name, and nothing is done', async () => {
  const wrong = await fromLaptop('rollback', '--rollback-scop', 'auto');
  expect([wrong.code, wrong.said]).toEqual([2, expect.stringContaining("Unknown option '--rollback-scop'")]);
});

/** One command, in an environment in which nothing is of GitHub. */
async function fromLaptop(phases: string, ...more: string[]) {
  const { ready } = shop.azure;
  const app = ['--resource-group', ready.resourceGroup, '--app-name', ready.appName];
  const checks = [
    '--health-path',
    '/health',
    '--health-timeout',
    '3000',
    '--drain-seconds',
    '1200',
    '--soak-seconds',
    '60',
  ];
  const query = ['--schema-version-query', 'SELECT MAX(Version) FROM SchemaVersion'];
  const flags = [...app, '--azure-environment', ready.resourceManager, ...checks, ...query, ...more];
  const child = spawn(process.execPath, [CLI, phases, ...flags], {
    cwd: folder,
    env: {
      PATH: [folder, process.env.PATH].join(delimiter),
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      AZURE_SUBSCRIPTION_ID: ready.subscriptionId,
      AZURE_TENANT_ID: ready.tenantId,
      NODE_EXTRA_CA_CERTS: ready.caFile,
      ZDD_CLOCK_RATE: String(ready.timeScale),
    },
  });
  const [outputs, said, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { outputs, said, code };
}

/** The Azure CLI as far as its session goes: it hands out a token, and knows nothing else. */
function session({ authority, tenantId, clientId, clientSecret, subscriptionId }: Ready): string {
  return `const given = process.argv.slice(2);
    if (given.slice(0, 2).join(' ') !== 'account get-access-token') process.exit(2);
    // https://github.com/Azure/azure-cli/blob/dev/src/azure-cli/azure/cli/command_modules/profile/custom.py
    if (given.includes('--subscription') && given.includes('--tenant')) {
      console.error('ERROR: Please specify only one of subscription and tenant, not both');
      process.exit(1);
    }
    const scope = given[given.indexOf('--resource') + 1] + '/.default';
    const body = new URLSearchParams({
      grant_type: 'client_credentials', client_id: '${clientId}', client_secret: '${clientSecret}', scope,
    });
    const answer = await fetch('${authority}/${tenantId}/oauth2/v2.0/token', { method: 'POST', body });
    const { access_token, expires_in } = await answer.json();
    const expires_on = Math.floor(Date.now() / 1000) + expires_in;
    console.log(JSON.stringify({
      accessToken: access_token, expires_on, tokenType: 'Bearer', subscription: '${subscriptionId}', tenant: '${tenantId}',
    }));`;
}
