import { PERMISSIONS, PREPARING, REACHING_PRODUCTION, roleActions } from '../src/preflight/permissions-needed.ts';

/** A custom role: https://learn.microsoft.com/azure/role-based-access-control/custom-roles */
export interface Role {
  readonly Name: string;
  readonly IsCustom: true;
  readonly Description: string;
  readonly AssignableScopes: readonly string[];
  readonly Actions: readonly string[];
  readonly NotActions?: readonly string[];
}

/** One identity for everything. */
export const deployer = role('Zero-downtime deployer', 'What zdd-action needs, and nothing more.', roleActions());

/** For an identity that prepares, where only another one may swap: nothing in it changes what visitors get. */
export const preparer = role(
  'Zero-downtime preparer',
  'What zdd-action needs without the swaps, which are left to another identity.',
  roleActions(PREPARING).filter((action) => !REACHING_PRODUCTION.includes(action)),
  // In "sites/slots/*": swaps, also those in two steps.
  ['slotsswap', 'applySlotConfig', 'resetSlotConfig'].map((name) => `Microsoft.Web/sites/slots/${name}/action`),
);

/** For the watchdog, and for looking: single actions, because every pattern for slots would hold a write. */
export const observer = role('Zero-downtime observer', 'What status and dry runs of zdd-action need.', [
  ...PERMISSIONS.filter(({ phases }) => phases.includes('status')).map(({ action }) => action),
]);

function role(Name: string, Description: string, Actions: readonly string[], NotActions: readonly string[] = []): Role {
  return {
    Name,
    IsCustom: true,
    Description,
    AssignableScopes: ['/subscriptions/<subscription>'],
    Actions,
    ...(NotActions.length > 0 ? { NotActions } : {}),
  };
}
