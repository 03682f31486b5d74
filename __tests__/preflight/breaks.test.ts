import { expect, test } from '@jest/globals';
import { EPOCH } from '../../simulator/model/create-world.ts';
import { addDatabase } from '../../simulator/model/sql/create.ts';
import { login } from '../../simulator/model/sql/sessions.ts';
import { addContent } from '../../simulator/model/web/content.ts';
import { addSlot } from '../../simulator/model/web/create.ts';
import { cloneTags } from '../../src/deployment/clone-tags.ts';
import { recordTags } from '../../src/deployment/record-tags.ts';
import { type FineWorld, fineWorld, NOW, notFine, ourSlot, preflight, SITE } from './fine-world.ts';

interface Break {
  readonly what: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly breaks?: (fine: FineWorld) => void;
  /** Exactly the lines that are not fine then, with their fixes. */
  readonly shows: Readonly<Record<string, unknown>>;
}

const APP = '--resource-group rg --name web';
const SERVER = '--resource-group rg --server sql';
const DATABASE = `${SERVER} --name shop`;
const CLONE = 'shop-zdd-20260901-abcde';
const CURRENT_PACKAGE = 'current-package: <zip file of the running build>';
const SUBNET = `${SITE.split('/providers/')[0]}/providers/Microsoft.Network/virtualNetworks/v/subnets/apps`;
const IDENTITY = `${SITE.split('/providers/')[0]}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader`;

const breaks: readonly Break[] = [
  { what: 'nothing is in the way', shows: {} },
  {
    what: 'the plan has no slots',
    breaks: ({ world }) => setPlan(world, { name: 'B1', tier: 'Basic', family: 'B', capacity: 1 }),
    shows: { 'failed App Service plan': 'az appservice plan update --resource-group rg --name plan --sku S1' },
  },
  {
    what: 'the slots of the plan are used up',
    breaks: ({ world }) => {
      for (const name of ['a', 'b', 'c', 'd']) addSlot(world, theSite(world), name, EPOCH);
    },
    shows: { 'failed App Service plan': 'az appservice plan update --resource-group rg --name plan --sku P1V3' },
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
    what: 'a slot swaps by itself',
    breaks: (fine) => {
      const slot = ourSlot(fine, 'zdd-staging');
      slot.fixedConfig = { ...slot.fixedConfig, autoSwapSlotName: 'production' };
    },
    shows: { 'failed auto-swap': `az webapp deployment slot auto-swap --disable ${APP} --slot zdd-staging` },
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
    },
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
      'failed databases outside the deployment': 'readonly-settings: Reports=<a value with which nothing is written>',
    },
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
      fine.production.fixedConfig = { ...fine.production.fixedConfig, ipSecurityRestrictionsDefaultAction: 'Deny' };
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
  {
    what: 'the health path does not answer 200',
    breaks: ({ world, production }) => {
      const build = new TextEncoder().encode(JSON.stringify({ name: 'shop', version: '1', healthy: false }));
      const contentId = addContent(world, { 'site/wwwroot/build.json': build }, [], EPOCH);
      const { occupant } = production;
      occupant.contentId = contentId;
      if (occupant.instance) occupant.instance = { ...occupant.instance, contentId };
    },
    shows: { 'failed health path': 'curl -i https://web.azurewebsites.net/' },
  },
  {
    what: 'the app may restart after a swap',
    breaks: ({ production }) => {
      production.occupant.settings = { WEBSITE_NODE_DEFAULT_VERSION: '6.9.1' };
    },
    shows: {
      'warning restarts after a swap': `az webapp config appsettings set ${APP} --settings WEBSITE_ADD_SITENAME_BINDINGS_IN_APPHOST_CONFIG=1`,
    },
  },
  {
    what: 'a WebJob lies outside the build',
    breaks: (fine) => addFile(fine, 'site/jobs/triggered/nightly/run.js', ''),
    shows: { 'warning WebJobs': `az webapp webjob triggered remove ${APP} --webjob-name nightly` },
  },
  {
    what: 'the running package is gone',
    breaks: ({ production }) => {
      production.occupant.settings = { ...production.occupant.settings, WEBSITE_RUN_FROM_PACKAGE: '1' };
    },
    shows: { 'failed build of production': CURRENT_PACKAGE },
  },
  {
    what: 'the running package is there',
    breaks: (fine) => {
      fine.production.occupant.settings = { ...fine.production.occupant.settings, WEBSITE_RUN_FROM_PACKAGE: '1' };
      addFile(fine, 'data/SitePackages/packagename.txt', '1.zip');
      addFile(fine, 'data/SitePackages/1.zip', 'PK');
    },
    shows: {},
  },
  {
    what: 'the URL of the package expires in the window',
    inputs: { 'max-read-only-minutes': '60' },
    breaks: ({ production }) => runFrom(production, new Date(NOW + 3_000_000)),
    shows: {
      'failed build of production': `az webapp config appsettings set ${APP} --settings 'WEBSITE_RUN_FROM_PACKAGE=<URL that stays valid>'`,
    },
  },
  {
    what: 'the URL of the package outlives the window',
    inputs: { 'max-read-only-minutes': '60' },
    breaks: ({ production }) => runFrom(production, new Date(NOW + 4_000_000)),
    shows: {},
  },
  {
    what: 'the image has a tag that can move',
    breaks: ({ production }) => {
      production.occupant.config = { linuxFxVersion: 'DOCKER|registry.io/shop:latest' };
    },
    shows: {
      'warning build of production': `az webapp config container set ${APP} --container-image-name 'registry.io/shop@sha256:<digest>'`,
    },
  },
  {
    what: 'a database does not exist',
    inputs: { databases: 'shop,media', 'clone-connection-settings': 'Media=Database={{clone-database:media}}' },
    shows: { 'failed databases': `az sql db list ${SERVER} --query '[].name'` },
  },
  {
    what: 'a database is not online',
    breaks: ({ shop }) => {
      shop.status = 'Restoring';
    },
    shows: {
      'failed databases': `az sql db show ${DATABASE}`,
      'not-looked-at SQL login': undefined,
    },
  },
  {
    what: 'somebody has taken the name of the clone',
    breaks: ({ world, server }) => {
      addDatabase(world, server, { name: CLONE }, EPOCH);
    },
    shows: { 'failed names of the clones': `az sql db rename ${SERVER} --name ${CLONE} --new-name ${CLONE}-kept` },
  },
  {
    what: 'there are too many tags',
    breaks: ({ shop }) => {
      shop.tags = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`tag${index}`, 'x']));
    },
    shows: {
      'failed tags': expect.stringMatching(
        /^az tag update --operation Delete --resource-id .*\/databases\/shop --tags /,
      ),
    },
  },
  {
    what: 'the pool for the clone does not exist',
    inputs: { 'clone-elastic-pool': 'nowhere' },
    shows: { 'failed size of the clones': `az sql elastic-pool list ${SERVER} --query '[].name'` },
  },
  {
    what: 'the clone would change its kind of tier',
    inputs: { 'clone-service-objective': 'P1' },
    shows: { 'failed size of the clones': 'clone-service-objective: S1' },
  },
  {
    what: 'a database is replicated',
    breaks: ({ shop }) => {
      shop.replicationLinks = [
        { name: 'l', partnerServer: 'far', partnerDatabase: 'shop', partnerLocation: 'North Europe' },
      ];
    },
    shows: { 'failed replication': `az sql db replica delete-link ${DATABASE} --partner-server far --yes` },
  },
  {
    what: 'a database is in a failover group',
    breaks: ({ server }) => {
      server.failoverGroups.pair = { name: 'pair', partnerServerId: '/far', databases: ['shop'] };
    },
    shows: { 'failed replication': `az sql failover-group update ${SERVER} --name pair --remove-db shop` },
  },
  {
    what: 'a database has no backup yet',
    breaks: ({ shop }) => {
      shop.backupsFrom = NOW + 3_600_000;
    },
    shows: { 'failed point-in-time restore': `az sql db show ${DATABASE} --query earliestRestoreDate` },
  },
  {
    what: 'backups do not outlast the window',
    inputs: { 'max-read-only-minutes': '3000' },
    breaks: ({ shop }) => {
      shop.shortTermRetentionDays = 2;
    },
    shows: { 'failed point-in-time restore': `az sql db str-policy set ${DATABASE} --retention-days 7` },
  },
  {
    what: 'the firewall refuses the runner',
    breaks: ({ server }) => {
      delete server.firewallRules.runner;
    },
    shows: {
      'not-looked-at SQL login': `az sql server firewall-rule create ${SERVER} --name preflight --start-ip-address 203.0.113.7 --end-ip-address 203.0.113.7`,
    },
  },
  {
    what: 'the server is private',
    breaks: ({ server }) => {
      server.publicNetworkAccess = 'Disabled';
    },
    shows: {
      'failed SQL login': 'Run the action on a runner in that network (runs-on: <label of your own runner>).',
    },
  },
  {
    what: 'the database does not know the deploying identity',
    breaks: ({ server }) => {
      delete server.entraAdministrator;
    },
    shows: {
      'failed SQL login': expect.stringMatching(
        /^CREATE USER \[.*\] FROM EXTERNAL PROVIDER; ALTER ROLE db_owner ADD MEMBER/,
      ),
    },
  },
  {
    what: 'the deploying identity may read only',
    breaks: (fine) => asUser(fine, ['db_datareader'], []),
    shows: {
      'failed SQL permission ALTER': 'ALTER ROLE db_owner ADD MEMBER [deployer];',
      'failed SQL permission to see sessions':
        'ALTER SERVER ROLE ##MS_ServerStateReader## ADD MEMBER [deployer]; -- in master, with a login of that name',
    },
  },
  {
    what: 'the deploying identity does not see sessions in a larger database',
    breaks: (fine) => {
      asUser(fine, ['db_datareader'], ['ALTER']);
      fine.shop.sku = { name: 'Standard', tier: 'Standard', capacity: 100 };
    },
    shows: { 'failed SQL permission to see sessions': 'GRANT VIEW DATABASE STATE TO [deployer];' },
  },
  {
    what: 'others are in the database',
    breaks: ({ world, server, shop }) => {
      shop.users = [{ name: 'reports', password: 'p', roles: ['db_datareader'], permissions: [] }];
      const asked = { host: server.fullyQualifiedDomainName, database: 'shop', user: 'reports', password: 'p' };
      const client = { from: '203.0.113.7', hostName: 'bi', programName: 'Excel', hostProcessId: 7 };
      login(world, { ...asked, ...client }, EPOCH);
    },
    shows: { 'warning sessions in the originals': expect.stringContaining('allow-other-writers: true') },
  },
  {
    what: 'a slot’s identity is unknown to the database',
    breaks: (fine) => {
      loginsByIdentity(fine);
      ourSlot(fine, 'zdd-readonly').identity = { type: 'SystemAssigned', principalId: 'p1' };
      ourSlot(fine, 'zdd-staging').identity = { type: 'SystemAssigned', principalId: 'p2' };
      fine.shop.users = [entraUser('web'), entraUser('web/slots/zdd-staging')];
    },
    shows: {
      'failed database users of the slots':
        'CREATE USER [web/slots/zdd-readonly] FROM EXTERNAL PROVIDER; ALTER ROLE [db_owner] ADD MEMBER [web/slots/zdd-readonly];',
    },
  },
  {
    what: 'the identity of a slot does not exist yet',
    breaks: (fine) => {
      loginsByIdentity(fine);
      ourSlot(fine, 'zdd-readonly').identity = { type: 'SystemAssigned', principalId: 'p1' };
      fine.shop.users = [entraUser('web'), entraUser('web/slots/zdd-readonly')];
    },
    shows: {
      'failed database users of the slots': expect.stringContaining(
        `az webapp deployment slot create ${APP} --slot zdd-staging && az webapp identity assign ${APP} --slot zdd-staging`,
      ),
    },
  },
  {
    what: 'the role does not allow slots to be swapped',
    breaks: ({ world }) =>
      forbid(world, ['Microsoft.Web/sites/slotsswap/action', 'Microsoft.Web/sites/slots/slotsswap/action']),
    shows: { 'failed permissions on the app': roleFix('Zero-downtime deployer', '/resourceGroups/rg') },
  },
  {
    what: 'the role does not allow databases to be deleted',
    breaks: ({ world }) => forbid(world, ['Microsoft.Sql/servers/databases/delete']),
    shows: { 'failed permissions on the SQL server': roleFix('Zero-downtime deployer', '/resourceGroups/rg') },
  },
  {
    what: 'the plan may not be joined',
    breaks: ({ world }) => forbid(world, ['Microsoft.Web/serverfarms/join/action']),
    shows: { 'failed permissions on the App Service plan': roleFix('Zero-downtime deployer', '/resourceGroups/rg') },
  },
  {
    what: 'the plan may not be seen',
    breaks: ({ world }) => forbid(world, ['Microsoft.Web/serverfarms/read']),
    shows: {
      'not-looked-at App Service plan': undefined,
      'failed permissions on the App Service plan': roleFix('Zero-downtime deployer', '/resourceGroups/rg'),
    },
  },
  {
    what: 'SCM may not be used',
    breaks: ({ world }) => forbid(world, ['Microsoft.Web/sites/publish/action']),
    shows: {
      'not-looked-at WebJobs': undefined,
      'not-looked-at build of production': CURRENT_PACKAGE,
      'failed permissions on the app': roleFix('Zero-downtime deployer', '/resourceGroups/rg'),
    },
  },
  {
    what: 'operations may not be watched',
    breaks: ({ world }) => forbid(world, ['Microsoft.Sql/locations/databaseAzureAsyncOperation/read']),
    shows: { 'warning permissions on the subscription': roleFix('Zero-downtime operations reader', '') },
  },
  {
    what: 'an identity that new slots need may not be assigned',
    breaks: ({ production }) => {
      production.identity = userAssigned();
    },
    shows: {
      'failed permissions on the identity reader': expect.stringMatching(
        /--role 'Managed Identity Operator' --scope .*userAssignedIdentities\/reader$/,
      ),
    },
  },
  {
    what: 'the subnet that new slots need may not be joined',
    breaks: ({ production }) => {
      production.properties = { ...production.properties, virtualNetworkSubnetId: SUBNET };
    },
    shows: {
      'failed permissions on the subnet': expect.stringMatching(
        /--role 'Network Contributor' --scope .*subnets\/apps$/,
      ),
    },
  },
  {
    what: 'the profile is for Windows and needs more than there is',
    inputs: { profile: 'xperience-kentico', 'storage-account': 'media' },
    breaks: ({ world, production }) => {
      const id = `${SITE.split('/providers/')[0]}/providers/Microsoft.Storage/storageAccounts/media`;
      world.storageAccounts.media = { id, name: 'media', isVersioningEnabled: false };
      production.occupant.connectionStrings = {
        CMSConnectionString: production.occupant.connectionStrings.DefaultConnection ?? { value: '', type: 'SQLAzure' },
      };
    },
    shows: {
      'failed blob versioning':
        'az storage account blob-service-properties update --account-name media --enable-versioning true',
      'failed reader identity': `az webapp identity assign ${APP} --identities '<resource id of the identity>'`,
    },
  },
  {
    what: 'mode read-write leaves background work on',
    inputs: { mode: 'read-write', 'accept-data-loss': 'true', 'read-only-probes': '' },
    shows: { 'warning background work': 'readonly-settings: <NAME>=<value that turns it off>' },
  },
  {
    what: 'nothing proves that the application refuses writes',
    inputs: { 'read-only-probes': '' },
    shows: { 'warning read-only probes': 'read-only-probes: POST /<path of a form> -> 503' },
  },
  {
    what: 'another deployment is open',
    breaks: ({ world, server, shop }) => {
      const record = recordTags({
        deploymentId: '20260831-other',
        app: 'rg/blog',
        run: 'org/blog/7/1',
        actor: 'bob',
        lock: 'held',
        databases: ['shop'],
      });
      const own = { deploymentId: '20260831-other', source: 'shop', sourceId: shop.databaseId, requestedAt: '' };
      addDatabase(world, server, { name: 'shop-zdd-20260831-other', tags: { ...record, ...cloneTags(own) } }, EPOCH);
    },
    shows: {
      'failed other deployments': 'Finish it, or run phase cleanup with deployment-id: 20260831-other',
    },
  },
];

test.each(breaks)('$what', async ({ breaks: change, inputs, shows }) => {
  const fine = fineWorld();
  change?.(fine);
  expect(notFine(await preflight(fine, inputs))).toEqual(shows);
});

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

function addFile({ world, production }: FineWorld, path: string, text: string) {
  const { occupant } = production;
  const files = { ...world.web.contents[occupant.contentId]?.files, [path]: new TextEncoder().encode(text) };
  occupant.contentId = addContent(world, files, [], EPOCH);
}

function runFrom(production: FineWorld['production'], until: Date) {
  const url = `https://files.blob.core.windows.net/builds/1.zip?se=${encodeURIComponent(until.toISOString())}&sig=x`;
  production.occupant.settings = { ...production.occupant.settings, WEBSITE_RUN_FROM_PACKAGE: url };
}

function mount() {
  return { type: 'AzureFiles', accountName: 'files', shareName: 'media', mountPath: '/media', accessKey: 'k' };
}

function userAssigned() {
  return {
    type: 'UserAssigned',
    userAssignedIdentities: { [IDENTITY]: { principalId: 'p', clientId: 'c' } },
  };
}

function asUser({ world, server, shop }: FineWorld, roles: string[], permissions: string[]) {
  delete server.entraAdministrator;
  const [deployer] = Object.values(world.principals);
  shop.users = [{ name: 'deployer', clientId: deployer?.clientId ?? '', roles, permissions }];
}

function loginsByIdentity({ production, server }: FineWorld) {
  const value = `Server=tcp:${server.fullyQualifiedDomainName};Database=shop;Authentication=Active Directory Managed Identity`;
  production.occupant.connectionStrings = { DefaultConnection: { value, type: 'SQLAzure' } };
  production.identity = { type: 'SystemAssigned', principalId: 'p0' };
}

function entraUser(name: string) {
  return { name, clientId: `client of ${name}`, roles: ['db_owner'], permissions: [] };
}

function forbid(world: FineWorld['world'], notActions: readonly string[]) {
  for (const principal of Object.values(world.principals)) {
    principal.roles = principal.roles.map((role) => ({ ...role, notActions: [...notActions] }));
  }
}

function roleFix(role: string, scope: string): string {
  return `az role assignment create --assignee 11111111-1111-4111-8111-111111111111 --role '${role}' --scope ${SITE.split('/resourceGroups/')[0]}${scope}`;
}
