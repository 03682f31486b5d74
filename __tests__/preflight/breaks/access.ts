import { expect } from '@jest/globals';
import { type FineWorld, ourSlot, SITE } from '../fine-world.ts';
import { APP, type Break, CURRENT_PACKAGE, SERVER, SUBNET, userAssigned } from './break.ts';

export const accessBreaks: readonly Break[] = [
  {
    what: 'the firewall refuses the runner',
    breaks: ({ server }) => {
      delete server.firewallRules.runner;
    },
    shows: {
      'not-looked-at SQL login': undefined,
    },
  },
  {
    what: 'a firewall rule was left open by a deployment that is over',
    breaks: ({ server }) => {
      const name = 'zdd-20260801-aaaaa-7001-1-0a1b2c3d';
      const address = { startIpAddress: '203.0.113.7', endIpAddress: '203.0.113.7', effectiveAt: 0 };
      server.firewallRules[name] = { name, ...address };
    },
    shows: {
      'warning firewall rules': `az sql server firewall-rule delete ${SERVER} --name zdd-20260801-aaaaa-7001-1-0a1b2c3d`,
    },
  },
  {
    what: 'the server has no Entra administrator',
    breaks: ({ server }) => {
      delete server.entraAdministrator;
    },
    shows: {
      'failed sign-in to the SQL server': `az sql server ad-admin create ${SERVER} --display-name '<name of a group>' --object-id '<its object id>'`,
      'not-looked-at SQL login': undefined,
    },
  },
  {
    what: 'a lock holds everything in the resource group',
    breaks: ({ world }) => {
      world.locks = [{ name: 'keep', level: 'CanNotDelete', scope: SITE.split('/providers/')[0] ?? '' }];
    },
    shows: { 'failed locks': expect.stringMatching(/^az lock delete --ids \/subscriptions\/.*\/locks\/keep /) },
  },
  {
    what: 'an original is locked against changes',
    breaks: ({ world }) => {
      const scope = `${SITE.split('/providers/')[0]}/providers/Microsoft.Sql/servers/sql/databases/shop`;
      world.locks = [{ name: 'audit', level: 'ReadOnly', scope }];
    },
    shows: { 'failed locks': expect.stringMatching(/^az lock delete --ids \S+\/databases\/shop\/\S+\/locks\/audit$/) },
  },
  {
    what: 'an original is locked against deletion, which nobody attempts',
    breaks: ({ world }) => {
      const scope = `${SITE.split('/providers/')[0]}/providers/Microsoft.Sql/servers/sql/databases/shop`;
      world.locks = [{ name: 'keep', level: 'CanNotDelete', scope }];
    },
    shows: {},
  },
  {
    what: 'the schema version query is wrong',
    inputs: { 'schema-version-query': 'SELECT nr FROM missing_table' },
    shows: { 'failed schema version query': 'Correct schema-version-query, or give "none" to go without.' },
  },
  {
    what: 'nothing tells the schema version',
    inputs: { 'schema-version-query': 'none' },
    shows: { 'warning schema version query': expect.stringMatching(/^schema-version-query: /) },
  },
  {
    what: 'setup-command does not succeed on this runner',
    inputs: { 'setup-command': 'npm ci' },
    shows: { 'failed setup-command': 'Look at its output above: what it brings is needed in the window.' },
  },
  {
    what: 'setup-command names a variable of the database',
    inputs: { 'setup-command': 'migrate "$ZDD_DATABASE"' },
    shows: {
      'failed setup-command': 'Use it in migrate-command, or give the value with setup-env under another name.',
    },
  },
  {
    what: 'after-start-command names a variable that there will not be',
    inputs: { 'after-start-command': 'push "$ZDD_CANDIDATE_URL" "$ZDD_PUSH_KEY"' },
    shows: { 'failed after-start-command': expect.stringMatching(/^Name one of these/) },
  },
  {
    what: 'copy-command names a variable that there will not be',
    inputs: { 'copy-command': 'write "$ZDD_CLONE_DATABASE" "$ZDD_ROW"' },
    shows: { 'failed copy-command': expect.stringMatching(/^Name one of these.*copy-env/) },
  },
  {
    what: 'migrate-command names a variable that there will not be',
    inputs: { 'migrate-command': 'migrate "$ZDD_CONNECTION_STRING_OTHER"' },
    shows: { 'failed migrate-command': expect.stringMatching(/^Name one of these/) },
  },
  ...['Managed Identity', 'MSI'].map((way) => ({
    what: `migrate-command names a connection string that signs in by Active Directory ${way}`,
    inputs: { 'migrate-command': 'migrate "$ZDD_CONNECTION_STRING_DEFAULTCONNECTION"' },
    breaks: (fine: FineWorld) => migratesBy(fine, `Active Directory ${way}`),
    shows: {
      'warning migrate-command': expect.stringMatching(/^Use ZDD_SQL_ACCESS_TOKEN .*docs\/cms\.md/),
    },
  })),
  {
    what: 'migrate-command names one that signs in by whatever session there is, which a runner has too',
    inputs: { 'migrate-command': 'migrate "$ZDD_CONNECTION_STRING_DEFAULTCONNECTION"' },
    breaks: (fine) => migratesBy(fine, 'Active Directory Default'),
    shows: {},
  },
  {
    what: 'migrate-command does not name the one that signs in with a managed identity',
    inputs: { 'migrate-command': 'migrate "$ZDD_SQL_ACCESS_TOKEN"' },
    breaks: (fine) => migratesBy(fine, 'Active Directory Managed Identity'),
    shows: {},
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
      server.entraAdministrator = 'somebody else';
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
    what: 'the user of a slot may do less than production’s',
    breaks: (fine) => {
      loginsByIdentity(fine);
      for (const name of ['zdd-readonly', 'zdd-staging'])
        ourSlot(fine, name).identity = { type: 'SystemAssigned', principalId: name };
      const reader = { ...entraUser('web/slots/zdd-staging'), roles: ['db_datareader'] };
      fine.shop.users = [entraUser('web'), entraUser('web/slots/zdd-readonly'), reader];
    },
    shows: {
      'failed database users of the slots': 'ALTER ROLE [db_owner] ADD MEMBER [web/slots/zdd-staging];',
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
];

function asUser({ world, server, shop }: FineWorld, roles: string[], permissions: string[]) {
  server.entraAdministrator = 'somebody else';
  const [deployer] = Object.values(world.principals);
  shop.users = [{ name: 'deployer', clientId: deployer?.clientId ?? '', roles, permissions }];
}

function loginsByIdentity({ production, server }: FineWorld) {
  const value = `Server=tcp:${server.fullyQualifiedDomainName};Database=shop;Authentication=Active Directory Managed Identity`;
  production.occupant.connectionStrings = { DefaultConnection: { value, type: 'SQLAzure' } };
  production.identity = { type: 'SystemAssigned', principalId: 'p0' };
}

/** Every slot's user is known. */
function migratesBy(fine: FineWorld, authentication: string) {
  loginsByIdentity(fine);
  const { DefaultConnection } = fine.production.occupant.connectionStrings;
  const value = DefaultConnection?.value.replace('Active Directory Managed Identity', authentication) ?? '';
  fine.production.occupant.connectionStrings = { DefaultConnection: { value, type: 'SQLAzure' } };
  for (const name of ['zdd-readonly', 'zdd-staging'])
    ourSlot(fine, name).identity = { type: 'SystemAssigned', principalId: name };
  fine.shop.users = ['web', 'web/slots/zdd-readonly', 'web/slots/zdd-staging'].map(entraUser);
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
