import { holds } from './marker.ts';
import type { AppLook, Observed } from './observed.ts';
import type { DeploymentRecord } from './record.ts';

/**
 * Nothing of the new build has come to the originals: `deploy` has not begun, or is in its first attempt and has let in neither migration
 * nor build. They are READ_ONLY then, as `switch` left them. That alone shows nothing: whoever is alarmed by a deploy that failed may have
 * closed them, a migration half done.
 */
export function areUntouched(observed: Observed, { deployBegun, attempt }: DeploymentRecord): boolean {
  if (deployBegun === undefined) return true;
  const { databases, sql, companions, deploymentId } = observed;
  const isDisarmed = ({ stagingSlot }: AppLook) =>
    holds(stagingSlot, deploymentId, 'new') && stagingSlot?.marker?.attempt === 0;
  const builds = companions.filter(({ does }) => does === 'build').map(({ look }) => look);
  return (
    deployBegun === nothingLetIn(attempt) &&
    [observed, ...builds].every(isDisarmed) &&
    databases.every(({ original }) => sql[original?.name ?? '']?.readOnly === true)
  );
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
