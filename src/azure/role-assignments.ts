import type { Arm } from './arm.ts';
import { linkAfter } from './pages.ts';
import { read } from './requests.ts';

const VERSION = '2022-04-01';

/** The kinds of roles that decide what an identity may do with blobs; the names of those that Azure brings along. */
export interface BlobRoles {
  readonly reads: boolean;
  /** Those that may change blobs, or get the keys with which one may. */
  readonly changes: readonly Given[];
  /** Ids of roles that Azure does not bring along, or that have to do with other things: what they allow is not known here. */
  readonly others: readonly string[];
}

/** A role as it was given to somebody. */
interface Given {
  /** Its name. */
  readonly role: string;
  /** The resource, group, subscription or management group that it is given for. */
  readonly scope: string;
  /** Object id of whom it is given to: the identity, or a group that it is in. */
  readonly principal: string;
}

/**
 * What an identity may do at a scope, above it and below it, by its own assignments and those of its groups; null when they may not be
 * seen. https://learn.microsoft.com/rest/api/authorization/role-assignments/list-for-scope
 * @param principalId the identity's object id
 */
export async function blobRolesOf(arm: Arm, scope: string, principalId: string): Promise<BlobRoles | null> {
  let at: string | undefined =
    `${scope}/providers/Microsoft.Authorization/roleAssignments?$filter=assignedTo('${encodeURIComponent(principalId)}')`;
  const found: { readonly id: string; readonly scope: string; readonly principal: string }[] = [];
  while (at !== undefined) {
    const what = 'read the role assignments of the identity that reads blobs';
    const answer = await arm.request({ what, method: 'GET', at, version: VERSION, accept: [403] });
    if (answer.status !== 200) return null;
    const page: { value?: readonly Wire[]; nextLink?: string | null } = read(answer);
    for (const {
      properties: { roleDefinitionId = '', scope: where = scope, principalId: whom = principalId } = {},
    } of page.value ?? [])
      found.push({ id: lastOf(String(roleDefinitionId)), scope: String(where), principal: String(whom) });
    at = linkAfter(page, at);
  }
  const all = [...new Set(found.map(({ id }) => id))];
  return {
    reads: all.some((id) => id === READER || CHANGING.has(id)),
    changes: found.flatMap(({ id, ...given }) => {
      const role = CHANGING.get(id);
      return role === undefined ? [] : { role, ...given };
    }),
    others: all.filter((id) => id !== READER && id !== LOOKING && !CHANGING.has(id)),
  };
}

interface Wire {
  readonly properties?: {
    readonly roleDefinitionId?: unknown;
    readonly scope?: unknown;
    readonly principalId?: unknown;
  };
}

function lastOf(id: string): string {
  return id.split('/').at(-1)?.toLowerCase() ?? '';
}

// Ids of built-in roles: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage
const READER = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1';
/** Reader: resources, and no blobs. */
const LOOKING = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
const CHANGING: ReadonlyMap<string, string> = new Map([
  ['ba92f5b4-2d11-453d-a403-e96b0029c9fe', 'Storage Blob Data Contributor'],
  ['b7e6dc6d-f1e8-4753-8033-0f276bb0955b', 'Storage Blob Data Owner'],
  ['17d1049b-9a84-46fb-8f53-869881c3d3ab', 'Storage Account Contributor'],
  ['b24988ac-6180-42a0-ab88-20f7382dd24c', 'Contributor'],
  ['8e3af657-a8ff-443c-a75c-2fe8c4bcb635', 'Owner'],
]);
