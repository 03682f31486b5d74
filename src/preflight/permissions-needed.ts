import { type PhaseName, phases } from '../settings/choices.ts';

/** Where an action is needed: what Azure checks it against. Slots are below the app, databases below the server. */
export type PermissionScope = 'app' | 'plan' | 'server' | 'storage account' | 'subscription';

export interface Permission {
  readonly action: string;
  readonly at: PermissionScope;
  readonly phases: readonly PhaseName[];
  /** The phases get along without it. */
  readonly optional?: boolean;
}

export const CHANGING = phases.filter((phase) => phase !== 'preflight' && phase !== 'status');
export const ALL: readonly PhaseName[] = phases;
const SWAPPING: readonly PhaseName[] = ['switch', 'complete', 'rollback'];
const PREPARING: readonly PhaseName[] = ['read-only', 'switch', 'deploy', 'complete', 'rollback', 'cleanup'];

/**
 * Every call of every phase to Azure Resource Manager and SCM, as the action that Azure checks. It holds nothing that
 * would change the production slot, nor `slotConfigNames`: both are never written.
 * https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations
 */
export const PERMISSIONS: readonly Permission[] = [
  ...at('app', ALL, [
    'Microsoft.Web/sites/read',
    'Microsoft.Web/sites/config/read',
    'Microsoft.Web/sites/config/list/action',
    'Microsoft.Web/sites/slots/read',
    'Microsoft.Web/sites/slots/config/read',
    'Microsoft.Web/sites/slots/config/list/action',
  ]),
  ...at('app', ['preflight', 'read-only'], ['Microsoft.Web/sites/publish/action']),
  ...at('app', ['read-only', 'deploy'], ['Microsoft.Web/sites/slots/write', 'Microsoft.Resources/tags/write']),
  ...at('app', PREPARING, [
    'Microsoft.Web/sites/slots/config/write',
    'Microsoft.Web/sites/slots/start/action',
    'Microsoft.Web/sites/slots/stop/action',
    'Microsoft.Web/sites/slots/publish/action',
  ]),
  ...at('app', SWAPPING, [
    'Microsoft.Web/sites/slots/slotsswap/action',
    'Microsoft.Web/sites/slotsswap/action',
    'Microsoft.Web/sites/slots/operationresults/read',
    'Microsoft.Web/sites/operationresults/read',
  ]),
  ...at('plan', ['preflight'], ['Microsoft.Web/serverfarms/read']),
  ...at('plan', ['read-only', 'deploy'], ['Microsoft.Web/serverfarms/join/action']),
  ...at('server', ALL, ['Microsoft.Sql/servers/read', 'Microsoft.Sql/servers/databases/read']),
  ...at(
    'server',
    ['preflight'],
    [
      'Microsoft.Sql/servers/elasticPools/read',
      'Microsoft.Sql/servers/failoverGroups/read',
      'Microsoft.Sql/servers/databases/replicationLinks/read',
    ],
  ),
  ...at(
    'server',
    ['clone', 'rollback'],
    ['Microsoft.Sql/servers/databases/write', 'Microsoft.Sql/servers/databases/operations/read'],
  ),
  ...at('server', CHANGING, ['Microsoft.Resources/tags/write']),
  ...at('server', ['clone', 'cleanup'], ['Microsoft.Sql/servers/databases/delete']),
  ...at(
    'server',
    ['rollback'],
    [
      'Microsoft.Sql/servers/databases/move/action',
      'Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies/write',
      'Microsoft.Sql/servers/databases/backupLongTermRetentionPolicies/read',
      'Microsoft.Sql/servers/databases/backupLongTermRetentionPolicies/write',
    ],
  ),
  ...at('server', ['preflight', 'rollback'], ['Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies/read']),
  ...at('server', CHANGING, [
    'Microsoft.Sql/servers/firewallRules/read',
    'Microsoft.Sql/servers/firewallRules/write',
    'Microsoft.Sql/servers/firewallRules/delete',
  ]),
  ...at(
    'storage account',
    ['preflight'],
    ['Microsoft.Storage/storageAccounts/read', 'Microsoft.Storage/storageAccounts/blobServices/read'],
  ),
  // Progress of operations; without it the databases themselves are looked at.
  ...at('subscription', ['clone', 'rollback'], ['Microsoft.Sql/locations/databaseAzureAsyncOperation/read']).map(
    (each) => ({
      ...each,
      optional: true,
    }),
  ),
];

/** Wider than single actions where Azure checks more of them than its documentation names: the slots are the action's own. */
const WIDENED: readonly (readonly [RegExp, string])[] = [
  [/^Microsoft\.Web\/sites\/slots\//, 'Microsoft.Web/sites/slots/*'],
  // Reads of secrets are POST for settings and GET for authentication.
  [/^Microsoft\.Web\/sites\/config\/list\//, 'Microsoft.Web/sites/config/list/*'],
  [/^Microsoft\.Resources\/tags\//, 'Microsoft.Resources/tags/*'],
  [/^Microsoft\.Sql\/locations\//, 'Microsoft.Sql/locations/*/read'],
];

/** The actions of the least custom role with which every phase works, each once. */
export function roleActions(): readonly string[] {
  const patterns = PERMISSIONS.map(({ action }) => WIDENED.find(([which]) => which.test(action))?.[1] ?? action);
  return [...new Set(patterns)];
}

function at(scope: PermissionScope, phases: readonly PhaseName[], actions: readonly string[]): readonly Permission[] {
  return actions.map((action) => ({ action, at: scope, phases }));
}
