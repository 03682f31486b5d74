import type { World } from '../world.ts';
import type { Answer } from './answer.ts';
import { isAtOrBelow } from './authorize.ts';
import { type ArmCall, type Json, propertiesOf } from './call.ts';
import { armRefusal } from './refusal.ts';

/** `GET {scope}/providers/Microsoft.Authorization/locks`: those above, at and below the scope; with `atScope()` not below. */
export function listLocks(call: ArmCall): Answer {
  const { world, path } = call;
  const isAtScope = call.url.searchParams.get('$filter') === 'atScope()';
  const value = (world.locks ?? [])
    .filter(({ scope }) => isAtOrBelow(path.scope, scope) || (!isAtScope && isAtOrBelow(scope, path.scope)))
    .map(lockBody);
  return { status: 200, body: { value } };
}

/** `GET {scope}/providers/Microsoft.Authorization/locks/{lock}` */
export function showLock(call: ArmCall): Answer {
  const lock = lockAt(call);
  if (lock !== undefined) return { status: 200, body: lockBody(lock) };
  throw armRefusal(404, 'LockNotFound', `The lock '${call.names.lock}' could not be found.`);
}

/** `PUT …/locks/{lock}`: 201 for a new one, 200 for one that is replaced. */
export function putLock(call: ArmCall): Answer {
  const { world, path, names } = call;
  const { level } = propertiesOf(call.body);
  if (level !== 'CanNotDelete' && level !== 'ReadOnly') {
    throw armRefusal(400, 'LockLevelNotSupported', `The lock level '${level}' is not supported.`);
  }
  const before = lockAt(call);
  const lock: Lock = { name: names.lock ?? '', level, scope: path.scope };
  world.locks = [...(world.locks ?? []).filter((one) => one !== before), lock];
  return { status: before === undefined ? 201 : 200, body: lockBody(lock) };
}

/** `DELETE …/locks/{lock}`: 204 when there is none. */
export function deleteLock(call: ArmCall): Answer {
  const before = lockAt(call);
  call.world.locks = (call.world.locks ?? []).filter((one) => one !== before);
  return { status: before === undefined ? 204 : 200 };
}

type Lock = NonNullable<World['locks']>[number];

function lockAt({ world, path, names }: ArmCall): Lock | undefined {
  const [scope, name] = [path.scope.toLowerCase(), names.lock?.toLowerCase()];
  return (world.locks ?? []).find((lock) => lock.scope.toLowerCase() === scope && lock.name.toLowerCase() === name);
}

function lockBody({ name, level, scope }: Lock): Json {
  return {
    id: `${scope}/providers/Microsoft.Authorization/locks/${name}`,
    name,
    type: 'Microsoft.Authorization/locks',
    properties: { level, notes: null },
  };
}

/**
 * Refuses what a lock forbids: CanNotDelete deletions, ReadOnly every change and every POST. That a ReadOnly lock refuses
 * `POST …/list` too, which reads, is left out: the action could not look at anything.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
 */
export function refuseLocked(world: World, method: string, scope: string): void {
  if (method === 'GET' || method === 'HEAD' || (method === 'POST' && scope.endsWith('/list'))) return;
  if (/\/providers\/Microsoft\.Authorization\/locks(\/|$)/i.test(scope)) return; // or no lock could ever go
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
