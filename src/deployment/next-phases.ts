import { type PhaseName, phasesThat, traitsOf } from '../settings/phases.ts';
import { overwrittenCompanions } from './companion-drift.ts';
import { driftOf, lostLiveBuild } from './drift.ts';
import { isEmptied } from './instances.ts';
import { missingOriginal } from './missing-original.ts';
import type { Observed } from './observed.ts';
import { isOverwritten, namesClone } from './overwritten.ts';
import type { DeploymentRecord } from './record.ts';
import { isUnmoved } from './restored.ts';
import { copySlot } from './slots.ts';
import { serving, stageOf } from './stage.ts';

/** The phases that may run next, the usual one first: those that would go on from this very picture, given the inputs they ask for. */
export function nextPhases(observed: Observed): readonly PhaseName[] {
  const { record } = observed;
  if (driftOf(observed)) return ['status', ...(record ? waysOut(observed, record) : [])];
  if (record === null) return observed.others.length > 0 ? ['status'] : BEGINNING;
  const phases = phasesOf(observed, record);
  if (lostLiveBuild(observed))
    return ['status', ...phases.filter((phase) => !traitsOf[phase].needs.includes('live-build'))];
  return observed.recordIn === 'mirror' ? phases.filter((phase) => !traitsOf[phase].needs.includes('clone')) : phases;
}

/** When no deployment is open. */
export const BEGINNING = phasesThat(({ begins }) => begins);

function phasesOf(observed: Observed, record: DeploymentRecord): readonly PhaseName[] {
  switch (stageOf(observed, record)) {
    case 'cloning':
      return ['clone', 'cleanup'];
    case 'cloned':
      return isComplete(observed) ? ['read-only', 'cleanup'] : ['cleanup'];
    case 'read-only-ready':
      return isComplete(observed) ? ['switch', 'cleanup'] : ['cleanup'];
    case 'read-only':
      return [forward(record), 'rollback'];
    case 'deployed':
    case 'rolled-back':
      return ['validate', forward(record), 'rollback'];
    case 'validated':
      // The candidate serves already, whoever brought it there: only the soak is not over.
      if (serving(observed) === 'candidate') return ['complete', ...wayBack(observed)];
      return ['complete', 'validate', forward(record), 'rollback'];
    case 'rolling-back':
      return record.rollbackUnderWay?.databases === 'moving' && !isUnmoved(observed)
        ? ['rollback']
        : ['rollback', forward(record)];
    case 'completed':
      return ['cleanup', ...wayBack(observed)];
  }
}

/** The phases that lead out of a drift; what people can fix by hand, the drift itself says. */
function waysOut(observed: Observed, record: DeploymentRecord): readonly PhaseName[] {
  if (missingOriginal(observed)) return [];
  if (overwrittenCompanions(observed).length > 0) return ['switch'];
  if (isOverwritten(observed)) return namesClone(observed) ? ['switch'] : ['switch', 'cleanup'];
  switch (serving(observed)) {
    case 'live-build':
      return ['cleanup'];
    case 'candidate':
      return wayBack(observed);
    case 'read-only-copy':
      return record.candidate === undefined || record.rollbackPoint === undefined ? [] : ['deploy', 'rollback'];
  }
}

/** Every clone is there for the read-only copy to work on. */
function isComplete({ databases }: Observed): boolean {
  return databases.every((pair) => pair.clone?.status === 'Online');
}

/** A rollback may come before the rollback point was taken, or void it: then `switch` takes it before anything is deployed. */
function forward(record: DeploymentRecord): PhaseName {
  return record.rollbackPoint === undefined ? 'switch' : 'deploy';
}

/** From a candidate that serves visitors go back to the read-only copy first. */
function wayBack(observed: Observed): readonly PhaseName[] {
  const { readonlySlot } = observed;
  if (readonlySlot === null || isEmptied(readonlySlot)) return [];
  const isThere = copySlot(observed) !== null && isComplete(observed) && serving(observed) === 'candidate';
  return isThere ? ['rollback'] : [];
}
