import { azureSaid } from '../azure/failure.ts';
import { may, permissionsAt } from '../azure/permissions.ts';
import { getAppSettings, getConnectionStrings } from '../azure/site-config.ts';
import type { Site } from '../azure/site-shapes.ts';
import { listSites } from '../azure/sites.ts';
import { findDatabasesOn } from '../connection-strings/connection-strings.ts';
import type { Scene } from '../context/scene.ts';
import { type Seen, see } from '../context/seen.ts';
import { appKey } from '../deployment/app-key.ts';
import type { Check } from '../deployment/check.ts';
import { assignRole, groupOf, shell } from '../deployment/commands.ts';
import type { DatabasePart, Observed } from '../deployment/observed.ts';
import type { Settings } from '../settings/settings.ts';
import { allFine, failed, listed, notLookedAt, passed, warning } from './verdicts.ts';

const NAME = 'other apps';

/** Stopping and starting another app, and letting its SCM stop with it: no part of the role for the app itself. */
const NEEDED = ['Microsoft.Web/sites/stop/action', 'Microsoft.Web/sites/start/action', 'Microsoft.Web/sites/write'];

/** So many apps are asked for their settings at once. */
export const appsAtOnce = 8;

/** An app whose settings name an original, and by which of them. */
interface Neighbour {
  readonly key: string;
  readonly site: Site;
  readonly by: readonly string[];
}

/** What there is beside the app. */
interface Surroundings {
  readonly neighbours: readonly Neighbour[];
  /** Apps whose settings may not be read. */
  readonly unread: readonly string[];
  /** Groups whose apps were listed, when those of the whole subscription may not be. */
  readonly within: readonly string[] | undefined;
}

/** Pure: an app that is named must be there, or it goes on under another name. */
export function checkNamedApps({ otherApps }: DatabasePart): readonly Check[] {
  return otherApps
    .filter(({ site }) => site === null)
    .map(({ key }) =>
      failed(
        NAME,
        `Input other-apps names ${key}, and there is no such app.`,
        'Correct other-apps: name = stop, or group/name = stop for an app of another resource group.',
      ),
    );
}

/** Finds the apps that work on the originals as well, and asks whether those that are named may be stopped. */
export async function checkOtherApps(scene: Scene): Promise<readonly Check[]> {
  const { context, settings, observed } = scene;
  const named = observed.otherApps.filter(({ site }) => site !== null);
  const [around, ...rights] = await Promise.all([
    see(context.signal, () => surroundings(scene)),
    ...named.map(async ({ key, id }) => ({
      key,
      id,
      grants: await see(context.signal, () => permissionsAt(context.arm, id)),
    })),
  ]);
  return [
    ...unnamed(settings, observed, around),
    ...rights.flatMap(({ key, id, grants }): readonly Check[] => {
      const name = `permissions on ${key}`;
      if (grants.why !== undefined) return [notLookedAt(name, grants.why)];
      const missing = NEEDED.filter((action) => !may(grants.value, action));
      const found = `Not granted: ${missing.join(', ')}, which stop and start it.`;
      const fix = assignRole(settings, id, 'Website Contributor');
      return allFine(name, 'It may be stopped and started.', missing.length > 0 ? [failed(name, found, fix)] : []);
    }),
  ];
}

/** Pure. */
function unnamed(settings: Settings, observed: Observed, around: Seen<Surroundings>): readonly Check[] {
  if (around.why !== undefined) return [notLookedAt(NAME, around.why)];
  const { neighbours, unread, within } = around.value;
  const named = new Set([...observed.otherApps, ...observed.companions].map(({ key }) => key));
  const strangers = neighbours.filter(({ key }) => !named.has(key));
  const where = within === undefined ? 'the subscription' : listed(within);
  return [
    ...allFine(
      NAME,
      `${named.size === 0 ? 'No other app' : `No app but ${listed([...named])}`} of ${where} names an original in its settings.`,
      strangers.map((stranger) => strangerCheck(settings, observed, stranger)),
    ),
    ...(unread.length > 0
      ? [notLookedAt(`${NAME}: settings`, `Settings that may not be read: those of ${listed(unread)}.`)]
      : []),
  ];
}

/** Nobody can see from here whether it writes: what keeps a connection open is enough to be in the way. */
function strangerCheck(settings: Settings, { app }: Observed, { key, site, by }: Neighbour): Check {
  const kind = /functionapp/i.test(site.kind) ? 'Function app' : 'App';
  const line = key.startsWith(`${app.resourceGroup.toLowerCase()}/`) ? key.slice(key.indexOf('/') + 1) : key;
  if (site.state === 'Stopped') {
    return passed(NAME, `${kind} ${key} names an original, too (${listed(by)}), and is stopped.`);
  }
  const found = `${kind} ${key} works on the originals, too (${listed(by)}). As long as it runs they do not become quiet, and the new schema would be changed under it.`;
  const fix = `other-apps: ${line} = stop`;
  if (!settings.allowOtherWriters) return failed(NAME, found, fix);
  return warning(NAME, `${found} allow-other-writers lets it.`, fix);
}

async function surroundings(scene: Scene): Promise<Surroundings> {
  const { arm } = scene.context;
  const { observed } = scene;
  const names = new Set(observed.databases.map(({ name }) => name.toLowerCase()));
  const { sites, within } = await sitesAround(scene);
  const others = sites.filter(({ id }) => id.toLowerCase() !== observed.app.id.toLowerCase());
  const neighbours: Neighbour[] = [];
  const unread: string[] = [];
  for (let from = 0; from < others.length; from += appsAtOnce) {
    await Promise.all(others.slice(from, from + appsAtOnce).map(lookInto));
  }
  return { neighbours: neighbours.sort((one, other) => (one.key < other.key ? -1 : 1)), unread, within };

  async function lookInto(site: Site): Promise<void> {
    const key = appKey({ resourceGroup: groupOf(site.id), name: site.name });
    try {
      const [appSettings, connectionStrings] = await Promise.all([
        getAppSettings(arm, site.id),
        getConnectionStrings(arm, site.id),
      ]);
      const found = findDatabasesOn({ appSettings, connectionStrings }, observed.servers);
      const by = found.filter(({ key }) => names.has(key.toLowerCase())).map(({ name }) => name);
      if (by.length > 0) neighbours.push({ key, site, by: [...new Set(by)] });
    } catch (error) {
      if (azureSaid(error)?.status !== 403) throw error;
      unread.push(key);
    }
  }
}

/** All of the subscription; where these may not be listed, those of the resource groups that are known. */
export async function sitesAround({
  context,
  observed,
}: Scene): Promise<{ readonly sites: readonly Site[]; readonly within: Surroundings['within'] }> {
  const { arm, app } = context;
  try {
    return { sites: await listSites(arm, app.subscriptionId), within: undefined };
  } catch (error) {
    if (azureSaid(error)?.status !== 403) throw error;
  }
  const groups = [app.resourceGroup, ...[...observed.otherApps, ...observed.servers].map(({ id }) => groupOf(id))];
  const known = [...new Map(groups.map((group) => [group.toLowerCase(), group])).values()];
  const lists = await Promise.all(
    known.map(async (group) => ({
      group,
      seen: await see(context.signal, () => listSites(arm, app.subscriptionId, group)),
    })),
  );
  return {
    sites: lists.flatMap(({ seen }) => seen.value ?? []),
    within: lists.flatMap(({ group, seen }) => (seen.value ? [`resource group ${shell(group)}`] : [])),
  };
}
