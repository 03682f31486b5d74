import { sameHost } from '../connection-strings/address.ts';
import { findDatabases } from '../connection-strings/connection-strings.ts';
import { reason } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import { cloneConnections } from '../deployment/clone-connections.ts';
import { instanceSettings } from '../deployment/instance-settings.ts';
import { cloneName } from '../deployment/names.ts';
import type { Observed } from '../deployment/observed.ts';
import type { PlaceholderValues } from '../deployment/placeholders.ts';
import { liveBuildSlot } from '../deployment/slots.ts';
import { profileOf } from '../profiles/profiles.ts';
import type { Settings } from '../settings/settings.ts';
import { allFine, failed, listed, passed, warning } from './verdicts.ts';

const NAME = 'connection strings';

/** Pure: whether every setting that leads to an original can be made to lead to its clone, and where else production writes. */
export function checkConnections(settings: Settings, observed: Observed): readonly Check[] {
  return [...redirected(settings, observed), ...elsewhere(settings, observed), ...placeholders(settings, observed)];
}

/** The read-only copy must not lead to an original by any setting. */
function redirected(settings: Settings, observed: Observed): readonly Check[] {
  const live = liveBuildSlot(observed);
  try {
    const cloned = cloneConnections(live, observed.server.host, settings, values(observed));
    const leading = leadingToOriginals(observed).map(({ name, address }) => `${name} (${address.database})`);
    const profile = profileOf(settings.profile);
    const usual = profile.connectionStringNames.filter((name) => !(name in live.connectionStrings));
    return allFine(NAME, `The copy will use the clones through ${listed(leading) || 'clone-connection-settings'}.`, [
      ...cloned.notFound.map((database) =>
        failed(
          NAME,
          `No setting was found that leads to database ${database}.`,
          `clone-connection-settings: <NAME>=<connection string with {{clone-database:${database}}}>`,
        ),
      ),
      ...cloned.unsure.map(({ name, why }) =>
        failed(
          NAME,
          why === 'key-vault'
            ? `${name} is a reference that only App Service can read; it may lead to an original.`
            : `${name} names the SQL server in a form that is not understood.`,
          `clone-connection-settings: ${name}=<its value with {{clone-database}}>`,
        ),
      ),
      ...(profile.connectionStringNames.length > 0 && usual.length === profile.connectionStringNames.length
        ? [
            warning(
              NAME,
              `${profile.title} usually reads ${listed(usual)}, and production has no connection string of that name.`,
              'Check input profile.',
            ),
          ]
        : []),
    ]);
  } catch (error) {
    return [failed(NAME, reason(error), 'Correct clone-connection-settings.')];
  }
}

/** Databases that production uses and that are no part of the deployment: the copy would go on writing there. */
function elsewhere(settings: Settings, observed: Observed): readonly Check[] {
  const name = 'databases outside the deployment';
  const names = new Set(
    observed.databases.flatMap((pair) => [pair.name, cloneName(pair.name, observed.deploymentId)]).map(lower),
  );
  const others = findDatabases(liveBuildSlot(observed)).filter(
    ({ address }) => !(sameHost(address.host, observed.server.host) && names.has(lower(address.database))),
  );
  return allFine(
    name,
    'Production names no other database.',
    others.map((other) => {
      const same = sameHost(other.address.host, observed.server.host);
      const found = `${other.name} leads to database ${other.address.database} on ${other.address.host}, and the read-only copy would go on writing to it.`;
      if (same) {
        return warning(
          name,
          found,
          `databases: ${[...observed.databases.map((pair) => pair.name), other.address.database].join(',')}`,
        );
      }
      const fix = `readonly-settings: ${other.name}=<a value with which nothing is written>`;
      return settings.databases === undefined
        ? failed(
            name,
            `${found} All databases of a deployment are on one server; name those that belong to it with databases.`,
            fix,
          )
        : warning(name, found, fix);
    }),
  );
}

function placeholders(settings: Settings, observed: Observed): readonly Check[] {
  const name = 'settings of the instances';
  try {
    const all = (['read-only', 'new', 'live'] as const).map((role) =>
      instanceSettings(settings, {
        ...values(observed),
        role,
        clones: role === 'read-only' ? values(observed).clones : {},
      }),
    );
    const [readOnly = []] = all;
    return [passed(name, `The read-only copy gets ${listed(readOnly.map((setting) => setting.name))}.`)];
  } catch (error) {
    return [failed(name, reason(error), 'Correct readonly-settings and app-settings.')];
  }
}

/** The settings by which production reaches the originals today. */
export function leadingToOriginals(observed: Observed) {
  const names = new Set(observed.databases.map(({ name }) => lower(name)));
  return findDatabases(liveBuildSlot(observed)).filter(
    ({ address }) => sameHost(address.host, observed.server.host) && names.has(lower(address.database)),
  );
}

function values(observed: Observed): PlaceholderValues {
  return {
    clones: Object.fromEntries(observed.databases.map(({ name }) => [name, cloneName(name, observed.deploymentId)])),
    snapshotTimestamp: '2026-01-31T12:00:00.0000000Z',
    deploymentId: observed.deploymentId,
    role: 'read-only',
  };
}

function lower(text: string): string {
  return text.toLowerCase();
}
