import { expect, test } from '@jest/globals';
import { packageOf } from '../in-process/trial.ts';
import { deploy, type Zoo } from '../in-process/zoo.ts';

const OFFICE = [{ ipAddress: '198.51.100.0/24', action: 'Allow', priority: 100, name: 'office' }];
const RUNNER = [...OFFICE, { ipAddress: '203.0.113.7/32', action: 'Allow', priority: 200, name: 'runner' }];

const restricted = (config: Record<string, unknown>): Zoo => ({
  arrange: ({ production }) => Object.assign(production.fixedConfig, config),
});

test('an app whose front door lets the runner in is deployed to the end', async () => {
  const { ended } = await deploy(restricted({ ipSecurityRestrictions: RUNNER, scmIpSecurityRestrictions: RUNNER }));
  expect(ended).toBe('deployed');
});

test.each<[string, Zoo]>([
  ['redirects to sign in', signIn({ unauthenticatedClientAction: 'RedirectToLoginPage' }, true)],
  ['answers 401', signIn({ unauthenticatedClientAction: 'Return401' }, true)],
  ['answers 401, with HTTPS Only off', signIn({ unauthenticatedClientAction: 'Return401' }, false)],
  ['leaves the health path open', signIn({ excludedPaths: ['/health', '/order'] }, true)],
  [
    'leaves the health path open, and pings sign in',
    { ...signIn({ excludedPaths: ['/health', '/order'] }, true), variants: ['pings-must-sign-in'] },
  ],
])('site authentication that %s: deployed, or preflight says what to do', async (_, zoo) => {
  const { ended } = await deploy(zoo);
  if (ended !== 'deployed') expect(ended).toMatch(/^refused by preflight: .*(authentication|login|sign in)/is);
});

test.each([
  ['the app', restricted({ ipSecurityRestrictions: OFFICE })],
  ['SCM', restricted({ scmIpSecurityRestrictions: OFFICE })],
  [
    'SCM, by the rules of the app',
    restricted({ ipSecurityRestrictions: OFFICE, scmIpSecurityRestrictionsUseMain: true }),
  ],
])('where access restrictions keep the runner from %s, preflight says so with its address', async (_, zoo) => {
  const { ended } = await deploy(zoo);
  expect(ended).toMatch(/^refused by preflight: .*(203\.0\.113\.7|access restriction|network)/is);
});

test('an SCM that refuses the runner is a matter of its network: neither a permission nor current-package helps', async () => {
  const { ended, said } = await deploy({
    ...restricted({ scmIpSecurityRestrictions: OFFICE }),
    inputs: { 'current-package': packageOf('same-schema') },
  });
  expect(ended).toMatch(
    /^refused by preflight: .*web\.scm\.\S+ refuses this runner’s address 203\.0\.113\.7.*runs-on.*current-package does not spare it/s,
  );
  expect(said).not.toMatch(/missing permission/);
});

function signIn(globalValidation: object, httpsOnly: boolean): Zoo {
  return {
    arrange: ({ production }) => {
      production.auth = { enabled: true, v2: { platform: { enabled: true }, globalValidation } };
      production.properties = { ...production.properties, httpsOnly };
    },
  };
}
