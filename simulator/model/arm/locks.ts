import type { World } from '../world.ts';
import type { Answer } from './answer.ts';
import { isAtOrBelow } from './authorize.ts';
import type { ArmCall } from './call.ts';
import { armRefusal } from './refusal.ts';

/** `GET {scope}/providers/Microsoft.Authorization/locks`: those above, at and below the scope; with `atScope()` not below. */
export function listLocks(call: ArmCall): Answer {
  const { world, path } = call;
  const isAtScope = call.url.searchParams.get('$filter') === 'atScope()';
  const value = (world.locks ?? [])
    .filter(({ scope }) => isAtOrBelow(path.scope, scope) || (!isAtScope && isAtOrBelow(scope, path.scope)))
    .map(({ name, level, scope }) => ({
      id: `${scope}/providers/Microsoft.Authorization/locks/${name}`,
      name,
      type: 'Microsoft.Authorization/locks',
      properties: { level, notes: null },
    }));
  return { status: 200, body: { value } };
}

/**
 * Refuses what a lock forbids: CanNotDelete deletions, ReadOnly every change and every POST. That a ReadOnly lock refuses
 * `POST …/list` too, which reads, is left out: the action could not look at anything.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
 */
export function refuseLocked(world: World, method: string, scope: string): void {
  if (method === 'GET' || method === 'HEAD' || (method === 'POST' && scope.endsWith('/list'))) return;
  const holding = (world.locks ?? []).filter(
    (lock) => isAtOrBelow(scope, lock.scope) && (lock.level === 'ReadOnly' || method === 'DELETE'),
  );
  if (holding.length === 0) return;
  const scopes = holding.map((lock) => lock.scope).join(',');
  const what = method === 'DELETE' ? 'delete' : 'write';
  throw armRefusal(
    409,
    'ScopeLocked',
    `The scope '${scope}' cannot perform ${what} operation because following scope(s) are locked: '${scopes}'. Please remove the lock and try again.`,
  );
}
