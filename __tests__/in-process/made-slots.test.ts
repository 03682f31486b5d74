import { expect, test } from '@jest/globals';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import { begin } from './trial.ts';

const IDENTITY = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shop';

/** What a swap leaves with the slot, each with a value that Azure does not give by itself. */
const CONFIG = {
  alwaysOn: true,
  minTlsVersion: '1.3',
  scmMinTlsVersion: '1.1',
  ftpsState: 'Disabled',
  ipSecurityRestrictions: [{ ipAddress: '203.0.113.0/24', action: 'Allow', priority: 100, name: 'office' }],
  ipSecurityRestrictionsDefaultAction: 'Deny',
  scmIpSecurityRestrictions: [{ ipAddress: '203.0.113.0/24', action: 'Allow', priority: 100, name: 'runners' }],
  scmIpSecurityRestrictionsUseMain: false,
  vnetRouteAllEnabled: true,
};

const PROPERTIES = {
  httpsOnly: true,
  clientCertEnabled: true,
  clientCertMode: 'OptionalInteractiveUser',
  publicNetworkAccess: 'Enabled',
  keyVaultReferenceIdentity: IDENTITY,
};

test('a slot that the action makes is as closed as production, and has its identities', async () => {
  const trial = begin();
  const production = slotOf(trial.world, 'web', 'production');
  production.fixedConfig = { ...production.fixedConfig, ...CONFIG };
  production.properties = { ...production.properties, ...PROPERTIES };
  production.identity = {
    type: 'SystemAssigned, UserAssigned',
    userAssignedIdentities: { [IDENTITY]: { principalId: 'p', clientId: 'c' } },
  };
  production.tags = { team: 'shop' };
  await trial.through('clone', 'read-only');
  for (const name of ['zdd-readonly', 'zdd-staging']) {
    const made = slotOf(trial.world, 'web', name);
    expect(made.fixedConfig).toMatchObject(CONFIG);
    expect(made.properties).toMatchObject(PROPERTIES);
    expect(made.identity?.type).toBe('SystemAssigned, UserAssigned');
    expect(Object.keys(made.identity?.userAssignedIdentities ?? {})).toEqual([IDENTITY]);
    expect(made.tags).toEqual({ team: 'shop', 'zdd-slot': 'yes' });
  }
});

const MOUNT = {
  type: 'AzureFiles',
  accountName: 'files',
  shareName: 'data',
  mountPath: '/data',
  accessKey: 'Key-Of-Files-1',
};

test('a slot that the action makes has what production mounts from its first moment, and nobody is told the key', async () => {
  const trial = begin();
  slotOf(trial.world, 'web', 'production').occupant.storageMounts = { data: MOUNT };
  const { phases } = await trial.run('preflight');
  const check = phases[0]?.checks?.find(({ name }) => name === 'mounted storage');
  expect(check).toMatchObject({ verdict: 'passed', found: expect.stringMatching(/^data: .* will be made with them/) });
  await trial.through('clone', 'read-only');
  for (const name of ['zdd-readonly', 'zdd-staging'])
    expect(slotOf(trial.world, 'web', name).occupant.storageMounts).toEqual({ data: MOUNT });
  expect(trial.lines.join('\n')).not.toContain(MOUNT.accessKey);
});
