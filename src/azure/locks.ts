import type { Arm } from './arm.ts';
import { read } from './requests.ts';

/** A management lock. */
export interface ResourceLock {
  readonly id: string;
  readonly name: string;
  readonly level: 'CanNotDelete' | 'ReadOnly';
  /** The resource, group or subscription that it lies on; everything below inherits it. */
  readonly scope: string;
}

/** The locks at a resource and above it: those that hold what is made below it. https://learn.microsoft.com/rest/api/resources/management-locks */
export async function locksAbove(arm: Arm, id: string): Promise<readonly ResourceLock[]> {
  const answer = await arm.request({
    what: 'list the locks',
    method: 'GET',
    at: `${id}/providers/Microsoft.Authorization/locks?$filter=atScope()`,
    version: '2016-09-01',
  });
  const { value }: { value: readonly { id: string; name: string; properties: Pick<ResourceLock, 'level'> }[] } =
    read(answer);
  return value.map((lock) => ({
    id: lock.id,
    name: lock.name,
    level: lock.properties.level,
    scope: lock.id.replace(/\/providers\/Microsoft\.Authorization\/locks\/.*$/i, ''),
  }));
}
