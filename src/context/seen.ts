import { messageOf, Stop } from '../errors.ts';

/** What a look brought, or why there was nothing to see. */
export type Seen<T> =
  | { readonly value: T; readonly why?: never }
  | { readonly value?: never; readonly why: string; readonly error?: unknown };

/** Looks; a refusal or a failure is something seen, too. Only a cancelled run goes on as an error. */
export async function see<T>(signal: AbortSignal, look: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { value: await look() };
  } catch (error) {
    signal.throwIfAborted();
    return { why: reason(error), error };
  }
}

/** Why something could not be looked at, as a sentence. */
export function reason(error: unknown): string {
  if (error instanceof Stop) return error.happened;
  return `Something unexpected: ${messageOf(error)}`;
}
