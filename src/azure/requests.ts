import type { Arm, AzureAnswer, AzureRequest } from './arm.ts';
import { SQL_VERSION, WEB_VERSION } from './management-clients.ts';

/** A plain request to Microsoft.Sql: for what begins a long operation, which must go out once and is polled by ourselves. */
export const sql = plainly(SQL_VERSION);

/** A plain request to Microsoft.Web: for swaps and creations, which go out once, and for properties sent as they are named. */
export const web = plainly(WEB_VERSION);

/** The body as the shape that the api-version promises. */
export function read<T>(answer: AzureAnswer): T {
  return answer.json() as T;
}

function plainly(version: string) {
  return (
    arm: Arm,
    what: string,
    method: AzureRequest['method'],
    at: string,
    more: Partial<AzureRequest> = {},
  ): Promise<AzureAnswer> => arm.request({ what, method, at, version, ...more });
}
