import { expect, test } from '@jest/globals';
import { EPOCH } from '../../simulator/model/create-world.ts';
import { addSlot } from '../../simulator/model/web/create.ts';
import { packageOf, production } from '../in-process/trial.ts';
import { deploy, open, partsOf, type Zoo } from '../in-process/zoo.ts';

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

test('an app that is reached through private endpoints only is deployed from its network, each slot through its own', async () => {
  const { ended, trial } = await deploy({
    from: '10.0.0.4',
    arrange: ({ world, site, production: live, server }) => {
      server.privateEndpoints.push('sql-endpoint');
      live.privateEndpoints = ['web-endpoint'];
      for (const name of ['zdd-readonly', 'zdd-staging']) {
        const slot = addSlot(world, site, name, EPOCH);
        slot.tags = { 'zdd-slot': 'yes' };
        slot.properties = { publicNetworkAccess: 'Disabled' };
        slot.privateEndpoints = [`web-${name}`];
      }
    },
  });
  expect(ended).toBe('deployed');
  expect(production(trial)).toMatchObject({ version: '2', reads: 403 });
});

test('an app that got its private endpoint after `clone`: no slot is made that is open to the public, and who is kept out is said', async () => {
  const trial = open({ from: '10.0.0.4', arrange: ({ server }) => server.privateEndpoints.push('sql-endpoint') });
  await trial.through('clone');
  const { production: live, site } = partsOf(trial.world);
  live.privateEndpoints = ['web-endpoint'];
  const { failure } = await trial.run('read-only');
  expect(failure?.happened).toMatch(/access restrictions of App Service keep out address 10\.0\.0\.4/);
  expect(site.slots['zdd-readonly']?.properties).toMatchObject({ publicNetworkAccess: 'Disabled' });
});

test('a copy whose slot was closed to the runner meanwhile is not said to be unhealthy', async () => {
  const trial = open();
  await trial.through('clone');
  const { world, site } = partsOf(trial.world);
  const slot = addSlot(world, site, 'zdd-readonly', EPOCH);
  slot.tags = { 'zdd-slot': 'yes' };
  slot.fixedConfig = { ipSecurityRestrictions: OFFICE };
  const { failure } = await trial.run('read-only', { 'health-timeout': '30' });
  expect(failure?.happened).toMatch(/GET \/health answered 403: App Service keeps this runner out/);
});
