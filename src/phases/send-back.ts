import type { Observed, Slot } from '../deployment/observed.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { areUntouched } from '../deployment/untouched.ts';
import { recordFields } from '../steps/constructors.ts';
import { inOrder } from '../steps/in-order.ts';
import type { Plan } from '../steps/steps.ts';
import { undo } from './switch-undo.ts';

/**
 * The short way back, as long as nothing of the new build has changed anything: visitors return to the live build on the originals at
 * once, as when `switch` undoes itself. Undefined where that is not certain; then the live build becomes a candidate, and is validated.
 */
export function sendBack(observed: Observed, record: DeploymentRecord, live: Slot): Plan | undefined {
  if (!isAsItWas(observed, record, live)) return undefined;
  return inOrder(forget(record), ...undo(observed, live, '"deploy" has changed nothing yet'));
}

/**
 * The live build of each app is the one that visitors left, nobody else has come to the originals meanwhile, and what visitors do on the
 * copy is not lost. One that was made a candidate would count as such in production, too, and be swapped away from there again.
 */
function isAsItWas(observed: Observed, record: DeploymentRecord, live: Slot): boolean {
  const { mode, candidate, rollbackUnderWay } = record;
  if (mode !== 'read-only' || candidate !== undefined || rollbackUnderWay !== undefined) return false;
  const lives = [live, ...observed.companions.map(({ look }) => look.readonlySlot)];
  const isLeft = lives.every((slot) => slot?.marker?.deploymentId !== observed.deploymentId);
  return isLeft && areUntouched(observed, record);
}

/** Before anything is started: what the live build writes from here lies before the next rollback point. */
function forget({ rollbackPoint, deployBegun, fingerprint, migrated, afterStart, verdict }: DeploymentRecord) {
  const gone = { rollbackPoint, deployBegun, fingerprint, migrated, afterStart, verdict };
  const fields = Object.entries(gone).flatMap(([name, value]) => (value === undefined ? [] : [[name, undefined]]));
  if (fields.length === 0) return false;
  return recordFields(
    Object.fromEntries(fields),
    'the live build writes again, and the deployment is where it was before "switch"',
  );
}
