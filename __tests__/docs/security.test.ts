import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readManifest } from '../../scripts/action-manifest.ts';
import { withBeginning, withRoles } from '../../scripts/readme-tables.ts';
import { observer, preparer } from '../../scripts/roles.ts';
import { may } from '../../src/azure/permissions.ts';
import { PERMISSIONS } from '../../src/preflight/permissions-needed.ts';

const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = textOf('docs/security.md');
const readme = textOf('README.md');

test('every file and every script that the page names is there', () => {
  const named = [...page.matchAll(/`((?:__tests__|src)\/[\w./-]+)`/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((path) => !existsSync(new URL(`../../${path}`, import.meta.url)))).toEqual([]);
  const scripts = [...page.matchAll(/`npm run ([\w-]+)`/g)].map(([, name = '']) => name);
  const known = JSON.parse(textOf('package.json')).scripts;
  expect(scripts.filter((name) => !(name in known))).toEqual([]);
});

test('roles and tables are those of the code', () => {
  expect(withRoles(page)).toBe(page);
  expect(withBeginning(readme, readManifest())).toBe(readme);
});

/** The claims of section 1 about what no role here can do. */
describe.each([
  ['observer', observer],
  ['preparer', preparer],
])('the role of the %s', (_name, { Actions, NotActions = [] }) => {
  const grants = [{ actions: Actions, notActions: NotActions }];
  test.each([
    'Microsoft.Web/sites/slots/slotsswap/action',
    'Microsoft.Web/sites/slotsswap/action',
    'Microsoft.Web/sites/slots/applySlotConfig/action',
    'Microsoft.Web/sites/publish/action',
    'Microsoft.Web/sites/publishxml/action',
    'Microsoft.Web/sites/write',
    'Microsoft.Web/sites/config/write',
    'Microsoft.Web/sites/stop/action',
    'Microsoft.Web/sites/delete',
    'Microsoft.Sql/servers/write',
    'Microsoft.Authorization/roleAssignments/write',
    'Microsoft.Authorization/locks/delete',
  ])('does not hold %s', (action) => expect(may(grants, action)).toBe(false));
});

test('who only looks cannot write anything', () => {
  const grants = [{ actions: observer.Actions, notActions: [] }];
  const writes = PERMISSIONS.filter(({ action }) => /\/(write|delete)$/.test(action) && may(grants, action));
  expect(writes).toEqual([]);
});

test('the set-up names branches, keeps people from approving their own runs, and trusts environments only', () => {
  const setUp = readme.slice(readme.indexOf('### 2. A federated'), readme.indexOf('### 3. Database'));
  expect(setUp).toContain('deployment_branch_policy[custom_branch_policies]=true');
  expect(setUp).not.toContain('protected_branches]=true');
  expect(setUp).toMatch(/environments\/production" .*prevent_self_review=true/);
  expect(setUp).toContain('/deployment-branch-policies');
  expect([...setUp.matchAll(/^credential .*/gm)].every(([line]) => !/:ref:|pull_request/.test(line))).toBe(true);
});
