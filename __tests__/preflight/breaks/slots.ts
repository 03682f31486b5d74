import { expect } from '@jest/globals';
import { EPOCH } from '../../../simulator/model/create-world.ts';
import { addSlot } from '../../../simulator/model/web/create.ts';
import { type FineWorld, ourSlot, SITE } from '../fine-world.ts';
import { APP, type Break, IDENTITY, SUBNET, userAssigned } from './break.ts';

/** A runner in the network of the private endpoints. */
const INSIDE = '10.0.0.4';
const MADE =
  /slot create .*--slot zdd-staging && az webapp update .*publicNetworkAccess=Disabled && az tag update .*zdd-slot=yes && az network private-endpoint create .*--group-id sites-zdd-staging/;

const NEVER_SWAP =
  'Never swap slot preprod into production any more: deploy with this action only, and use the slot to try things out.';

export const slotBreaks: readonly Break[] = [
  {
    what: 'the plan has no slots',
    breaks: ({ world }) => setPlan(world, { name: 'B1', tier: 'Basic', family: 'B', capacity: 1 }),
    shows: { 'failed App Service plan': 'az appservice plan update --resource-group rg --name plan --sku S1' },
  },
  {
    what: 'the plan has no slots, and may be scaled up',
    inputs: { 'plan-sku': 'S1' },
    breaks: ({ world }) => setPlan(world, { name: 'B1', tier: 'Basic', family: 'B', capacity: 1 }),
    shows: {
      'warning App Service plan':
        'To do it at a quiet hour instead: az appservice plan update --resource-group rg --name plan --sku S1',
    },
  },
  {
    what: 'the plan would be scaled to less than it is',
    inputs: { 'plan-sku': 's1' },
    breaks: ({ world }) => setPlan(world, { name: 'B2', tier: 'Basic', family: 'B', capacity: 1 }),
    shows: { 'failed App Service plan': 'plan-sku: S2' },
    fills: {},
  },
  {
    what: 'the slots of the plan are used up',
    breaks: ({ world }) => {
      for (const name of ['a', 'b', 'c', 'd']) addSlot(world, theSite(world), name, EPOCH);
    },
    shows: { 'failed App Service plan': 'az appservice plan update --resource-group rg --name plan --sku P0V3' },
  },
  {
    what: 'a slot of that name is somebody else’s',
    breaks: (fine) => {
      ourSlot(fine, 'zdd-readonly').tags = {};
    },
    shows: {
      'failed slots are ours': `az tag update --operation Merge --resource-id ${SITE}/slots/zdd-readonly --tags zdd-slot=yes`,
    },
  },
  {
    what: 'a slot of that name is given to us',
    inputs: { 'adopt-slots': 'true' },
    breaks: (fine) => {
      ourSlot(fine, 'zdd-readonly').tags = {};
    },
    shows: {},
  },
  {
    what: 'production is stopped',
    breaks: ({ production }) => {
      production.state = 'Stopped';
    },
    shows: {
      'failed production runs': `az webapp start ${APP}`,
      'failed health path': 'curl -i https://web.azurewebsites.net/',
    },
  },
  {
    what: 'access restrictions keep the runner from app and SCM',
    breaks: ({ production }) => {
      const office = [{ ipAddress: '198.51.100.0/24', action: 'Allow', priority: 100, name: 'office' }];
      Object.assign(production.fixedConfig, {
        ipSecurityRestrictions: office,
        scmIpSecurityRestrictionsUseMain: true,
      });
    },
    shows: {
      'failed access restrictions': `az webapp config access-restriction add ${APP} --rule-name zdd-runner --action Allow --priority 100 --ip-address 203.0.113.7/32 --scm-site true`,
      'failed health path': 'curl -i https://web.azurewebsites.net/',
      'not-looked-at WebJobs': undefined,
      'not-looked-at build of production': undefined,
    },
  },
  {
    what: 'access restrictions keep the runner from SCM',
    breaks: ({ production }) => {
      const office = [{ ipAddress: '198.51.100.0/24', action: 'Allow', priority: 100, name: 'office' }];
      Object.assign(production.fixedConfig, { scmIpSecurityRestrictions: office });
    },
    shows: {
      'failed access restrictions': `az webapp config access-restriction add ${APP} --rule-name zdd-runner --action Allow --priority 100 --ip-address 203.0.113.7/32 --scm-site true`,
      'not-looked-at WebJobs': undefined,
      'not-looked-at build of production': undefined,
    },
  },
  {
    what: 'production has a private endpoint, and slots that the action makes would have none',
    breaks: ({ production }) => {
      production.privateEndpoints = ['web-endpoint'];
    },
    from: INSIDE,
    shows: { 'failed private endpoints': expect.stringMatching(MADE) },
  },
  {
    what: 'production lets its front door in, and the runner through a private endpoint',
    breaks: ({ production }) => {
      production.privateEndpoints = ['web-endpoint'];
      production.properties = { ...production.properties, publicNetworkAccess: 'Enabled' };
      const door = [{ ipAddress: 'AzureFrontDoor.Backend', action: 'Allow', priority: 100, name: 'door' }];
      production.fixedConfig = { ...production.fixedConfig, ipSecurityRestrictions: door };
    },
    from: INSIDE,
    shows: { 'failed private endpoints': expect.stringMatching(MADE) },
  },
  {
    what: 'one slot has a private endpoint as production has, and one has none',
    breaks: (fine) => {
      fine.production.privateEndpoints = ['web-endpoint'];
      const [readonlySlot, stagingSlot] = [ourSlot(fine, 'zdd-readonly'), ourSlot(fine, 'zdd-staging')];
      readonlySlot.privateEndpoints = ['web-zdd-readonly'];
      stagingSlot.properties = { publicNetworkAccess: 'Disabled' };
    },
    from: INSIDE,
    shows: { 'failed private endpoints': endpoint('zdd-staging') },
  },
  {
    what: 'every slot has its private endpoint',
    breaks: (fine) => {
      fine.production.privateEndpoints = ['web-endpoint'];
      for (const name of ['zdd-readonly', 'zdd-staging']) ourSlot(fine, name).privateEndpoints = [`web-${name}`];
    },
    from: INSIDE,
    shows: {},
  },
  {
    what: 'a slot swaps by itself',
    breaks: (fine) => {
      const slot = ourSlot(fine, 'zdd-staging');
      slot.fixedConfig = { ...slot.fixedConfig, autoSwapSlotName: 'production' };
    },
    shows: { 'failed auto-swap': `az webapp deployment slot auto-swap --disable ${APP} --slot zdd-staging` },
  },
  {
    what: 'a slot of the team swaps by itself into production',
    breaks: ({ world }) => {
      addSlot(world, theSite(world), 'preprod', EPOCH).fixedConfig = { autoSwapSlotName: 'production' };
    },
    shows: { 'failed other slots': 'pause-auto-swap: preprod' },
    fills: {},
  },
  {
    what: 'a slot of the team swaps by itself, and is paused meanwhile',
    inputs: { 'pause-auto-swap': 'Preprod' },
    breaks: ({ world }) => {
      addSlot(world, theSite(world), 'preprod', EPOCH).fixedConfig = { autoSwapSlotName: 'production' };
    },
    shows: {},
  },
  {
    what: 'a slot that is to be paused does not swap by itself',
    inputs: { 'pause-auto-swap': 'preprod' },
    breaks: ({ world }) => void addSlot(world, theSite(world), 'preprod', EPOCH),
    shows: { 'warning other slots': 'Take preprod out of pause-auto-swap.' },
  },
  {
    what: 'what is to be released is no slot setting',
    inputs: { 'release-slot-settings': 'COLOUR' },
    shows: { 'warning settings that travel': 'Take COLOUR out of release-slot-settings.' },
  },
  {
    what: 'a slot setting keeps a slot of the team on its own database, and is released meanwhile',
    inputs: { 'release-slot-settings': 'defaultconnection' },
    breaks: ({ world }) => {
      theSite(world).slotConfigNames.connectionStringNames = ['DefaultConnection'];
      teamsOwn(world);
    },
    shows: {
      'warning other slots': 'Swap preprod at no time between "read-only" and "cleanup"; pause what does that.',
    },
  },
  {
    what: 'a slot of the team swaps by itself into another one',
    breaks: ({ world }) => {
      addSlot(world, theSite(world), 'preprod', EPOCH).fixedConfig = { autoSwapSlotName: 'preview' };
    },
    shows: {},
  },
  {
    what: 'a slot setting keeps a slot of the team on its own database',
    breaks: ({ world }) => {
      theSite(world).slotConfigNames.connectionStringNames = ['DefaultConnection'];
      teamsOwn(world);
    },
    shows: {
      'failed settings that travel': `az rest --method put --url '${SITE}/config/slotConfigNames?api-version=2024-11-01' --body '{"properties":{"appSettingNames":[],"connectionStringNames":[],"azureStorageConfigNames":[]}}'`,
      'warning other slots': NEVER_SWAP,
    },
  },
  {
    what: 'a slot of the team has its own database, and no slot setting keeps it there',
    breaks: ({ world }) => teamsOwn(world),
    shows: { 'warning other slots': NEVER_SWAP },
  },
  {
    what: 'a swap preview waits',
    breaks: (fine) => {
      const { occupant } = ourSlot(fine, 'zdd-staging');
      const { settings, connectionStrings, storageMounts } = occupant;
      theSite(fine.world).preview = {
        source: 'zdd-staging',
        target: 'production',
        before: { settings, connectionStrings, storageMounts },
      };
    },
    shows: {
      'failed pending swap preview': `az webapp deployment slot swap --action reset ${APP} --slot zdd-staging`,
    },
  },
  {
    what: 'visitors are routed by percentage',
    breaks: ({ production }) => {
      const rampUpRules = [{ actionHostName: 'web-b.azurewebsites.net', reroutePercentage: 10, name: 'b' }];
      production.fixedConfig = { ...production.fixedConfig, experiments: { rampUpRules } };
    },
    shows: { 'failed traffic routing': `az webapp traffic-routing clear ${APP}` },
  },
  {
    what: 'a slot asks for a login and production does not',
    breaks: (fine) => {
      ourSlot(fine, 'zdd-readonly').auth = { enabled: true };
    },
    shows: { 'failed site authentication': `az webapp auth update ${APP} --slot zdd-readonly --enabled false` },
  },
  {
    what: 'the marker and a connection string are slot settings',
    breaks: ({ world }) => {
      theSite(world).slotConfigNames = {
        appSettingNames: ['ZDD_INSTANCE', 'COLOUR'],
        connectionStringNames: ['DefaultConnection'],
        azureStorageConfigNames: [],
      };
    },
    shows: {
      'failed settings that travel': `az rest --method put --url '${SITE}/config/slotConfigNames?api-version=2024-11-01' --body '{"properties":{"appSettingNames":["COLOUR"],"connectionStringNames":[],"azureStorageConfigNames":[]}}'`,
    },
  },
  {
    what: 'a read-only switch of the profile is a slot setting',
    inputs: { profile: 'optimizely-cms12', 'clone-connection-settings': 'EPiServerDB={{clone-database}}' },
    breaks: ({ world }) => {
      theSite(world).slotConfigNames.appSettingNames = ['EpiServer__Cms__DataAccess__DatabaseMode'];
    },
    shows: {
      'failed settings that travel': `az rest --method put --url '${SITE}/config/slotConfigNames?api-version=2024-11-01' --body '{"properties":{"appSettingNames":[],"connectionStringNames":[],"azureStorageConfigNames":[]}}'`,
      'warning connection strings': 'Check input profile.',
    },
  },
  {
    what: 'a connection string is a reference',
    breaks: ({ production }) => {
      production.occupant.connectionStrings = {
        ...production.occupant.connectionStrings,
        Reports: { value: '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/r)', type: 'SQLAzure' },
      };
    },
    shows: {
      'failed connection strings': 'clone-connection-settings: Reports=<its value with {{clone-database}}>',
      // The last of two: that of the other slot is the same.
      'warning Key Vault references': expect.stringMatching(
        /az webapp identity show --resource-group rg --name web --slot zdd-staging .*az keyvault show --name v /,
      ),
      'warning secrets behind references': 'az keyvault show --name v',
    },
    fills: {
      'its value with {{clone-database}}': 'Server=tcp:sql.database.windows.net;Database={{clone-database}}',
    },
  },
  {
    what: 'a slot reads secrets as somebody else',
    breaks: (fine) => {
      const { production } = fine;
      production.identity = userAssigned();
      production.properties = { ...production.properties, keyVaultReferenceIdentity: IDENTITY };
      production.occupant.settings = {
        ...production.occupant.settings,
        ApiKey: '@Microsoft.KeyVault(VaultName=v;SecretName=k)',
      };
      const [readonlySlot, stagingSlot] = [ourSlot(fine, 'zdd-readonly'), ourSlot(fine, 'zdd-staging')];
      readonlySlot.identity = userAssigned();
      stagingSlot.identity = userAssigned();
      readonlySlot.properties = {};
    },
    shows: {
      'failed Key Vault references': `az webapp update ${APP} --slot zdd-readonly --set keyVaultReferenceIdentity=${IDENTITY}`,
      'warning references to secrets': 'clone-connection-settings: ApiKey={{unchanged}}',
    },
    fills: {},
  },
  {
    what: 'production uses a database on another server',
    inputs: { 'sql-server': 'sql' },
    breaks: ({ production }) => {
      production.occupant.settings = {
        ...production.occupant.settings,
        Reports: 'Server=tcp:other.database.windows.net;Database=reports;User ID=r;Password=p',
      };
    },
    shows: {
      'failed databases outside the deployment':
        'clone-connection-settings: Reports=<a value with which nothing is written>',
    },
    fills: { 'a value with which nothing is written': 'nothing' },
  },
  {
    what: 'production uses a database of another engine',
    breaks: ({ production }) => {
      production.occupant.connectionStrings.PublicData = {
        value: 'Server=pg-a.postgres.database.azure.com;Database=public_data;Port=5432;User Id=u;Password=Hidden-4711',
        type: 'PostgreSQL',
      };
    },
    shows: {
      'failed databases outside the deployment':
        'clone-connection-settings: PublicData=<a value with which nothing is written>',
    },
    fills: { 'a value with which nothing is written': '{{unchanged}}' },
  },
  {
    what: 'a placeholder is for several databases',
    inputs: { 'readonly-settings': 'NAME={{clone-database:other}}' },
    shows: { 'failed settings of the instances': 'Correct readonly-settings and app-settings.' },
  },
  {
    what: 'a slot lacks an identity',
    breaks: (fine) => {
      ourSlot(fine, 'zdd-readonly');
      ourSlot(fine, 'zdd-staging');
      fine.production.identity = userAssigned();
    },
    shows: {
      'failed configuration of zdd-readonly': `az webapp identity assign ${APP} --slot zdd-readonly --identities ${IDENTITY}`,
      'failed configuration of zdd-staging': `az webapp identity assign ${APP} --slot zdd-staging --identities ${IDENTITY}`,
    },
  },
  {
    what: 'a slot is not in production’s network',
    breaks: (fine) => {
      ourSlot(fine, 'zdd-readonly');
      ourSlot(fine, 'zdd-staging').properties = { virtualNetworkSubnetId: SUBNET };
      fine.production.properties = { ...fine.production.properties, virtualNetworkSubnetId: SUBNET };
    },
    shows: {
      'failed configuration of zdd-readonly': `az webapp vnet-integration add ${APP} --slot zdd-readonly --vnet ${SUBNET.replace('/subnets/apps', '')} --subnet apps`,
    },
  },
  {
    what: 'a slot may fall asleep',
    breaks: (fine) => {
      ourSlot(fine, 'zdd-readonly').fixedConfig = { alwaysOn: false };
    },
    shows: {
      'warning configuration of zdd-readonly': `az webapp config set ${APP} --slot zdd-readonly --always-on true`,
    },
  },
  {
    what: 'a slot is open to more visitors',
    breaks: (fine) => {
      ourSlot(fine, 'zdd-readonly');
      fine.production.fixedConfig = {
        ...fine.production.fixedConfig,
        ipSecurityRestrictions: [{ ipAddress: '203.0.113.0/24', action: 'Allow', priority: 100, name: 'runners' }],
        ipSecurityRestrictionsDefaultAction: 'Deny',
      };
    },
    shows: {
      'warning configuration of zdd-readonly': expect.stringMatching(
        /^az rest --method patch --url '.*slots\/zdd-readonly\/config\/web\?.*"ipSecurityRestrictionsDefaultAction":"Deny"/,
      ),
    },
  },
  {
    what: 'production answers on https only and a slot does not',
    breaks: (fine) => {
      ourSlot(fine, 'zdd-readonly');
      fine.production.properties = { ...fine.production.properties, httpsOnly: true };
    },
    shows: {
      'warning configuration of zdd-readonly': `az webapp update ${APP} --slot zdd-readonly --set httpsOnly=true`,
    },
  },
  {
    what: 'production mounts a share',
    breaks: (fine) => {
      ourSlot(fine, 'zdd-readonly').occupant.storageMounts = { media: mount() };
      ourSlot(fine, 'zdd-staging');
      fine.production.occupant.storageMounts = { media: mount() };
    },
    shows: {
      'failed mounted storage': expect.stringContaining(
        `az webapp config storage-account add ${APP} --slot zdd-staging --custom-id media --storage-type AzureFiles --account-name files --share-name media --mount-path /media`,
      ),
    },
  },
];

function endpoint(name: string): string {
  return `az network private-endpoint create --resource-group rg --name web-${name} --connection-name web-${name} --private-connection-resource-id ${SITE} --group-id sites-${name} --subnet '<id of the subnet of production’s endpoint>'`;
}

function teamsOwn(world: FineWorld['world']): void {
  addSlot(world, theSite(world), 'preprod', EPOCH).occupant.connectionStrings.DefaultConnection = {
    value: 'Server=tcp:sql.database.windows.net,1433;Database=shop-preprod;User ID=p;Password=Hidden-4711',
    type: 'SQLAzure',
  };
}

function theSite(world: FineWorld['world']) {
  const { web } = world.web.sites;
  if (!web) throw new Error('The world has no app.');
  return web;
}

function setPlan(world: FineWorld['world'], sku: { name: string; tier: string; family: string; capacity: number }) {
  const { plan } = world.web.plans;
  if (!plan) throw new Error('The world has no plan.');
  world.web.plans.plan = { ...plan, sku };
}

function mount() {
  return { type: 'AzureFiles', accountName: 'files', shareName: 'media', mountPath: '/media', accessKey: 'k' };
}
