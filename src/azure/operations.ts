import type { AzureSaid } from '../errors.ts';
import type { Arm, AzureAnswer } from './arm.ts';
import { saidIn } from './failure.ts';
import { retryAfter } from './retry.ts';

/** A long operation that Azure has accepted. */
export interface Operation {
  /** What Azure calls it, such as `CreateDatabaseAsCopy` or `UpdateLogicalDatabase`; empty when it does not say. */
  readonly operation: string;
  /** Where its state is asked; empty when Azure answered with the result at once. A signed URL counts as a secret. */
  readonly url: string;
  /** Azure's clock when it accepted it, ISO 8601; empty when it does not say. */
  readonly startTime: string;
}

export type OperationState =
  /** `url` is where to ask next time: Azure may sign a new one with each answer. */
  | { readonly state: 'running'; readonly url: string; readonly retryAfterMs?: number }
  | { readonly state: 'succeeded' }
  | { readonly state: 'failed'; readonly said: AzureSaid }
  /** Azure does not know the operation (any more): look at the resource itself. */
  | { readonly state: 'unknown' };

/** Reads from the answer of a PUT, POST or DELETE what it began. */
export function operationOf(answer: AzureAnswer): Operation {
  const body = answer.status === 204 ? undefined : answer.json();
  const said: { operation?: unknown; startTime?: unknown } = typeof body === 'object' && body !== null ? body : {};
  return {
    operation: typeof said.operation === 'string' ? said.operation : '',
    url: answer.status === 202 ? (answer.headers['azure-asyncoperation'] ?? answer.headers.location ?? '') : '',
    startTime: typeof said.startTime === 'string' ? said.startTime : '',
  };
}

/**
 * One look at an operation of Microsoft.Sql (`azure-asyncoperation`). It answers 404 now and then while the operation goes on:
 * https://github.com/Azure/azure-cli/issues/27587
 */
export async function pollOperation(arm: Arm, operation: Operation | string): Promise<OperationState> {
  const url = typeof operation === 'string' ? operation : operation.url;
  if (url === '') return { state: 'succeeded' };
  const answer = await arm.request({
    what: 'ask how the database operation goes',
    method: 'GET',
    at: url,
    accept: [404],
  });
  if (answer.status === 404) return { state: 'unknown' };
  const body: { status?: string; error?: unknown } = Object(answer.json());
  switch (body.status) {
    case 'Succeeded':
      return { state: 'succeeded' };
    case 'Failed':
    case 'Canceled':
    case 'Cancelled':
      return {
        state: 'failed',
        said: saidIn(body.error ?? { code: body.status }, 200, answer.headers['x-ms-request-id'] ?? ''),
      };
    default: {
      const retryAfterMs = retryAfter(answer.headers, arm.clock.now());
      return { state: 'running', url, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    }
  }
}
