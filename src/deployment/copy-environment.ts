import { findDatabasesOn } from '../connection-strings/connection-strings.ts';
import type { Settings } from '../settings/settings.ts';
import { cloneConnections } from './clone-connections.ts';
import { valuesFor } from './instances.ts';
import { addresses, variableOf } from './migrate-environment.ts';
import { cloneName } from './names.ts';
import type { Observed } from './observed.ts';
import { liveBuildSlot } from './slots.ts';

/** The environment of copy-command: where the clones are, and how production's settings would lead to them. */
export function copyEnvironment(settings: Settings, observed: Observed): Record<string, string> {
  return {
    ZDD_DEPLOYMENT_ID: observed.deploymentId,
    ...addresses(observed, 'ZDD_DATABASE', (original) => original),
    ...addresses(observed, 'ZDD_CLONE_DATABASE', (original) => cloneName(original, observed.deploymentId)),
    ...copyStrings(settings, observed),
  };
}

/** `ZDD_CLONE_CONNECTION_STRING_<NAME>` of every setting of the copy that leads to a clone, with its password. */
export function copyStrings(settings: Settings, observed: Observed): Record<string, string> {
  const { servers } = observed;
  const copy = cloneConnections(liveBuildSlot(observed), servers, settings, valuesFor(observed, 'read-only')).settings;
  return Object.fromEntries(
    findDatabasesOn(copy, servers).map(({ name, value }) => [variableOf('ZDD_CLONE_CONNECTION_STRING', name), value]),
  );
}
