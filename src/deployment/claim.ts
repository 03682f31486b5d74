import { inKey } from '../settings/database-key.ts';
import type { Settings } from '../settings/settings.ts';
import { cloneTags } from './clone-tags.ts';
import { companionEntries } from './companions.ts';
import type { Observed } from './observed.ts';
import type { DeploymentRecord } from './record.ts';
import { recordTags } from './record-tags.ts';

/**
 * What a clone says of the deployment: the one that has the record the claim, those of other servers where it is, so that nobody there
 * begins another deployment.
 * @param requestedAt when the copy was asked for; left out where nobody knows any more.
 */
export function claimTags(
  settings: Settings,
  observed: Observed,
  clone: string,
  requestedAt = observed.now,
): Record<string, string> {
  const { recordDatabase, servers } = observed;
  const whole = claim(settings, observed);
  if (clone === recordDatabase) return recordTags({ ...whole, requestedAt });
  if (inKey(clone).server === undefined) return {};
  return cloneTags({ app: whole.app, recordOn: `${servers[0].name}/${recordDatabase}` });
}

/** The record as `clone` writes it into its first PUT: the claim. */
function claim(settings: Settings, observed: Observed): DeploymentRecord {
  return {
    deploymentId: observed.deploymentId,
    app: `${observed.app.resourceGroup}/${observed.app.name}`.toLowerCase(),
    run: observed.run,
    actor: settings.github.actor,
    lock: 'claim',
    mode: settings.mode,
    server: observed.servers[0].name,
    databases: observed.databases.map((pair) => pair.name),
    readonlySlot: settings.readonlySlot,
    stagingSlot: settings.stagingSlot,
    profile: settings.profile,
    requestedAt: observed.now,
    ...(companionEntries(settings).length > 0 && { companions: companionEntries(settings) }),
    swaps: 0,
    settledSwaps: 0,
    attempt: 0,
    ...(settings.noDatabaseRollback ? { noDatabaseRollback: 'yes' as const } : {}),
  };
}
