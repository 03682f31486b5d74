import { findDatabasesOn } from '../connection-strings/connection-strings.ts';
import { bareName } from '../settings/database-key.ts';
import type { Settings } from '../settings/settings.ts';
import { newBuildSettings } from './instances.ts';
import type { Observed, Server } from './observed.ts';
import { originals } from './originals.ts';
import { serverOf } from './servers.ts';
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
  return {
    ZDD_DEPLOYMENT_ID: observed.deploymentId,
    ...addresses(observed, 'ZDD_DATABASE', (key) => key),
    ...connectionStrings(settings, observed, attempt),
  };
}

/**
 * Servers, and of each the databases that belong to the originals, joined by commas. With several servers each has its own variables:
 * a command must not take those of one for all there are.
 */
export function addresses(
  observed: Observed,
  databaseVariable: string,
  databaseOf: (original: string) => string,
): Record<string, string> {
  const { servers } = observed;
  const all = servers.map((server) => {
    const of = servers.length === 1 ? '' : `_${variable(server.name)}`;
    const names = originals(observed).filter((key) => serverOf(observed, key) === server);
    return {
      [`ZDD_SQL_SERVER${of}`]: hostOf(server),
      [`${databaseVariable}${of}`]: names.map((key) => bareName(databaseOf(key))).join(','),
    };
  });
  return Object.assign({}, ...all);
}

function hostOf({ host, port }: Server): string {
  return port === 1433 ? host : `${host},${port}`;
}

/** `ZDD_CONNECTION_STRING_<NAME>` of every setting of the new build that leads to one of the servers. */
export function connectionStrings(settings: Settings, observed: Observed, attempt: number): Record<string, string> {
  const { secrets } = liveBuildSlot(observed);
  const build = { ...newBuildSettings(settings, observed, attempt), secrets };
  return Object.fromEntries(
    findDatabasesOn(build, observed.servers).map(({ name, value }) => [
      variableOf('ZDD_CONNECTION_STRING', name),
      value,
    ]),
  );
}

/** `ZDD_CONNECTION_STRING_SHOP` of `Shop` and of `ConnectionStrings__Shop`. */
export function variableOf(prefix: string, setting: string): string {
  const short = setting.replace(/^ConnectionStrings?(__|:)/i, '');
  return `${prefix}_${variable(short)}`;
}

function variable(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, '_').toUpperCase();
}
