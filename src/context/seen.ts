import { databaseIsBusy } from '../azure/conflicts.ts';
import { azureSaid } from '../azure/failure.ts';
import { isBroken } from '../azure/sql-statements.ts';
import { weatherIn } from '../azure/weather.ts';
import { messageOf, Stop } from '../errors.ts';
import { SqlError } from '../ports.ts';

/** What a look brought, or why there was nothing to see. */
export type Seen<T> =
  | { readonly value: T; readonly why?: never; readonly error?: never }
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

/** Nothing was refused: no answer came, or trouble of Azure's own, which another moment may not have. */
export function isPassing(error: unknown): boolean {
  const cause = error instanceof Stop ? error.cause : error;
  if (cause instanceof SqlError && cause.noConnection !== undefined) return false;
  const said = azureSaid(error);
  return weatherIn(said) !== undefined || databaseIsBusy(said) || isBroken(cause);
}

/** Why something could not be looked at, as a sentence. */
export function reason(error: unknown): string {
  if (error instanceof Stop) return error.happened;
  return `${isPassing(error) ? 'No answer came' : 'Something unexpected'}: ${messageOf(error)}`;
}
