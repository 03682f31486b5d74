import type { Database } from '../azure/database-shapes.ts';
import { listDatabases } from '../azure/databases.ts';
import type { SlotSettings } from '../azure/slot-settings.ts';
import { isReadOnly, schemaVersion } from '../azure/sql-statements.ts';
import { sameHost } from '../connection-strings/address.ts';
import { findDatabases } from '../connection-strings/connection-strings.ts';
import type { Context } from '../context/context.ts';
import { byCodeUnits, parseName } from '../deployment/names.ts';
import type { Observed, Pair, Server, Slot, SqlFacts } from '../deployment/observed.ts';
import type { ThisRun } from '../deployment/this-run.ts';
import type { Phase } from '../phases/phase.ts';
import { profileOf } from '../profiles/profiles.ts';
import type { Settings } from '../settings/settings.ts';
import { lookAtDatabases } from './database-look.ts';
import { databasePart, deploymentIn } from './deployment.ts';
import { runOf } from './join.ts';
import { provenCopies } from './pairs.ts';
import { strayRules } from './rules.ts';
import { serverOf } from './server.ts';
import { lookAtProduction, lookAtSlot } from './slots.ts';

/**
 * One look at everything that the phase decides on. Only reads. `settings` come back with what the record adds to them.
 */
export async function observe(
  context: Context,
  phase: Phase,
  thisRun: ThisRun,
): Promise<{ observed: Observed; settings: Settings }> {
  const ahead = lookAhead(context);
  const { app, production } = await lookAtProduction(context);
  const server = await serverOf(context, production);
  const originals = originalNames(context.settings, production, server);
  const listed = await (ahead.listed ?? listDatabases(context.arm, server.id));
  const look = await lookAtDatabases(context, server, originals, listed, !REREADS.has(phase.name));
  const deployment = deploymentIn(context, phase.name, originals, look, production.marker);
  const { settings, pairs } = deployment;
  const [readonlySlot, stagingSlot, madeByCopy, sql, rules] = await Promise.all([
    ahead.slots.get(settings.readonlySlot) ?? lookAtSlot(context, settings.readonlySlot),
    ahead.slots.get(settings.stagingSlot) ?? lookAtSlot(context, settings.stagingSlot),
    provenCopies(context, server, pairs),
    lookInside(context, settings, phase, pairs),
    phase.name === 'cleanup' ? strayRules(context, server, deployment.joined) : [],
  ]);
  const observed: Observed = {
    now: new Date(context.arm.azureTime() ?? context.ports.clock.now()).toISOString(),
    app,
    production,
    readonlySlot,
    stagingSlot,
    newBuild: context.newBuild,
    ...databasePart(server, look, deployment, madeByCopy, sql, rules),
    run: runOf(context.settings),
    thisRun,
  };
  return { observed, settings };
}

/** Phases that change tags of more databases than bear the record, or that look at the claims of others. */
const REREADS: ReadonlySet<Phase['name']> = new Set(['preflight', 'clone', 'rollback', 'cleanup', 'status']);

interface Ahead {
  readonly listed: Promise<readonly Database[]> | undefined;
  readonly slots: ReadonlyMap<string, Promise<Slot | null>>;
}

/** Asks for what the last look has named already: visitors may not write meanwhile, and a look is mostly the way there and back. */
function lookAhead(context: Context): Ahead {
  const { arm, known } = context;
  const begun = <T>(work: Promise<T>): Promise<T> => {
    // Whoever awaits it meets its failure; when the look ends before, another failure has ended it.
    work.catch(() => undefined);
    return work;
  };
  const slots = [...known.slots].filter((name) => name !== 'production');
  return {
    listed: known.server && begun(listDatabases(arm, known.server.id)),
    slots: new Map(slots.map((name) => [name, begun(lookAtSlot(context, name))])),
  };
}

/** Names of the originals: input, or production's connection strings, where in the window a clone stands for its original. */
export function originalNames(settings: Settings, production: SlotSettings, server: Server): readonly string[] {
  if (settings.databases) return [...settings.databases].sort(byCodeUnits);
  const names = findDatabases(production)
    .filter(({ address }) => sameHost(address.host, server.host))
    .map(({ address }) => parseName(address.database)?.database ?? address.database);
  const distinct = new Map(names.map((name) => [name.toLowerCase(), name]));
  return [...distinct.values()].sort(byCodeUnits);
}

/** State and schema version of the databases that the phase decides on, as far as they can be reached. */
async function lookInside(
  context: Context,
  settings: Settings,
  phase: Phase,
  pairs: readonly Pair[],
): Promise<Readonly<Record<string, SqlFacts>>> {
  // A login wakes a serverless database; who only reads lets it sleep.
  const open = phase.changes && !settings.dryRun ? ['Online', 'Paused', 'Resuming'] : ['Online'];
  const wanted = pairs.flatMap(({ clone, original }) => [
    phase.looksInside.includes('clones') ? clone : null,
    phase.looksInside.includes('originals') ? original : null,
  ]);
  const names = wanted.flatMap((database) => (database && open.includes(database.status) ? [database.name] : []));
  const query = phase.looksInside.includes('schema')
    ? (settings.schemaVersionQuery ?? profileOf(settings.profile).schemaVersionQuery)
    : undefined;
  const facts = await Promise.all(
    names.map(async (name): Promise<[string, SqlFacts] | null> => {
      const seen = await context.databases.look(name, async (connection) => ({
        readOnly: await isReadOnly(connection),
        schemaVersion: query === undefined ? undefined : await schemaVersion(connection, query),
      }));
      return seen === null ? null : [name, seen];
    }),
  );
  return Object.fromEntries(facts.filter((fact) => fact !== null));
}
