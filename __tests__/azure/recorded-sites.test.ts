import { expect, test } from '@jest/globals';
import { getAppSettings, getSlotConfigNames, getWebConfig, putAppSettings } from '../../src/azure/site-config.ts';
import { createSlot, getSite, slotId } from '../../src/azure/sites.ts';
import { pollSwap, postSwap } from '../../src/azure/swap.ts';
import { bench, recorded } from './support.ts';

const app = { subscriptionId: '00000000-0000-0000-0000-000000000000', resourceGroup: 'rg', name: 'web' };
const production = slotId(app, 'production');
const staging = slotId(app, 'staging');

test("a slot's life must read as Azure recorded it: created, set up, swapped", async () => {
  const { arm } = await bench(recorded('webapp-slot-swap.json'));

  expect(await getWebConfig(arm, production)).toMatchObject({ alwaysOn: true, experiments: { rampUpRules: [] } });

  const created = await createSlot(arm, staging, {
    location: 'West Europe',
    properties: {
      serverFarmId: `/subscriptions/${app.subscriptionId}/resourceGroups/rg/providers/Microsoft.Web/serverfarms/plan`,
      reserved: false,
      isXenon: false,
      hyperV: false,
      siteConfig: { netFrameworkVersion: 'v4.6', localMySqlEnabled: false, http20Enabled: true, http20ProxyFlag: 0 },
      scmSiteAlsoStopped: false,
      clientCertEnabled: false,
      clientCertMode: 'Required',
      httpsOnly: false,
      publicNetworkAccess: 'Enabled',
    },
  });
  expect(created).toMatchObject({
    id: staging,
    slot: 'staging',
    state: 'Running',
    hostName: 'web-staging.azurewebsites.net',
    scmHostName: 'web-staging.scm.azurewebsites.net',
    swapStatus: null,
    identity: { type: 'None', userAssigned: [] },
    tags: {},
  });

  expect(Object.keys(await getAppSettings(arm, staging))).toContain('WEBSITE_NODE_DEFAULT_VERSION');
  await putAppSettings(arm, staging, { WEBSITE_NODE_DEFAULT_VERSION: '6.9.1', s1: 'slot' });
  expect((await getSlotConfigNames(arm, production)).connectionStrings).toEqual([]);

  const before = await getSite(arm, production);
  expect(before).toMatchObject({ slot: 'production', swapStatus: null, targetSwapSlot: null });
  const pending = await getSite(arm, production);
  expect(pending).toMatchObject({ targetSwapSlot: 'staging' });

  let url = await postSwap(arm, staging);
  expect(new URL(url).pathname).toContain('/operationresults/');
  for (const expected of ['running', 'running', 'succeeded'] as const) {
    const state = await pollSwap(arm, url);
    expect(state.state).toBe(expected);
    if (state.state === 'running') url = state.url;
  }
  expect((await getSite(arm, production))?.swapStatus).toEqual({
    timestampUtc: '2025-07-15T06:56:57.454Z',
    source: 'staging',
    destination: 'Production',
  });
});
