import { holds } from './marker.ts';
import type { Observed, Slot } from './observed.ts';
import type { DeploymentRecord } from './record.ts';

/**
 * Nothing of the new build has come to the originals: `deploy` has not begun, or is in its first attempt and has let in neither migration
 * nor build. They are READ_ONLY then, as `switch` left them. That alone shows nothing: whoever is alarmed by a deploy that failed may have
 * closed them, a migration half done.
 */
export function areUntouched(observed: Observed, { deployBegun, attempt }: DeploymentRecord): boolean {
  if (deployBegun === undefined) return true;
  const { databases, sql } = observed;
  return (
    deployBegun === nothingLetIn(attempt) &&
    newBuilds(observed).every((slot) => isDisarmed(slot, observed)) &&
    databases.every(({ original }) => sql[original?.name ?? '']?.readOnly === true)
  );
}

/** Where the new builds wait of all apps that get one. */
export function newBuilds({ stagingSlot, companions }: Observed): readonly (Slot | null)[] {
  return [stagingSlot, ...companions.flatMap(({ does, look }) => (does === 'build' ? [look.stagingSlot] : []))];
}

/** The slot holds a new build, or nothing yet, with settings that name no original. */
export function isDisarmed(slot: Slot | null, { deploymentId }: Observed): boolean {
  return holds(slot, deploymentId, 'new') && slot?.marker?.attempt === 0;
}

/** What is recorded of the attempt that `deploy` begins with: of a later one nobody can tell what the first one did. */
export function nothingLetIn(attempt: number): string {
  return `attempt ${attempt}`;
}

/**
 * What is recorded before its migration changes an original, or its build is disarmed again: of a build that is armed the slot tells that
 * it may have reached the originals, and none reaches them before.
 */
export function letIn(attempt: number): string {
  return `${nothingLetIn(attempt)}, let in`;
}
