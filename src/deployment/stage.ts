import { holds } from './marker.ts';
import type { DeployedApp } from './observed.ts';
import type { DeploymentRecord } from './record.ts';

/** How far a deployment may have come, in the order of its way. */
export type Stage =
  | 'cloning'
  | 'cloned'
  | 'read-only-ready'
  | 'read-only'
  | 'deployed'
  | 'validated'
  | 'rolling-back'
  | 'rolled-back'
  | 'completed';

/** Who production serves, by its marker: the live build as it was before, the read-only copy, or a candidate of this deployment. */
export function serving(look: DeployedApp): 'live-build' | 'read-only-copy' | 'candidate' {
  const marker = look.production.marker;
  if (marker === undefined || marker.deploymentId !== look.record?.deploymentId) return 'live-build';
  return marker.role === 'read-only' ? 'read-only-copy' : 'candidate';
}

/** The read-only window is open: production serves the clone. */
export function windowOpen(look: DeployedApp): boolean {
  return serving(look) === 'read-only-copy';
}

/**
 * Production shows no marker of the copy although the last swap that Azure remembers is the one that brought it there: somebody wrote
 * settings of their own over it, as an infrastructure template does. https://github.com/Azure/bicep/issues/3991
 */
export function copyLostMarker(look: DeployedApp): boolean {
  const { record, production } = look;
  const [opened, last] = [record?.windowOpenedAt, production.swapStatus?.at];
  if (!windowRecorded(record) || record?.intent !== undefined || opened === undefined || last === undefined)
    return false;
  return serving(look) === 'live-build' && Date.parse(opened) === Date.parse(last);
}

/** The same by the record alone, which nobody tells of a swap by hand. */
export function windowRecorded(record: DeploymentRecord | null): boolean {
  return record?.windowOpenedAt !== undefined && record.windowClosedAt === undefined;
}

/** How far the deployment has come, whatever is in its way. */
export function stageOf(look: DeployedApp, record: DeploymentRecord): Stage {
  if (record.rollbackUnderWay !== undefined) return 'rolling-back';
  switch (serving(look)) {
    case 'read-only-copy':
      return stateInWindow(record);
    case 'candidate':
      return record.completedAt === undefined ? 'validated' : 'completed';
    case 'live-build':
      // Whatever was brought into production after `complete` is no business of this deployment.
      if (record.completedAt !== undefined) return 'completed';
      if (record.cloned === undefined) return 'cloning';
      return copyIsReady(look, record) ? 'read-only-ready' : 'cloned';
  }
}

/** How far it has come while visitors are on the read-only copy. */
export function stateInWindow(record: DeploymentRecord): 'read-only' | 'deployed' | 'validated' | 'rolled-back' {
  if (record.candidate === undefined) return 'read-only';
  if (record.verdict !== undefined && record.verdict.result !== 'failed') return 'validated';
  return record.candidate.role === 'new' ? 'deployed' : 'rolled-back';
}

/** The read-only copy was proven, and is where it was: a `cleanup` that was killed has begun to take it away. */
function copyIsReady({ readonlySlot, deploymentId }: DeployedApp, record: DeploymentRecord): boolean {
  const isThere = holds(readonlySlot, deploymentId, 'read-only') && readonlySlot?.state === 'Running';
  return record.readOnlyReady !== undefined && isThere;
}
