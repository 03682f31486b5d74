import type { Settings } from '../settings/settings.ts';
import type { Observed } from './observed.ts';

/**
 * Until when `switch` has to come to the rollback point, in ms since the epoch by Azure's clock. A run that continues the work of another
 * has its own time. Undefined: there is no limit.
 */
export function switchDeadline(
  { switchTimeout }: Pick<Settings, 'switchTimeout'>,
  { thisRun: { since }, record }: Pick<Observed, 'thisRun' | 'record'>,
): number | undefined {
  if (switchTimeout === 0 || since === undefined || record?.rollbackPoint !== undefined) return undefined;
  return Date.parse(since) + switchTimeout * 1000;
}
