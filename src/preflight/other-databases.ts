import type { SlotSettings } from '../azure/slot-settings.ts';
import { findDatabases, keyOfAddress } from '../connection-strings/connection-strings.ts';
import { findOtherEngines, type OtherEngine } from '../connection-strings/other-engines.ts';
import type { Check } from '../deployment/check.ts';
import { cloneConnections } from '../deployment/clone-connections.ts';
import { instanceSettings, withSettings } from '../deployment/instance-settings.ts';
import { cloneName } from '../deployment/names.ts';
import type { Observed } from '../deployment/observed.ts';
import { liveBuildSlot } from '../deployment/slots.ts';
import { absoluteKey, bareName } from '../settings/database-key.ts';
import type { Settings } from '../settings/settings.ts';
import { valuesAhead } from './connections.ts';
import { allFine, failed, warning } from './verdicts.ts';

/** Pure: databases that the copy uses and that are no part of the deployment: it would go on writing there. What the user has set is meant so. */
export function checkOtherDatabases(settings: Settings, observed: Observed): readonly Check[] {
  const name = 'databases outside the deployment';
  const { servers } = observed;
  // Whatever is called as an original on a server that nobody knows is doubted.
  const names = new Set(observed.databases.map((pair) => lower(bareName(pair.name))));
  const originals = new Set(observed.databases.map((pair) => lower(pair.name)));
  const clones = new Set(observed.databases.map((pair) => lower(cloneName(pair.name, observed.deploymentId))));
  const meant = (kind: string, setting: string) =>
    namesIn(settings.cloneConnectionSettings).has(lower(setting)) ||
    (kind === 'app-setting' && namesIn(settings.readonlySettings).has(lower(setting)));
  const copy = ofCopy(settings, observed);
  const others = findDatabases(copy).filter(({ kind, name: setting, address }) => {
    const key = keyOfAddress(servers, address);
    const isOurs =
      key === undefined ? names.has(lower(address.database)) : originals.has(lower(key)) || clones.has(lower(key));
    return !isOurs && !meant(kind, setting);
  });
  return allFine(name, 'Production names no other database.', [
    ...findOtherEngines(copy)
      .filter(({ kind, name: setting }) => !meant(kind, setting))
      .map((other) => ofOtherEngine(name, other)),
    ...others.map((other) => {
      const found = `${other.name} leads to database ${other.address.database} on ${other.address.host}, and the read-only copy would go on writing to it.`;
      const key = keyOfAddress(servers, other.address);
      if (key !== undefined) {
        const all = [...observed.databases.map((pair) => pair.name), key];
        const named = servers.length === 1 ? all : all.map((each) => absoluteKey(servers[0].name, each));
        return warning(name, found, `databases: ${named.join(',')}`);
      }
      const allowed = `${found} It gets a clone, too, where input databases names it as <server>/${other.address.database} beside the others (and sql-server, if given, its server). ${other.name}={{unchanged}} says that the copy may write there.`;
      const fix = `clone-connection-settings: ${other.name}=<a value with which nothing is written>${insteadOf(settings, other.name)}`;
      return settings.databases === undefined ? failed(name, allowed, fix) : warning(name, allowed, fix);
    }),
  ]);
}

/** An app setting of that name changes no connection string, and the two inputs must not both name it. */
function insteadOf({ readonlySettings }: Settings, setting: string): string {
  const isNamed = readonlySettings.some(({ name }) => lower(name) === lower(setting));
  return isNamed ? ` (and take ${setting} out of readonly-settings)` : '';
}

/** Nothing of the action reaches them: no copy, no READ_ONLY, no rollback point. */
function ofOtherEngine(check: string, { name, engine, host }: OtherEngine): Check {
  return failed(
    check,
    `${name} leads to ${engine}${host === undefined ? '' : ` on ${host}`}, which the action neither copies nor brings back: may visitors and the read-only copy write there during the window, and does a rollback get along with what is there then? ${name}={{unchanged}} says so.`,
    `clone-connection-settings: ${name}=<a value with which nothing is written>`,
  );
}

/** What the read-only copy will have; where the inputs do not fit together, another check says so, and this is what production has. */
function ofCopy(settings: Settings, observed: Observed): SlotSettings {
  const live = liveBuildSlot(observed);
  try {
    const { appSettings, connectionStrings } = cloneConnections(
      live,
      observed.servers,
      settings,
      valuesAhead(observed),
    ).settings;
    return {
      appSettings: withSettings(appSettings, instanceSettings(settings, valuesAhead(observed))),
      connectionStrings,
    };
  } catch {
    return live;
  }
}

function namesIn(list: Settings['readonlySettings']): ReadonlySet<string> {
  return new Set(list.map(({ name }) => lower(name)));
}

function lower(text: string): string {
  return text.toLowerCase();
}
