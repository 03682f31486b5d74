import type { Check } from '../deployment/check.ts';
import type { DatabasePart } from '../deployment/observed.ts';
import { allFine, failed, listed } from './verdicts.ts';

/** Pure, safety rule 9: at most one deployment is open, for an app and for a database. */
export function checkDeployments(observed: DatabasePart): readonly Check[] {
  const name = 'other deployments';
  return allFine(
    name,
    `${observed.record === null ? 'None is open.' : `Only ${observed.deploymentId} of this run is open.`}${leftOver(observed)}`,
    observed.others.map((other) =>
      failed(
        name,
        `Deployment ${other.deploymentId} of ${other.app} is open on ${other.databases.join(', ')}; ${other.actor || 'somebody'} began it in run ${other.run}.`,
        `Ask whoever began it to finish it, or to end it by phase cleanup of ${other.app} with deployment-id: ${other.deploymentId}`,
      ),
    ),
  );
}

/** Nothing is deleted for it, and nothing stands in its way; but each database costs as before. */
function leftOver({ leftovers }: DatabasePart): string {
  if (leftovers.length === 0) return '';
  const names = listed(leftovers.map(({ name }) => name));
  return ` No deployment that is open made ${names}, which ${leftovers.length === 1 ? 'costs' : 'cost'} as before: "status" tells since when.`;
}
