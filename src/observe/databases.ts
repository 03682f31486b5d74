import type { Database } from '../azure/database-shapes.ts';
import { getDatabase } from '../azure/databases.ts';
import { findServer, seekServer } from '../azure/servers.ts';
import type { SlotSettings } from '../azure/slot-settings.ts';
import type { Context } from '../context/context.ts';
import type { Marker } from '../deployment/marker.ts';
import { byCodeUnits, parseName, restoredName, sameName } from '../deployment/names.ts';
import type { DatabasePart, Server, Slot } from '../deployment/observed.ts';
import { absoluteKey, bareName, keyOf } from '../settings/database-key.ts';
import type { PhaseTraits } from '../settings/phases.ts';
import { lookAtCompanions } from './companions.ts';
import { type DatabaseLook, keyedLook, lookAtDatabases, serverNameIn } from './database-look.ts';
import {
  appName,
  type Deployment,
  databasePart,
  deploymentIn,
  openOn,
  type RecordsUnseen,
  unreadRecord,
} from './deployment.ts';
import { type Inside, lookInside } from './inside.ts';
import { join } from './join.ts';
import type { Lists } from './lists.ts';
import { keysOf, type Original, originalsOn, refuseIdle } from './originals.ts';
import { lookAtOtherApps } from './other-apps.ts';
import { provenCopies } from './pairs.ts';
import { otherServersOf } from './recorded-servers.ts';
import { findRecords } from './records.ts';
import { type Elsewhere, onlyPointedTo, ownRecordServers, recordsElsewhere } from './records-elsewhere.ts';
import { lookForRules } from './rules.ts';
import { knowServers, NO_SETTINGS, type Servers } from './servers.ts';
import { lookAtTeamSlots } from './team-slots.ts';
import { attempt, type Missing, miss, type Part } from './unseen.ts';

/** The servers' databases, and the deployment that their tags record. */
export interface DatabasesFound {
  readonly servers: Servers;
  readonly look: DatabaseLook;
  readonly deployment: Deployment;
  readonly unseen: RecordsUnseen;
  /** Production's marker. */
  readonly serves: Marker | undefined;
}

/** Which databases there are and what their tags record; undefined when nobody could look. */
export async function findDatabasesOf(
  context: Context,
  missing: Missing,
  phase: PhaseTraits,
  production: Slot | undefined,
  servers: Servers,
  lists: Lists,
): Promise<DatabasesFound | undefined> {
  const settings = production ?? NO_SETTINGS;
  const seen = await attempt(context, missing, partOf(servers), () =>
    lookOnServers(context, phase, settings, servers, lists),
  );
  if (seen === undefined) return undefined;
  const first = firstServer(context, phase, seen);
  const originals = keysOf(seen.originals, first);
  const look = keyedLook(seen.look, first);
  const ours = originals.map((key) => absoluteKey(first, key));
  const unread = phase.overview && unreadRecord(context, ours, look);
  if (unread) {
    // Who serves visitors can be told without it.
    const part = { what: 'record of the deployment', so: 'how far the deployment has come', at: servers[0].id };
    miss(missing, part, unread);
    return undefined;
  }
  // What this throws is no missing part: inputs contradict what is recorded.
  const deployment = deploymentIn(context, phase, originals, ours, look, production?.marker);
  if (deployment.record === null) refuseIdle(context.settings, seen.servers, seen.originals);
  return {
    servers: await ofDeployment(context, settings, seen, deployment, first),
    look,
    deployment,
    unseen: {
      pointedTo: onlyPointedTo(look, seen.elsewhere, appName(context), ours, deployment.joined.deploymentId),
      unreadable: [...seen.elsewhere.unreadable].map((deploymentId) => ({ deploymentId })),
    },
    serves: production?.marker,
  };
}

interface Seen {
  readonly servers: Servers;
  readonly originals: readonly Original[];
  /** Databases as their servers call them. */
  readonly look: DatabaseLook;
  readonly elsewhere: Elsewhere;
}

/** All servers of which anything is known: records of the app, and its clones, may name further ones. */
async function lookOnServers(
  context: Context,
  phase: PhaseTraits,
  production: SlotSettings,
  servers: Servers,
  lists: Lists,
): Promise<Seen> {
  const originals = originalsOn(context.settings, production, servers);
  const looks = await Promise.all(
    servers.map(async (server) => {
      const names = originals.flatMap(({ server: on, name }) => (on.id === server.id ? [name] : []));
      const listed = await lists.of(server.id);
      const others = [...names, ...(phase.does.includes('restore') ? restoredNames(listed) : [])];
      const all = await withUnlisted(context, servers[0], server, listed, others);
      return lookAtDatabases(context, server, names, all, !phase.rereads, lists.database);
    }),
  );
  const look = {
    all: looks.flatMap(({ all }) => all),
    named: looks.flatMap(({ named }) => named),
    candidates: looks.flatMap(({ candidates }) => candidates),
  };
  const more = await moreServers(context, look, servers);
  if (more.length > 0) {
    const known = context.known.servers?.map(({ facts }) => facts) ?? [];
    return lookOnServers(
      context,
      phase,
      production,
      await knowServers(context, production, [...known, ...more]),
      lists,
    );
  }
  const elsewhere = await recordsElsewhere(
    context,
    look,
    servers.map(({ name }) => name),
  );
  return { servers, originals, look: { ...look, named: [...look.named, ...elsewhere.records] }, elsewhere };
}

async function moreServers(context: Context, look: DatabaseLook, servers: Servers) {
  const { arm, app } = context;
  const ours = appName(context);
  const isNew = (name: string) => !servers.some((server) => sameName(server.name, name));
  const recorded = findRecords(look).records.flatMap(({ app: of, record }) =>
    of === ours ? otherServersOf(record) : [],
  );
  const pointed = ownRecordServers(look, ours).filter(isNew);
  const needed = [...new Set(recorded.filter(isNew))].map((name) =>
    findServer(arm, app.subscriptionId, name, app.resourceGroup),
  );
  const sought = [...new Set(pointed)].map((name) => seekServer(arm, app.subscriptionId, name, app.resourceGroup));
  const found = await Promise.all([...needed, ...sought]);
  return found.flatMap((server) => server ?? []);
}

/** The server that has the record, or will have it: the first by name of those that have an original. */
function firstServer(context: Context, phase: PhaseTraits, { servers, originals, look }: Seen): string {
  const { found } = join(context.settings, phase, appName(context), [], findRecords(look).records, '');
  if (found) return serverNameIn(found.database.id);
  const used = servers.filter(({ id }) => originals.some(({ server }) => server.id === id));
  return used.map(({ name }) => name).sort(byCodeUnits)[0] ?? servers[0].name;
}

/** Those of the record, or else those that have an original; all while there is neither. */
function ofDeployment(
  context: Context,
  production: SlotSettings,
  { originals }: Seen,
  { record }: Deployment,
  first: string,
): Promise<Servers> {
  const known = context.known.servers ?? [];
  const names = record ? [first, ...otherServersOf(record)] : originals.map(({ server }) => server.name);
  const used = known.filter(({ facts }) => names.some((name) => sameName(name, facts.name)));
  const facts = (used.length > 0 ? used : known).map((each) => each.facts);
  return knowServers(context, production, facts, first);
}

/** What was made is there, whether the list knows it yet or not: it is not asked for twice, and withdrawn where it must be. */
async function withUnlisted(
  { arm, known }: Context,
  first: Server,
  server: Server,
  listed: readonly Database[],
  others: readonly string[],
): Promise<readonly Database[]> {
  const made = [...known.made].filter((key) => key === keyOf(first.name, server.name, bareName(key)));
  const missing = [...new Set([...made.map(bareName), ...others])].filter(
    (name) => !listed.some((database) => sameName(database.name, name)),
  );
  const found = await Promise.all(missing.map((name) => getDatabase(arm, server.id, name)));
  const unlisted = found.filter((database) => database !== null);
  known.unlisted = [
    ...known.unlisted.filter((key) => key !== keyOf(first.name, server.name, bareName(key))),
    ...unlisted.map(({ name }) => keyOf(first.name, server.name, name)).filter((key) => known.made.has(key)),
  ];
  return [...listed, ...unlisted];
}

/** What a run that ended half-way may have restored, of whatever deployment. */
function restoredNames(listed: readonly Database[]): readonly string[] {
  const clones = listed.flatMap(({ name }) => parseName(name) ?? []).filter(({ kind }) => kind === 'clone');
  return clones.map(({ database, deploymentId }) => restoredName(database, deploymentId));
}

/** All that the phase wants to know of them. */
export function lookIntoDatabases(
  context: Context,
  missing: Missing,
  phase: PhaseTraits,
  { servers, look, deployment, unseen, serves }: DatabasesFound,
  inside: Inside,
): Promise<DatabasePart | undefined> {
  const { settings, pairs, joined } = deployment;
  return attempt(context, missing, partOf(servers), async () => {
    const [madeByCopy, sql, rules, otherApps, companions, teamSlots] = await Promise.all([
      provenCopies(context, servers, pairs),
      lookInside(context, settings, phase, pairs, inside),
      lookForRules(context, phase, servers, joined, openOn(look, unseen), serves),
      lookAtOtherApps(context, settings, deployment.record),
      lookAtCompanions(context, missing, settings, deployment.record, phase),
      lookAtTeamSlots(context, settings, deployment.record),
    ]);
    return databasePart(servers, look, deployment, unseen, madeByCopy, sql, rules, otherApps, companions, teamSlots);
  });
}

function partOf(servers: Servers): Part {
  const names = servers.map(({ name }) => name).join(', ');
  return { what: `databases of ${names}`, so: 'whether a deployment is open', at: servers[0].id };
}
