import type { Settings } from '../settings/settings.ts';
import type { RunPart } from './observed.ts';
import type { DeploymentRecord } from './record.ts';

/** The window is open for longer than `max-read-only-minutes`: how long, as a sentence that names who began it. Undefined when it is not. */
export function windowExceeded(
  { maxReadOnlyMinutes: most }: Settings,
  { record, now }: Pick<RunPart, 'now'> & { readonly record: DeploymentRecord | null },
  isOpen: boolean,
): string | undefined {
  const opened = record?.windowOpenedAt;
  if (most === undefined || !record || opened === undefined || !isOpen) return undefined;
  const minutes = Math.floor((Date.parse(now) - Date.parse(opened)) / 60_000);
  if (minutes <= most) return undefined;
  return `Visitors have been on the read-only copy for ${minutes} minutes, longer than max-read-only-minutes (${most}). ${record.actor || 'Somebody'} began deployment ${record.deploymentId} in run ${record.run}.`;
}
