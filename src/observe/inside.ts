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

/**
 * What can be told from the last look, also that of the phase before in the same run, is asked at once; but where databases may be renamed
 * or deleted between two looks.
 */
export function insideAhead(context: Context, phase: PhaseTraits): Inside {
  const { inside } = context.known;
  if (inside === undefined || moves(phase)) return new Map();
  const query = queryOf(inside.settings, phase);
  const names = namesOf(inside.settings, phase, inside.pairs);
  return new Map(names.map((name) => [name, begun(askInside(context, phase, name, query))]));
}

/** Databases may be closed, moved or deleted: what was seen of one may be another's, and a second connection would be in the way. */
function moves({ does }: PhaseTraits): boolean {
  return does.includes('restore') || does.includes('delete-databases');
}

/** State and schema version of the databases that the phase decides on, as far as they can be reached. */
export async function lookInside(
  context: Context,
  settings: Settings,
  phase: PhaseTraits,
  pairs: readonly Pair[],
  ahead: Inside,
): Promise<Readonly<Record<string, SqlFacts>>> {
  const query = queryOf(settings, phase);
  context.known.inside = { settings, pairs };
  const facts = await together(
    context.ports.log,
    namesOf(settings, phase, pairs).map(async (name): Promise<[string, SqlFacts] | null> => {
      const seen = await (ahead.get(name) ?? askInside(context, phase, name, query));
      return seen === null ? null : [name, seen];
    }),
  );
  return Object.fromEntries(facts.filter((fact) => fact !== null));
}

function namesOf(settings: Settings, phase: PhaseTraits, pairs: readonly Pair[]): readonly string[] {
  // A login wakes a serverless database; who only looks lets it sleep.
  const open = settings.dryRun ? ['Online'] : ['Online', 'Paused', 'Resuming'];
  const wanted = pairs.flatMap(({ clone, original }) => [
    phase.looksInside.includes('clones') ? clone : null,
    phase.looksInside.includes('originals') ? original : null,
  ]);
  return wanted.flatMap((database) => (database && open.includes(database.status) ? [database.name] : []));
}

function queryOf(settings: Settings, phase: PhaseTraits): string | undefined {
  return phase.looksInside.includes('schema') ? schemaVersionQueryOf(settings) : undefined;
}

async function askInside(
  { databases, ports }: Context,
  phase: PhaseTraits,
  name: string,
  query: string | undefined,
): Promise<SqlFacts | null> {
  const on = moves(phase) ? undefined : 'second';
  const state = databases.look(name, isReadOnly);
  const schema =
    query === undefined ? undefined : databases.look(name, (connection) => askSchemaVersion(connection, query), on);
  await together<unknown>(ports.log, schema ? [state, schema] : [state]);
  const [readOnly, answer] = [await state, await schema];
  return readOnly === null || answer === null ? null : { readOnly, ...answer };
}
