import type { Observed } from './observed.ts';
import type { DeploymentRecord } from './record.ts';

/** Who production serves, by its marker: the live build as it was before, the read-only copy, or a candidate of this deployment. */
export function serving(observed: Observed): 'live-build' | 'read-only-copy' | 'candidate' {
  const marker = observed.production.marker;
  if (marker === undefined || marker.deploymentId !== observed.record?.deploymentId) return 'live-build';
  return marker.role === 'read-only' ? 'read-only-copy' : 'candidate';
}

/** The read-only window is open: production serves the clone. */
export function windowOpen(observed: Observed): boolean {
  return serving(observed) === 'read-only-copy';
}

/** The same by the record alone, which nobody tells of a swap by hand. */
export function windowRecorded(record: DeploymentRecord | null): boolean {
  return record?.windowOpenedAt !== undefined && record.windowClosedAt === undefined;
}
