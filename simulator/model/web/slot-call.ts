import { type Answer, armError } from '../arm/answer.ts';
import type { ArmCall } from '../arm/call.ts';
import { Unmodelled } from '../world.ts';
import type { Site, Slot } from './state.ts';

/** A request about one app or slot that exists. */
export interface SlotCall extends ArmCall {
  readonly site: Site;
  readonly slot: Slot;
  /** Path below the app or slot, in lower case. */
  readonly rest: readonly string[];
}

/** The error that every provider answers for what is not there. */
export function notFound(resource: string, group: string): Answer {
  return armError(
    404,
    'ResourceNotFound',
    `The Resource '${resource}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

export function unmodelled(call: ArmCall): Unmodelled {
  return new Unmodelled(`${call.method} ${call.url.pathname}`);
}
