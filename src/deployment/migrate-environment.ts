import { findDatabasesOn } from '../connection-strings/connection-strings.ts';
import type { Settings } from '../settings/settings.ts';
import { newBuildSettings } from './instances.ts';
import type { Observed } from './observed.ts';
import { liveBuildSlot } from './slots.ts';

/** The variable that holds a token of the signed-in identity, when it is what signs in to SQL. */
export const TOKEN_VARIABLE = 'ZDD_SQL_ACCESS_TOKEN';

/** The variable that holds the address of the candidate, for after-start-command. */
export const CANDIDATE_VARIABLE = 'ZDD_CANDIDATE_URL';

/**
 * The environment of migrate-command but for the token, which is taken right before it starts. Connection strings are the new
 * build's own, so they lead to the originals, references with what they stand for; one that only App Service can read is not among them.
 */
export function migrateEnvironment(settings: Settings, observed: Observed, attempt: number): Record<string, string> {
  const { server, databases, deploymentId } = observed;
  return {
    ZDD_DEPLOYMENT_ID: deploymentId,
    ZDD_SQL_SERVER: server.port === 1433 ? server.host : `${server.host},${server.port}`,
    ZDD_DATABASE: databases.map((pair) => pair.original?.name ?? pair.name).join(','),
    ...connectionStrings(settings, observed, attempt),
  };
}

/** `ZDD_CONNECTION_STRING_<NAME>` of every setting of the new build that leads to the server. */
export function connectionStrings(settings: Settings, observed: Observed, attempt: number): Record<string, string> {
  const { secrets } = liveBuildSlot(observed);
  const build = { ...newBuildSettings(settings, observed, attempt), ...(secrets && { secrets }) };
  return Object.fromEntries(
    findDatabasesOn(build, observed.server).map(({ name, value }) => [variableOf(name), value]),
  );
}

/** `ZDD_CONNECTION_STRING_SHOP` of `Shop` and of `ConnectionStrings__Shop`. */
function variableOf(setting: string): string {
  const short = setting.replace(/^ConnectionStrings?(__|:)/i, '');
  return `ZDD_CONNECTION_STRING_${short.replace(/[^A-Za-z0-9]/g, '_').toUpperCase()}`;
}
