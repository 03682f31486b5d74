import type { Arm } from './arm.ts';
import { linkAfter } from './pages.ts';
import { read } from './requests.ts';

/** One grant: what is in `notActions` is taken out of `actions` again, but another grant may give it. */
export interface Grant {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/**
 * What the signed-in identity may do at a scope: a resource group's or a resource's id. Needs no permission of its own.
 * https://learn.microsoft.com/rest/api/authorization/permissions
 */
export async function permissionsAt(arm: Arm, scope: string): Promise<readonly Grant[]> {
  const grants: Grant[] = [];
  let at: string | undefined = `${scope}/providers/Microsoft.Authorization/permissions`;
  while (at !== undefined) {
    const answer = await arm.request({ what: 'read our own permissions', method: 'GET', at, version: '2022-04-01' });
    const page: { value: readonly Partial<Grant>[]; nextLink?: string | null } = read(answer);
    grants.push(...page.value.map(({ actions = [], notActions = [] }) => ({ actions, notActions })));
    at = linkAfter(page, at);
  }
  return grants;
}

/** Whether the grants allow an action such as `Microsoft.Web/sites/slots/slotsswap/action`. */
export function may(grants: readonly Grant[], action: string): boolean {
  return grants.some(
    ({ actions, notActions }) =>
      actions.some((pattern) => covers(pattern, action)) && !notActions.some((pattern) => covers(pattern, action)),
  );
}

/** `*` stands for any run of characters, slashes too; case does not count. */
function covers(pattern: string, action: string): boolean {
  const expression = pattern.split('*').map(literally).join('.*');
  return new RegExp(`^${expression}$`, 'i').test(action);
}

function literally(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
