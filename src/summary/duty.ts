import { apartFrom } from '../deployment/companions.ts';
import { anyDrift } from '../deployment/drift.ts';
import type { Observed } from '../deployment/observed.ts';
import { stageOf } from '../deployment/stage.ts';

/** Whether somebody has to act, in a sentence: what whoever looks wants to know first. */
export function dutyOf(observed: Observed): string {
  const { record, others } = observed;
  if (anyDrift(observed)) return 'Somebody must act: things are not as this action left them.';
  if (record === null)
    return others.length > 0 ? 'Of this app no deployment is open.' : 'No deployment is open, and nobody has to act.';
  const runs = `unless the run that began deployment ${record.deploymentId} goes on`;
  if (apartFrom(observed).length > 0) return `Somebody must act ${runs}: not all apps were moved.`;
  switch (stageOf(observed, record)) {
    case 'cloning':
    case 'cloned':
    case 'read-only-ready':
      return `Nobody has to act: visitors notice nothing of deployment ${record.deploymentId}.`;
    case 'read-only':
      return `Somebody must act ${runs}: the new build is not there yet.`;
    case 'deployed':
    case 'rolled-back':
      return `Somebody must act ${runs}: nothing was validated yet.`;
    case 'validated':
      return record.windowClosedAt === undefined
        ? 'Somebody must approve or reject the candidate.'
        : `Somebody must act ${runs}: "complete" has not ended.`;
    case 'rolling-back':
      return 'Somebody must act: a rollback has not ended.';
    case 'completed':
      return 'Nobody has to act; "cleanup" ends the deployment.';
  }
}
