import { deniedAction } from '../azure/failure.ts';
import type { Context } from '../context/context.ts';
import { see } from '../context/seen.ts';
import type { Unseen } from '../deployment/partial-look.ts';
import { Stop } from '../errors.ts';
import type { PhaseTraits } from '../settings/phases.ts';

/** What one look could not see. */
export interface Missing {
  /** A phase that changes something stops at the first part that it cannot see: then this stays empty. */
  readonly isAllowed: boolean;
  readonly parts: Unseen[];
}

/** What is looked at. */
export type Part = Pick<Unseen, 'what' | 'so' | 'at'>;

export function nothingMissing({ changes }: PhaseTraits): Missing {
  return { isAllowed: !changes, parts: [] };
}

/** Looks. A part that may be missing, and is refused or fails, is written down; everything else that goes wrong is an error. */
export async function attempt<T>(
  { signal }: Context,
  missing: Missing,
  part: Part,
  look: () => Promise<T>,
): Promise<T | undefined> {
  const seen = await see(signal, look);
  if (seen.why === undefined) return seen.value;
  miss(missing, part, seen.error);
  return undefined;
}

/** Azure's own sentence names two ids and the scope, and hides the action among them. */
export function miss({ isAllowed, parts }: Missing, part: Part, error: unknown): void {
  if (!isAllowed || !(error instanceof Stop)) throw error;
  const action = deniedAction(error.azure);
  const why = action ? `The identity is not granted ${action}.` : error.happened;
  parts.push({ ...part, why, stop: error });
}
