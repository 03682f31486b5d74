import { askSchemaVersion, isReadOnly } from '../azure/sql-statements.ts';
import type { Context } from '../context/context.ts';
import { schemaVersionQueryOf } from '../deployment/instance-settings.ts';
import type { Pair, SqlFacts } from '../deployment/observed.ts';
import type { PhaseTraits } from '../settings/phases.ts';
import type { Settings } from '../settings/settings.ts';
import { together } from '../wait.ts';
import { begun } from './ahead.ts';

/** What is asked inside databases, by their names; null: it cannot be reached and need not be. */
export type Inside = ReadonlyMap<string, Promise<SqlFacts | null>>;

/** What the last look of the phase asked is asked at once, but where databases may be renamed or deleted between two looks. */
export function insideAhead(context: Context, phase: PhaseTraits): Inside {
  const { inside } = context.known;
  const names = inside?.phase === phase && !phase.does.some((work) => MOVES.has(work)) ? inside.names : [];
  return new Map(names.map((name) => [name, begun(askInside(context, name, inside?.query))]));
}

const MOVES: ReadonlySet<string> = new Set(['restore', 'delete-databases']);

/** State and schema version of the databases that the phase decides on, as far as they can be reached. */
export async function lookInside(
  context: Context,
  settings: Settings,
  phase: PhaseTraits,
  pairs: readonly Pair[],
  ahead: Inside,
): Promise<Readonly<Record<string, SqlFacts>>> {
  // A login wakes a serverless database; who only reads lets it sleep.
  const open = phase.changes && !settings.dryRun ? ['Online', 'Paused', 'Resuming'] : ['Online'];
  const wanted = pairs.flatMap(({ clone, original }) => [
    phase.looksInside.includes('clones') ? clone : null,
    phase.looksInside.includes('originals') ? original : null,
  ]);
  const names = wanted.flatMap((database) => (database && open.includes(database.status) ? [database.name] : []));
  const query = phase.looksInside.includes('schema') ? schemaVersionQueryOf(settings) : undefined;
  context.known.inside = { phase, names, query };
  const facts = await together(
    context.ports.log,
    names.map(async (name): Promise<[string, SqlFacts] | null> => {
      const seen = await (ahead.get(name) ?? askInside(context, name, query));
      return seen === null ? null : [name, seen];
    }),
  );
  return Object.fromEntries(facts.filter((fact) => fact !== null));
}

function askInside({ databases }: Context, name: string, query: string | undefined): Promise<SqlFacts | null> {
  return databases.look(name, async (connection) => ({
    readOnly: await isReadOnly(connection),
    ...(query === undefined ? {} : await askSchemaVersion(connection, query)),
  }));
}
