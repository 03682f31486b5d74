import type { AzureSaid } from '../errors.ts';
import { staysRefused } from './advice.ts';

/** The code of a request that was sent and never answered. */
export const NO_ANSWER = 'NoAnswer';

/** So often is repeated what met {@link weatherIn}: what lasts longer is no weather, and people should know. */
export const MOST_REPEATS = 5;

/**
 * What came instead of an answer to a request that is the same when it is sent twice, in words: nothing, or that Azure or a gateway
 * before it has trouble of its own. Undefined for every refusal.
 */
export function weatherIn(said: AzureSaid | undefined): string | undefined {
  if (said === undefined) return undefined;
  if (said.code === NO_ANSWER) return 'no answer came';
  const passes = said.status === 408 || (said.status >= 500 && said.status !== 501 && said.status !== 505);
  return passes && !staysRefused(said) ? `Azure answered ${said.status} ${said.code}` : undefined;
}
