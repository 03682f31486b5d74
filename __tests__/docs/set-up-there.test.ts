import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { deployer } from '../../scripts/roles.ts';
import type { GitHubState } from '../../scripts/set-up-trial/gh.ts';

/** What `scripts/set-up` finds and did not make; `npm run try-set-up` plays what it makes, with the Azure CLI itself. */
const CLIENT = '11111111-2222-3333-4444-555555555555';
const folder = mkdtempSync(join(tmpdir(), 'set-up-there-'));
afterAll(() => rmSync(folder, { recursive: true }));
const stateFile = join(folder, 'github.json');
program('gh', `exec "${process.execPath}" "${resolve('scripts/set-up-trial/gh.ts')}" "$@"`);
/** Azure and Entra with the role and an application; whether that has the role, the environment says. What it would change it writes down. */
program(
  'az',
  `case "$*" in
  'account show --query id'*) echo subscription ;;
  'account show --query tenantId'*) echo tenant ;;
  'webapp show'* | 'sql server list'*) ;;
  'role definition list'*) printf '%s\\n' ${deployer.Actions.map((action) => `'${action}'`).join(' ')} ;;
  'ad app list'*) echo ${CLIENT} ;;
  'ad sp list'*) echo principal ;;
  'ad app federated-credential list'*) printf 'repo:shop%s:environment:zdd\\n' /web @11/web@22 ;;
  'role assignment list'*) echo "$HAS_ROLE" ;;
  *) echo "$*" >> "$AZ_CHANGES" ;;
esac`,
);

const BRANCHES = { protected_branches: false, custom_branch_policies: true };
const OURS = { reviewers: [], preventsSelfReview: false, branchPolicy: BRANCHES, branches: ['main'] };
/** Somebody's own, with two reviewers. */
const LIVE = { ...OURS, reviewers: [8, 9], preventsSelfReview: true };

test.each(['production', 'Production'])(
  'an environment %s and a variable that stand on a further page of GitHub are seen, and stay as they are',
  (called) => {
    const previews = Array.from({ length: 40 }, (_, at) => [`pr-${at}`, OURS] as const);
    const others = Array.from({ length: 35 }, (_, at) => [`A_${at}`, 'x'] as const);
    const ours = {
      AZURE_CLIENT_ID: 'of another app',
      AZURE_TENANT_ID: 'tenant',
      AZURE_SUBSCRIPTION_ID: 'subscription',
    };
    const before: GitHubState = {
      environments: { ...Object.fromEntries(previews), zdd: OURS, [called]: LIVE },
      variables: { ...Object.fromEntries(others), ...ours },
      changes: [],
    };
    const { code, said, github } = setUp(before, ['--reviewer', 'ada']);
    expect(said).toContain('Variable AZURE_CLIENT_ID of the repository is of another app already');
    expect([code, github]).toEqual([0, before]);
  },
);

test('an application of the name that somebody else may have made gets no role unless it is named', () => {
  const before: GitHubState = { environments: {}, variables: {}, changes: [] };
  const found = setUp(before, [], '');
  expect(found.said).toContain(
    `the application zdd-shop (${CLIENT}) was there already, and does not have the role yet`,
  );
  expect([found.code, found.github.changes, found.azure]).toEqual([3, [], '']);
  // As it says.
  const named = setUp(before, ['--application', CLIENT], '');
  expect([named.code, named.azure]).toEqual([
    0,
    expect.stringMatching(/^role assignment create --assignee-object-id principal .*resourceGroups\/shop/),
  ]);
});

test('no name of a branch is taken for a command', () => {
  const branch = 'x|touch';
  const { code, said, github } = setUp({ environments: {}, variables: {}, changes: [], defaultBranch: branch }, []);
  expect([code, said]).toEqual([0, expect.stringContaining(`only branch ${branch} may use zdd`)]);
  expect(github.environments.zdd?.branches).toEqual([branch]);
  expect(existsSync(join(folder, 'may'))).toBe(false);
});

function setUp(state: GitHubState, more: readonly string[], hasRole = 'assignment') {
  writeFileSync(stateFile, JSON.stringify(state));
  const changes = join(folder, 'az-changes');
  writeFileSync(changes, '');
  const given = ['--group', 'shop', '--app', 'shop', '--repository', 'shop/web', '--yes', ...more];
  const { status, stdout, stderr } = spawnSync(resolve('scripts/set-up'), given, {
    encoding: 'utf8',
    cwd: folder,
    env: {
      ...process.env,
      PATH: `${folder}:${process.env.PATH ?? ''}`,
      ...{ GH_STATE: stateFile, AZ_CHANGES: changes, HAS_ROLE: hasRole, NODE_NO_WARNINGS: '1', NODE_OPTIONS: '' },
    },
  });
  const github: GitHubState = JSON.parse(readFileSync(stateFile, 'utf8'));
  return { code: status, said: stdout + stderr, github, azure: readFileSync(changes, 'utf8') };
}

function program(name: string, body: string): void {
  writeFileSync(join(folder, name), `#!/usr/bin/env bash\n${body}\n`);
  chmodSync(join(folder, name), 0o755);
}
