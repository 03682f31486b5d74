import { findDatabasesOn } from '../connection-strings/connection-strings.ts';
import { referencesPassed } from '../connection-strings/unsure.ts';
import { reason } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import { cloneConnections, doubtText } from '../deployment/clone-connections.ts';
import { instanceSettings } from '../deployment/instance-settings.ts';
import { cloneName } from '../deployment/names.ts';
import type { Observed } from '../deployment/observed.ts';
import type { PlaceholderValues } from '../deployment/placeholders.ts';
import { liveBuildSlot } from '../deployment/slots.ts';
import { profileOf } from '../profiles/profiles.ts';
import type { Settings } from '../settings/settings.ts';
import { allFine, failed, listed, passed, warning } from './verdicts.ts';

const NAME = 'connection strings';

/** Pure: whether every setting that leads to an original can be made to lead to its clone. */
export function checkConnections(settings: Settings, observed: Observed): readonly Check[] {
  return [
    ...redirected(settings, observed),
    ...passedReferences(settings, observed),
    ...placeholders(settings, observed),
  ];
}

/** The read-only copy must not lead to an original by any setting. */
function redirected(settings: Settings, observed: Observed): readonly Check[] {
  const live = liveBuildSlot(observed);
  try {
    const cloned = cloneConnections(live, observed.servers, settings, valuesAhead(observed));
    const leading = leadingToOriginals(observed).map(({ name, key }) => `${name} (${key})`);
    const placeholder = observed.databases.length > 1 ? '{{clone-database:NAME}}' : '{{clone-database}}';
    const profile = profileOf(settings.profile);
    const usual = profile.connectionStringNames.filter((name) => !(name in live.connectionStrings));
    return allFine(
      NAME,
      `The copy will use the clones through ${listed(leading) || (settings.copyCommand === undefined ? 'clone-connection-settings' : 'what copy-command writes')}.`,
      [
        ...cloned.notFound.map((database) =>
          failed(
            NAME,
            `No setting was found that leads to database ${database}.`,
            `clone-connection-settings: <NAME>=<connection string with {{clone-database:${database}}}>; connection-string:<NAME>=… where the app reads a connection string, such as one of web.config; where no setting reaches the app, copy-command: docs/settings-from-elsewhere.md says more.`,
          ),
        ),
        ...cloned.unsure.map((doubt) =>
          failed(
            NAME,
            doubt.why === 'original'
              ? `${doubtText(doubt)}.`
              : `${doubtText(doubt)}; it may lead to an original. If it does not, say so with ${doubt.name}={{unchanged}} in clone-connection-settings.`,
            `clone-connection-settings: ${doubt.name}=<its value with ${placeholder}>`,
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
      ],
    );
  } catch (error) {
    return [failed(NAME, reason(error), 'Correct clone-connection-settings.')];
  }
}

/** Nobody but App Service can read these either; only their names say that they are no addresses. */
function passedReferences(settings: Settings, observed: Observed): readonly Check[] {
  const named = new Set(settings.cloneConnectionSettings.map(({ name }) => lower(name)));
  const names = referencesPassed(liveBuildSlot(observed)).flatMap(({ name }) => (named.has(lower(name)) ? [] : [name]));
  if (names.length === 0) return [];
  const found = `${listed(names)}: references that only App Service can read, taken for secrets by their names. The read-only copy keeps them; none may hold a connection string. {{unchanged}}, one line for each, says that none does.`;
  return [
    warning(
      'references to secrets',
      found,
      `clone-connection-settings: ${names.map((each) => `${each}={{unchanged}}`).join('\n')}`,
    ),
  ];
}

function placeholders(settings: Settings, observed: Observed): readonly Check[] {
  const name = 'settings of the instances';
  try {
    const all = (['read-only', 'new', 'live'] as const).map((role) =>
      instanceSettings(settings, {
        ...valuesAhead(observed),
        role,
        clones: role === 'read-only' ? valuesAhead(observed).clones : {},
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
  return findDatabasesOn(liveBuildSlot(observed), observed.servers).filter(({ key }) => names.has(lower(key)));
}

/** What placeholders will stand for, as far as it is known before `clone`. */
export function valuesAhead(observed: Observed): PlaceholderValues {
  return {
    clones: Object.fromEntries(observed.databases.map(({ name }) => [name, cloneName(name, observed.deploymentId)])),
    firstServer: observed.servers[0].name,
    snapshotTimestamp: '2026-01-31T12:00:00.0000000Z',
    deploymentId: observed.deploymentId,
    role: 'read-only',
  };
}

function lower(text: string): string {
  return text.toLowerCase();
}
