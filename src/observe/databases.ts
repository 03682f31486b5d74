import type { Database } from '../azure/database-shapes.ts';
import { getDatabase, listDatabases } from '../azure/databases.ts';
import type { SlotSettings } from '../azure/slot-settings.ts';
import { findDatabasesOn } from '../connection-strings/connection-strings.ts';
import type { Context } from '../context/context.ts';
import { byCodeUnits, parseName, restoredName, sameName } from '../deployment/names.ts';
import type { DatabasePart, Server, Slot } from '../deployment/observed.ts';
import type { PhaseTraits } from '../settings/phases.ts';
import type { Settings } from '../settings/settings.ts';
import { lookAtCompanions } from './companions.ts';
import { type DatabaseLook, lookAtDatabases } from './database-look.ts';
import { type Deployment, databasePart, deploymentIn, unreadRecord } from './deployment.ts';
import { lookInside } from './inside.ts';
import { lookAtOtherApps } from './other-apps.ts';
import { provenCopies } from './pairs.ts';
import { strayRules } from './rules.ts';
import { NO_SETTINGS } from './server.ts';
import { attempt, type Missing, miss, type Part } from './unseen.ts';

/** The server's databases, and the deployment that their tags record. */
export interface DatabasesFound {
  readonly server: Server;
  readonly look: DatabaseLook;
  readonly deployment: Deployment;
}

/**
 * Which databases there are and what their tags record; undefined when nobody could look.
 * @param listed what the server lists, when it was asked for already.
 */
export async function findDatabasesOf(
  context: Context,
  missing: Missing,
  phase: PhaseTraits,
  production: Slot | undefined,
  server: Server,
  listed: Promise<readonly Database[]> = listDatabases(context.arm, server.id),
): Promise<DatabasesFound | undefined> {
  const originals = originalNames(context.settings, production ?? NO_SETTINGS, server);
  const look = await attempt(context, missing, partOf(server), async () =>
    lookAtDatabases(
      context,
      server,
      originals,
      await withUnlisted(context, server, await listed, [
        ...originals,
        ...(phase.does.includes('restore') ? restoredNames(await listed) : []),
      ]),
      !phase.rereads,
    ),
  );
  if (look === undefined) return undefined;
  const unread = phase.overview && unreadRecord(context, originals, look);
  if (unread) {
    // Who serves visitors can be told without it.
    miss(missing, { what: 'record of the deployment', so: 'how far the deployment has come', at: server.id }, unread);
    return undefined;
  }
  // What this throws is no missing part: inputs contradict what is recorded.
  return { server, look, deployment: deploymentIn(context, phase, originals, look, production?.marker) };
}

/** What was made is there, whether the list knows it yet or not: it is not asked for twice, and withdrawn where it must be. */
async function withUnlisted(
  { arm, known }: Context,
  server: Server,
  listed: readonly Database[],
  others: readonly string[],
): Promise<readonly Database[]> {
  const missing = [...new Set([...known.made, ...others])].filter(
    (made) => !listed.some(({ name }) => sameName(name, made)),
  );
  const found = await Promise.all(missing.map((name) => getDatabase(arm, server.id, name)));
  const unlisted = found.filter((database) => database !== null);
  known.unlisted = unlisted.map(({ name }) => name).filter((name) => known.made.has(name));
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
  { server, look, deployment }: DatabasesFound,
): Promise<DatabasePart | undefined> {
  const { settings, pairs, joined } = deployment;
  return attempt(context, missing, partOf(server), async () => {
    const [madeByCopy, sql, rules, otherApps, companions] = await Promise.all([
      provenCopies(context, server, pairs),
      lookInside(context, settings, phase, pairs),
      phase.looksForRules ? strayRules(context, server, joined) : [],
      lookAtOtherApps(context, settings, deployment.record),
      lookAtCompanions(context, missing, settings, deployment.record, phase),
    ]);
    return databasePart(server, look, deployment, madeByCopy, sql, rules, otherApps, companions);
  });
}

function partOf({ id, name }: Server): Part {
  return { what: `databases of ${name}`, so: 'whether a deployment is open', at: id };
}

/** Names of the originals: input, or production's connection strings, where in the window a clone stands for its original. */
function originalNames(settings: Settings, production: SlotSettings, server: Server): readonly string[] {
  if (settings.databases) return [...settings.databases].sort(byCodeUnits);
  const names = findDatabasesOn(production, server).map(
    ({ address }) => parseName(address.database)?.database ?? address.database,
  );
  const distinct = new Map(names.map((name) => [name.toLowerCase(), name]));
  return [...distinct.values()].sort(byCodeUnits);
}
