import { type Build, buildIn } from '../model/app/build.ts';
import type { Database } from '../model/sql/state.ts';
import { viewOf } from '../model/web/content.ts';
import { runBy } from '../model/web/instances.ts';
import { PRODUCTION } from '../model/web/lookup.ts';
import type { Instance, Site, Slot } from '../model/web/state.ts';
import type { World } from '../model/world.ts';
import type { History, Original } from './history.ts';

/** What is true in the world, read from the model itself: nothing here asks the action, and nothing changes the world. */

/** Every world of the sweep has this app; another one beside it belongs to somebody else. */
const APP = 'web';
/** As the record calls it. */
const OUR_APP = `rg/${APP}`;

/** The other app that its owner had stopped before the deployment. */
export const ASLEEP = 'asleep';

/** The image that a containerised shop runs, without its tag. */
export const IMAGE = 'shop.azurecr.io/shop';

/** Apps that move together with the first: one with a build of its own, and one that only reads and keeps its build. */
export const [EDITOR, SEARCH] = ['editor', 'search'] as const;

/** Production of every app that moves: the first one, and those that go along. */
export function moving(world: World): readonly Slot[] {
  return [APP, EDITOR, SEARCH].flatMap((name) => world.web.sites[name]?.slots[PRODUCTION] ?? []);
}

/** Production of the other apps. */
export function neighbours(world: World): readonly Slot[] {
  const movers: readonly string[] = [APP, EDITOR, SEARCH];
  return Object.values(world.web.sites).flatMap(({ name, slots }) => {
    const found = movers.includes(name) ? undefined : slots[PRODUCTION];
    return found ? [found] : [];
  });
}

/** Ids of the databases in which an app holds sessions. */
export function connectedTo(world: World, { occupant }: Slot): readonly string[] {
  const { sessions } = world.web.apps[occupant.instance?.id ?? ''] ?? { sessions: {} };
  return Object.values(sessions).flatMap((id) => world.sql.sessions[id]?.databaseId ?? []);
}

export function site(world: World): Site {
  const found = world.web.sites[APP];
  if (found === undefined) throw new Error(`The world has no app ${APP}.`);
  return found;
}

export function production(world: World): Slot {
  const found = site(world).slots[PRODUCTION];
  if (found === undefined) throw new Error('The world has no production slot.');
  return found;
}

export function slots(world: World): readonly Slot[] {
  return Object.values(site(world).slots);
}

/** Of every app that moves. */
export function allSlots(world: World): readonly Slot[] {
  return moving(world).flatMap((slot) => Object.values(world.web.sites[slot.site]?.slots ?? {}));
}

export function databases(world: World): readonly Database[] {
  const found: Database[] = [];
  for (const server of Object.values(world.sql.servers)) found.push(...Object.values(server.databases));
  return found;
}

export function databaseNamed(world: World, name: string): Database | undefined {
  return databases(world).find((database) => database.name.toLowerCase() === name.toLowerCase());
}

/** A content and those that it comes from. */
export function lineOf(world: World, contentId: string): ReadonlySet<string> {
  const line = new Set<string>();
  for (let at: string | undefined = contentId; at !== undefined; at = world.sql.contents[at]?.from?.contentId) {
    line.add(at);
  }
  return line;
}

/** Whatever has the name of an original now, on its server. */
export function namesakeOf(world: World, { server, name }: Pick<Original, 'server' | 'name'>): Database | undefined {
  return world.sql.servers[server.toLowerCase()]?.databases[name.toLowerCase()];
}

/** The originals as they are now: those of the beginning, and whatever has one of their names. */
export function originalIds(world: World, history: History): ReadonlySet<string> {
  const ids = new Set(history.originals.map(({ databaseId }) => databaseId));
  for (const original of history.originals) {
    const present = namesakeOf(world, original);
    if (present !== undefined) ids.add(present.databaseId);
  }
  return ids;
}

/**
 * A tag of the record: on the clone, or when that is lost on its mirror; a database that a rollback has set aside has an
 * outdated one as soon as another has its name. What is recorded in the window stands in the readonly slot first. `-` stands for none.
 */
export function recorded(world: World, tag: string): string | undefined {
  const ours = databases(world).filter(
    ({ name, tags }) => !name.startsWith('foreign') && tags['zdd-lock'] && tags['zdd-app'] === OUR_APP,
  );
  const clone = ours.find(({ name }) => /-zdd-\d{8}-\w{5}$/.test(name));
  const mirror = ours.find(({ name }) => !name.includes('-zdd-'));
  const [first = ours[0], second] = [clone, mirror].filter((each) => each !== undefined);
  const { tags = {} } = entryOf(second) > entryOf(first) ? (second ?? {}) : (first ?? {});
  const value = withJournal(world, tags)[tag];
  return value === '-' ? undefined : value;
}

/** Of two places the one with more entries is right: what a dead run sent may come to one of them late. */
function entryOf(database: Database | undefined): number {
  return Number(database?.tags['zdd-entry'] ?? 0);
}

/** The tags of a record with what the journal in the readonly slot knows beyond them. */
export function withJournal(world: World, tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const all = site(world).slots['zdd-readonly']?.tags ?? {};
  const isOfIt = tags['zdd-lock'] !== undefined && all['zdd-deployment'] === tags['zdd-deployment'];
  if (!isOfIt || Number(all['zdd-entry'] ?? 0) <= Number(tags['zdd-entry'] ?? 0)) return tags;
  const { 'zdd-slot': _slot, ...journal } = all;
  return { ...tags, ...journal };
}

/** A rollback has made the live build the candidate, or is about to. */
export function isBack(world: World): boolean {
  return (
    recorded(world, 'zdd-rollback-under-way') !== undefined || /^live/.test(recorded(world, 'zdd-candidate') ?? '')
  );
}

/** A running process with sessions: an app's instance, or a WebJob. */
interface Client {
  readonly kind: 'app' | 'job';
  readonly slot: Slot;
  readonly environment: Readonly<Record<string, string>>;
  readonly build: Build | undefined;
  /** Ids of the databases in which it holds sessions. */
  readonly connectedTo: readonly string[];
}

/** Everything of the app, and of those that move with it, that holds a session in a database. */
export function clients(world: World): readonly Client[] {
  const found: Client[] = [];
  for (const slot of allSlots(world)) {
    const { instance } = slot.occupant;
    if (instance !== undefined) {
      add('app', slot, instance.environment, buildOf(world, instance), world.web.apps[instance.id]?.sessions);
    }
    for (const [id, job] of Object.entries(world.web.jobs)) {
      if (id.startsWith(slot.occupant.scmInstanceId)) {
        add('job', slot, instance?.environment ?? slot.occupant.settings, contentBuild(world, slot), job.sessions);
      }
    }
  }
  return found;

  function add(
    kind: Client['kind'],
    slot: Slot,
    environment: Readonly<Record<string, string>>,
    build: Build | undefined,
    sessions: Readonly<Record<string, number>> | undefined,
  ) {
    const connectedTo = Object.values(sessions ?? {}).flatMap((id) => world.sql.sessions[id]?.databaseId ?? []);
    if (connectedTo.length > 0) found.push({ kind, slot, environment, build, connectedTo });
  }
}

export function buildOf(world: World, instance: Instance): Build | undefined {
  return buildIn(viewOf(world, instance.contentId));
}

/** Whether a slot has this file below its wwwroot. */
export function hasFile(world: World, slot: Slot, path: string): boolean {
  return viewOf(world, slot.occupant.contentId)[path] !== undefined;
}

/** The build that a slot's content holds, running or not. */
export function contentBuild(world: World, slot: Slot): Build | undefined {
  return buildIn(viewOf(world, runBy(world, slot, 0)));
}
