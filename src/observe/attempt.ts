import { deniedAction } from '../azure/failure.ts';
import type { Context } from '../context/context.ts';
import type { Unseen } from '../deployment/partial-look.ts';
import { Stop } from '../errors.ts';

/** What is looked at. */
export type Part = Pick<Unseen, 'what' | 'so' | 'at'>;

/** Looks; a refusal or a failure is written down. Everything else that goes wrong is an error. */
export async function attempt<T>(
  { signal }: Context,
  unseen: Unseen[],
  part: Part,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    unseen.push(unseenPart(part, error));
    return undefined;
  }
}

/** Azure's own sentence names two ids and the scope, and hides the action among them. */
export function unseenPart(part: Part, error: unknown): Unseen {
  if (!(error instanceof Stop)) throw error;
  const action = deniedAction(error.azure);
  return { ...part, why: action ? `The identity is not granted ${action}.` : error.happened, stop: error };
}
