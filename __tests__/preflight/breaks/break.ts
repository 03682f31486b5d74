import { type FineWorld, SITE } from '../fine-world.ts';

export const APP = '--resource-group rg --name web';
export const SERVER = '--resource-group rg --server sql';
export const DATABASE = `${SERVER} --name shop`;
export const CURRENT_PACKAGE = 'current-package: <zip file of the running build>';
export const SUBNET = `${SITE.split('/providers/')[0]}/providers/Microsoft.Network/virtualNetworks/v/subnets/apps`;
export const IDENTITY = `${SITE.split('/providers/')[0]}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader`;

/** A world in which something is in the way, and what preflight says of it. */
export interface Break {
  readonly what: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly breaks?: (fine: FineWorld) => void;
  /** The address of the runner. */
  readonly from?: string;
  /** Exactly the lines that are not fine then, with their fixes. */
  readonly shows: Readonly<Record<string, unknown>>;
  /** Where a fix is an input of the action: what somebody puts in for each `<…>` of it. Then nothing of that input is in the way any more. */
  readonly fills?: Readonly<Record<string, string>>;
}

export function userAssigned() {
  return {
    type: 'UserAssigned',
    userAssignedIdentities: { [IDENTITY]: { principalId: 'p', clientId: 'c' } },
  };
}
