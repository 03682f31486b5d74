import { type PhaseName, phaseNames, phasesThat, type Work } from '../settings/phases.ts';
import type { Settings } from '../settings/settings.ts';

/** Where an action is needed: what Azure checks it against. Slots are below the app, databases below the server. */
export type PermissionScope = 'app' | 'plan' | 'server' | 'storage account';

export interface Permission {
  readonly action: string;
  readonly at: PermissionScope;
  readonly phases: readonly PhaseName[];
  /** What becomes of it without: the phases get along. The end of a sentence. */
  readonly optional?: string;
}

export const CHANGING = phasesThat(({ changes }) => changes);
export const CREATING_SLOTS = doing('create-slots');
const CHECKING = doing('check-everything');
/** Those that ask who is in the originals: they repeat the checks of SQL. */
const LOOKING_INSIDE: readonly PhaseName[] = ['preflight', 'clone', 'switch'];
const CREATING_DATABASES = doing('create-databases');
const RESTORING = doing('restore');

/** The phases that never swap: where an approval stands before each swap, another identity runs the rest. */
export const PREPARING = phasesThat(({ does }) => !does.some((work) => work === 'swap'));

/** What changes what visitors get: a swap, and the SCM site of production, which nobody can open for reading only. */
export const REACHING_PRODUCTION: readonly string[] = [
  'Microsoft.Web/sites/slots/slotsswap/action',
  'Microsoft.Web/sites/slotsswap/action',
  'Microsoft.Web/sites/publish/action',
];

/** For letting the runner in at the server's firewall. */
export const OPENING_FIREWALL: readonly string[] = [
  'Microsoft.Sql/servers/firewallRules/read',
  'Microsoft.Sql/servers/firewallRules/write',
  'Microsoft.Sql/servers/firewallRules/delete',
];

/**
 * Every call of every phase to Azure Resource Manager and SCM, as the action that Azure checks. It holds nothing that
 * would change the production slot, nor `slotConfigNames`: both are never written, unless an input says so (see below).
 * https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations
 */
export const PERMISSIONS: readonly Permission[] = [
  ...at('app', phaseNames, [
    'Microsoft.Web/sites/read',
    'Microsoft.Web/sites/config/read',
    'Microsoft.Web/sites/config/list/action',
    'Microsoft.Web/sites/slots/read',
    'Microsoft.Web/sites/slots/config/read',
    'Microsoft.Web/sites/slots/config/list/action',
  ]),
  ...at('app', doing('read-production-build'), ['Microsoft.Web/sites/publish/action']),
  ...at('app', CREATING_SLOTS, ['Microsoft.Web/sites/slots/write', 'Microsoft.Resources/tags/write']),
  ...at('app', doing('change-slots'), [
    'Microsoft.Web/sites/slots/config/write',
    'Microsoft.Web/sites/slots/start/action',
    'Microsoft.Web/sites/slots/stop/action',
    'Microsoft.Web/sites/slots/publish/action',
  ]),
  ...at('app', doing('swap'), [
    'Microsoft.Web/sites/slots/slotsswap/action',
    'Microsoft.Web/sites/slotsswap/action',
    'Microsoft.Web/sites/slots/operationresults/read',
    'Microsoft.Web/sites/operationresults/read',
  ]),
  ...at(
    'app',
    [...LOOKING_INSIDE, 'complete'],
    ['Microsoft.Web/sites/instances/read', 'Microsoft.Web/sites/instances/processes/read'],
  ).map((each) => ({ ...each, optional: 'who is in the originals is told apart by login only' })),
  ...at('plan', CHECKING, ['Microsoft.Web/serverfarms/read']),
  ...at('plan', CREATING_SLOTS, ['Microsoft.Web/serverfarms/join/action']),
  ...at('server', phaseNames, ['Microsoft.Sql/servers/read', 'Microsoft.Sql/servers/databases/read']),
  ...at('server', phaseNames, ['Microsoft.Sql/servers/dnsAliases/read']).map((each) => ({
    ...each,
    optional: 'DNS aliases of the server stay unknown',
  })),
  ...at('server', CHECKING, [
    'Microsoft.Sql/servers/elasticPools/read',
    'Microsoft.Sql/servers/failoverGroups/read',
    'Microsoft.Sql/servers/databases/replicationLinks/read',
  ]),
  ...at('server', CREATING_DATABASES, [
    'Microsoft.Sql/servers/databases/write',
    'Microsoft.Sql/servers/databases/operations/read',
  ]),
  ...at('server', CHANGING, ['Microsoft.Resources/tags/write']),
  ...at('server', doing('delete-databases'), ['Microsoft.Sql/servers/databases/delete']),
  ...at('server', RESTORING, [
    'Microsoft.Sql/servers/databases/move/action',
    'Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies/write',
    'Microsoft.Sql/servers/databases/backupLongTermRetentionPolicies/read',
    'Microsoft.Sql/servers/databases/backupLongTermRetentionPolicies/write',
  ]),
  ...at(
    'server',
    [...CHECKING, ...RESTORING],
    ['Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies/read'],
  ),
  ...at('server', CHANGING, OPENING_FIREWALL),
  ...at(
    'server',
    phasesThat(({ changes, looksForRules }) => looksForRules && !changes),
    ['Microsoft.Sql/servers/firewallRules/read'],
  ).map((each) => ({ ...each, optional: 'firewall rules that are left over are not told' })),
  ...at('storage account', CHECKING, [
    'Microsoft.Storage/storageAccounts/read',
    'Microsoft.Storage/storageAccounts/blobServices/read',
  ]),
  ...at('storage account', CHECKING, ['Microsoft.Authorization/roleAssignments/read']).map((each) => ({
    ...each,
    optional: 'what the identity that reads blobs may do is not looked at',
  })),
  ...(['app', 'server'] as const).flatMap((scope) =>
    at(
      scope,
      [...CHECKING, ...doing('create-databases')].filter((name, index, all) => all.indexOf(name) === index),
      ['Microsoft.Authorization/locks/read'],
    ).map((each) => ({ ...each, optional: 'locks are not looked at' })),
  ),
];

/** What only who gives an input needs beside them. Not in the role that everybody is told to make. */
export interface InputPermission extends Permission {
  readonly input: string;
  readonly isUsed: (settings: Settings) => boolean;
  /** What whoever has it can do. */
  readonly lets: string;
}

export const INPUT_PERMISSIONS: readonly InputPermission[] = [
  {
    input: 'plan-sku',
    isUsed: ({ planSku }) => planSku !== undefined,
    action: 'Microsoft.Web/serverfarms/write',
    at: 'plan',
    phases: ['read-only'],
    lets: 'change the size, and with it the cost, of every plan at the scope of the role',
  },
  {
    input: 'plan-sku',
    isUsed: ({ planSku }) => planSku !== undefined,
    action: 'Microsoft.Web/serverfarms/read',
    at: 'plan',
    phases: ['read-only'],
    lets: 'read every plan at the scope of the role',
  },
  ...(['Microsoft.Web/serverfarms/write', 'Microsoft.Web/serverfarms/read'] as const).map(
    (action): InputPermission => ({
      input: 'plan-sku with slot-users',
      isUsed: ({ planSku, slotUsers }) => planSku !== undefined && slotUsers,
      action,
      at: 'plan',
      phases: ['clone'],
      lets: 'the same, in the phase that makes the slots then',
    }),
  ),
  {
    input: 'slot-users',
    isUsed: ({ slotUsers }) => slotUsers,
    action: 'Microsoft.Web/sites/slots/write',
    at: 'app',
    phases: ['clone'],
    lets: 'what it can in `read-only`, for which the role has it: make and change slots',
  },
  {
    input: 'slot-users',
    isUsed: ({ slotUsers }) => slotUsers,
    action: 'Microsoft.Web/serverfarms/join/action',
    at: 'plan',
    phases: ['clone'],
    lets: 'the same',
  },
  {
    input: 'release-slot-settings',
    isUsed: ({ releaseSlotSettings }) => releaseSlotSettings.length > 0,
    action: 'Microsoft.Web/sites/config/write',
    at: 'app',
    phases: ['read-only', 'cleanup'],
    lets: 'change production’s settings and what it connects to: Azure has no smaller right for slot settings',
  },
];

/** All that a run with these settings needs. */
export function permissionsOf(settings: Settings): readonly Permission[] {
  return [...PERMISSIONS, ...INPUT_PERMISSIONS.filter(({ isUsed }) => isUsed(settings))];
}

/** Wider than single actions where Azure checks more of them than its documentation names: the slots are the action's own. */
const WIDENED: readonly (readonly [RegExp, string])[] = [
  [/^Microsoft\.Web\/sites\/slots\//, 'Microsoft.Web/sites/slots/*'],
  // Reads of secrets are POST for settings and GET for authentication.
  [/^Microsoft\.Web\/sites\/config\/list\//, 'Microsoft.Web/sites/config/list/*'],
  [/^Microsoft\.Resources\/tags\//, 'Microsoft.Resources/tags/*'],
];

/** Another identity swaps, where an approval stands before it: docs/security.md. */
export function leavesSwaps({ swapClientId, identity }: Pick<Settings, 'swapClientId' | 'identity'>): boolean {
  return swapClientId !== undefined && swapClientId.toLowerCase() !== identity.clientId?.toLowerCase();
}

/** The name of the role that the identity of this run should have. */
export function ownRole(settings: Pick<Settings, 'swapClientId' | 'identity'>): string {
  return leavesSwaps(settings) ? 'Zero-downtime preparer' : 'Zero-downtime deployer';
}

/** The actions of the least custom role with which these phases work, each once. */
export function roleActions(phases: readonly PhaseName[] = phaseNames): readonly string[] {
  const needed = PERMISSIONS.filter((each) => each.phases.some((name) => phases.includes(name)));
  const patterns = needed.map(({ action }) => WIDENED.find(([which]) => which.test(action))?.[1] ?? action);
  return [...new Set(patterns)];
}

function doing(work: Work): readonly PhaseName[] {
  return phasesThat(({ does }) => does.includes(work));
}

function at(scope: PermissionScope, phases: readonly PhaseName[], actions: readonly string[]): readonly Permission[] {
  return actions.map((action) => ({ action, at: scope, phases }));
}
