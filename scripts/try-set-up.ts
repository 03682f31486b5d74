import { deepEqual, equal, match } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startSimulator } from '../simulator/adapters/simulator.ts';
import { azureCli } from './azure-cli/cli.ts';
import { proxyToThisMachine } from './azure-cli/proxy.ts';
import { deployer, preparer } from './roles.ts';
import type { GitHubState } from './set-up-trial/gh.ts';

/**
 * Runs scripts/set-up with the Azure CLI on the simulator and with a stub of GitHub's CLI: `npm run try-set-up`, about five minutes. Needs
 * `az` and `jq`. It is refused, stopped in the middle, run again, run once more, and run for a second identity.
 */
const changes: string[] = [];
const simulator = await startSimulator({
  timeScale: 60,
  hosts: 'names',
  observe: ({ method, url }, { status }) => {
    const isChange = /PUT|PATCH|DELETE/.test(method) || (method === 'POST' && /\/v1\.0\/(?!.*getByIds)/.test(url));
    if (isChange && status < 300) changes.push(`${method} ${url}`);
  },
});
const proxy = await proxyToThisMachine();
const directory = mkdtempSync(join(tmpdir(), 'set-up-'));
const stateFile = join(directory, 'github.json');
const { ready } = simulator;
const GIVEN = ['--group', ready.resourceGroup, '--app', ready.appName, '--repository', 'shop/web', '--reviewer', 'ada'];
const GITHUB = 'https://token.actions.githubusercontent.com';

try {
  mkdirSync(join(directory, 'azure'));
  mkdirSync(join(directory, 'bin'));
  const gh = join(directory, 'bin/gh');
  writeFileSync(gh, `#!/bin/sh\nexec "${process.execPath}" "${resolve('scripts/set-up-trial/gh.ts')}" "$@"\n`);
  chmodSync(gh, 0o755);
  github({ environments: {}, variables: {}, changes: [] });
  const cli = await azureCli(ready, directory, proxy.url);
  const environment = {
    ...cli.environment,
    PATH: `${join(directory, 'bin')}:${process.env.PATH ?? ''}`,
    GH_STATE: stateFile,
    NODE_NO_WARNINGS: '1',
  };
  const setUp = (more: readonly string[], answer = '') => run([...GIVEN, ...more], environment, answer);

  await cli.signInAs(ready.clientId, ready.clientSecret);
  const refused = await setUp(['--yes']);
  equal(refused.code, 1, refused.output);
  match(refused.output, /AuthorizationFailed[\s\S]*Who runs it needs/);
  deepEqual(changes, []);
  tell('refused for somebody without rights, and nothing was changed');

  await cli.signInAs(ready.operatorId, ready.operatorSecret);
  const unknown = await setUp(['--reviewer', 'nobody', '--yes']);
  deepEqual([unknown.code, changes.length, github().changes.length], [3, 0, 0]);
  match(unknown.output, /nobody called nobody/);
  const declined = await setUp([], 'no\n');
  equal(declined.code, 3);
  match(declined.output, /\+ Azure: the role "Zero-downtime deployer"[\s\S]*nothing was changed/);
  deepEqual([changes.length, github().changes], [0, []]);
  tell('says what it will do, and does nothing without "yes"');

  github({ ...github(), failsAt: 2 });
  const stopped = await setUp([], 'yes\n');
  equal(stopped.code, 1);
  match(stopped.output, /the connection was lost[\s\S]*run this again/);
  github({ ...github(), failsAt: 0 });
  const again = await setUp(['--yes']);
  equal(again.code, 0, again.output);
  checkAzure('zdd-shop', deployer, ['zdd']);
  checkGitHub();
  match(again.output, /CREATE USER \[zdd-shop\] FROM EXTERNAL PROVIDER/);
  tell('was stopped in the middle, and ends where it should when it is run again');

  const before = [changes.length, github().changes.length];
  const third = await setUp([]);
  equal(third.code, 0, third.output);
  match(third.output, /Nothing is to be done\./);
  deepEqual([changes.length, github().changes.length], before);
  tell('finds nothing to do when all is there');

  const other = await setUp([
    '--name',
    'zdd-two',
    '--swap-identity',
    '--environment',
    'two',
    '--approval-environment',
    'two-live',
    '--yes',
  ]);
  equal(other.code, 0, other.output);
  checkAzure('zdd-two', preparer, ['two']);
  checkAzure('zdd-two-swap', deployer, ['two-live']);
  match(other.output, /Variable AZURE_CLIENT_ID of the repository is .* already[\s\S]*swap-client-id: [0-9a-f-]{36}/);
  tell('makes a second identity that alone may swap, and leaves the variables of the first');
  if (simulator.unmodelled.length > 0) throw new Error(`Not modelled:\n${simulator.unmodelled.join('\n')}`);
} finally {
  rmSync(directory, { recursive: true, force: true });
  proxy.close();
  await simulator.stop();
}

function checkAzure(name: string, role: typeof deployer, environments: readonly string[]): void {
  const principal = simulator.read(({ principals }) => Object.values(principals).find((one) => one.name === name));
  const subjects = environments.flatMap((each) =>
    ['repo:shop/web', 'repo:shop@11/web@22'].map((repository) => `${repository}:environment:${each}`),
  );
  deepEqual(
    principal?.federated,
    subjects.map((subject) => ({ issuer: GITHUB, subject, audience: 'api://AzureADTokenExchange' })),
  );
  const scope = `/subscriptions/${ready.subscriptionId}/resourceGroups/${ready.resourceGroup}`;
  deepEqual(
    principal?.roles.map((one) => [one.scope, one.name, one.actions, one.notActions]),
    [[scope, role.Name, role.Actions, role.NotActions ?? []]],
  );
}

function checkGitHub(): void {
  const { environments, variables } = github();
  const branchPolicy = { protected_branches: false, custom_branch_policies: true };
  deepEqual(environments, {
    zdd: { reviewers: [], preventsSelfReview: false, branchPolicy, branches: ['main'] },
    production: { reviewers: [7], preventsSelfReview: true, branchPolicy, branches: ['main'] },
  });
  const client = simulator.read(({ principals }) => Object.values(principals).find((one) => one.name === 'zdd-shop'));
  deepEqual(variables, {
    AZURE_CLIENT_ID: client?.clientId,
    AZURE_TENANT_ID: ready.tenantId,
    AZURE_SUBSCRIPTION_ID: ready.subscriptionId,
  });
}

function github(put?: GitHubState): GitHubState {
  if (put !== undefined) writeFileSync(stateFile, JSON.stringify(put));
  return JSON.parse(readFileSync(stateFile, 'utf8')) as GitHubState;
}

function run(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  answer: string,
): Promise<{ code: number | null; output: string }> {
  return new Promise((done, failed) => {
    const child = spawn(resolve('scripts/set-up'), words, { env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    child.stdin.end(answer);
    child.once('error', failed);
    child.once('close', (code) => done({ code, output }));
  });
}

function tell(what: string): void {
  process.stdout.write(`set-up ${what}.\n`);
}
