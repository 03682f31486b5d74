import type { Settings } from '../settings/settings.ts';
import { companionEntries } from './companions.ts';
import type { Observed } from './observed.ts';
import type { DeploymentRecord } from './record.ts';

/** The record as `clone` writes it into its first PUT: the claim. */
export function claim(settings: Settings, observed: Observed): DeploymentRecord {
  return {
    deploymentId: observed.deploymentId,
    app: `${observed.app.resourceGroup}/${observed.app.name}`.toLowerCase(),
    run: observed.run,
    actor: settings.github.actor,
    lock: 'claim',
    mode: settings.mode,
    server: observed.server.name,
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
