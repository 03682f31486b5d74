import { processOf, type Session } from '../azure/sql-sessions.ts';
import { appKey, appOfKey } from '../deployment/app-key.ts';
import type { Check } from '../deployment/check.ts';
import { azWebApp } from '../deployment/commands.ts';
import type { Observed } from '../deployment/observed.ts';
import type { Settings } from '../settings/settings.ts';
import { leadingToOriginals } from './connections.ts';
import { usesManagedIdentity } from './identities.ts';
import type { LookInside } from './inside.ts';
import type { Owner, Owners } from './session-owners.ts';
import { allFine, failed, listed, warning } from './verdicts.ts';

const NAME = 'sessions in the originals';

/**
 * Pure: who is in the originals today. Whoever stays when the live build is stopped keeps `switch` from its rollback point, and would
 * lose what they write by a rollback of the database.
 */
export function sessionChecks(
  settings: Settings,
  observed: Observed,
  looks: readonly LookInside[],
  owners: Owners,
): readonly Check[] {
  return looks.flatMap(({ database, inside }): readonly Check[] => {
    if (!inside.value?.seesOthers) return [];
    const all = inside.value.sessions;
    const found = all.length === 0 ? `Nobody is in ${database} now.` : `${database}: ${grouped(all)}.`;
    const { apps, strangers } = othersAmong(settings, observed, all, owners);
    return allFine(NAME, found, [
      ...[...apps].map(([, { owner, sessions }]) => appCheck(settings, observed, database, owner, sessions)),
      ...strangerCheck(settings, database, strangers),
      ...(strangers.length === 0 ? crowdCheck(database, all, owners) : []),
    ]);
  });
}

interface Others {
  readonly apps: ReadonlyMap<string, { readonly owner: Owner; readonly sessions: Session[] }>;
  /** Sessions of nobody that is known: people, programs elsewhere, apps that may not be looked at. */
  readonly strangers: readonly Session[];
}

/** Those that belong neither to the app nor to one that is named. */
function othersAmong(settings: Settings, observed: Observed, all: readonly Session[], owners: Owners): Others {
  const moving = [appKey(observed.app), ...observed.companions.map(({ key }) => key)];
  const stopped = observed.otherApps.map(({ key }) => key);
  // Between two swaps live builds are in the slots of the deployment.
  const places = ['production', settings.readonlySlot, settings.stagingSlot].map((name) => name.toLowerCase());
  const isExpected = ({ key, slot }: Owner) =>
    moving.includes(key) ? places.includes(slot.toLowerCase()) : stopped.includes(key) && slot === 'production';
  const logins = appLogins(observed);
  const apps = new Map<string, { readonly owner: Owner; readonly sessions: Session[] }>();
  const strangers: Session[] = [];
  for (const session of all) {
    const process = processOf(session);
    const owner = process === undefined ? undefined : owners.of.get(process);
    if (owner === undefined) {
      // Where the app's own processes are recognised, one that is not is somebody else's, whatever its login.
      const isElse = owners.recognises && process !== undefined;
      if (isElse || (logins !== undefined && !logins.has(plain(session.loginName)))) strangers.push(session);
    } else if (!isExpected(owner)) {
      const name = `${owner.key} ${owner.slot}`;
      apps.set(name, { owner, sessions: [...(apps.get(name)?.sessions ?? []), session] });
    }
  }
  return { apps, strangers };
}

function appCheck(
  { allowOtherWriters }: Settings,
  { app }: Observed,
  database: string,
  { key, slot }: Owner,
  sessions: readonly Session[],
): Check {
  const own = appOfKey(key);
  const isSlot = slot !== 'production';
  const who = isSlot ? `Slot ${slot} of app ${key}` : `App ${key}`;
  const line = own.resourceGroup === app.resourceGroup.toLowerCase() ? own.name : key;
  const found = `${who} is in ${database}, and nothing names it: ${grouped(sessions)}. As long as it runs ${database} does not become quiet, and the new schema would be changed under it.`;
  const fix = isSlot ? azWebApp({ ...app, ...own }, 'stop', slot) : `other-apps: ${line} = stop`;
  if (!allowOtherWriters) return failed(NAME, found, fix);
  return warning(NAME, `${found} allow-other-writers lets it.`, fix);
}

function strangerCheck(settings: Settings, database: string, strangers: readonly Session[]): readonly Check[] {
  if (strangers.length === 0) return [];
  const writers = strangers.filter(({ wrote }) => wrote);
  const lets = settings.allowOtherWriters ? ' no more (allow-other-writers)' : '';
  const end =
    'Stop them before "switch", or set allow-other-writers: true and accept that a rollback of the database would lose what they write.';
  if (writers.length > 0 && !settings.allowOtherWriters) {
    const found = `${database} is written by others than the app, in no app that could be found: ${grouped(writers)}.`;
    return [failed(NAME, found, end)];
  }
  return [
    warning(
      NAME,
      `${database} is used by others than the app: ${grouped(strangers)}. "switch" stops at them${lets}.`,
      end,
    ),
  ];
}

/** Where no process is recognised (Linux) each worker of an app is a host of its own: more hosts than workers are others'. */
function crowdCheck(database: string, all: readonly Session[], { recognises, instances }: Owners): readonly Check[] {
  const hosts = [...new Set(all.map(({ hostName }) => hostName).filter((host) => host !== ''))];
  if (recognises || instances === undefined || instances === 0 || hosts.length <= instances) return [];
  return [
    warning(
      NAME,
      `${database} has sessions from ${hosts.length} hosts (${listed(hosts)}), and production with the apps that are named has ${instances} ${instances === 1 ? 'instance' : 'instances'}: somebody else uses the same login: ${grouped(all)}.`,
      'Find out who it is: name it with other-apps, or stop it before "switch".',
    ),
  ];
}

/** The SQL logins of production's connection strings; undefined when an identity logs in, whose name in the list is an id. */
function appLogins(observed: Observed): ReadonlySet<string> | undefined {
  const leading = leadingToOriginals(observed);
  if (leading.length === 0 || usesManagedIdentity(observed).length > 0) return undefined;
  return new Set(leading.map(({ address }) => plain(address.user ?? '')));
}

function plain(login: string): string {
  return login.split('@')[0]?.toLowerCase() ?? '';
}

/** Such as `3 of Core Microsoft SqlClient on RD0003FF as shop`. */
function grouped(all: readonly Session[]): string {
  const counts = new Map<string, number>();
  for (const { programName, hostName, hostProcessId, loginName } of all) {
    const process = hostProcessId === 0 ? '' : `, process ${hostProcessId}`;
    const who = `${programName || 'a program without a name'} on ${hostName || 'an unnamed host'}${process} as ${loginName}`;
    counts.set(who, (counts.get(who) ?? 0) + 1);
  }
  return listed([...counts].map(([who, count]) => `${count} of ${who}`));
}
