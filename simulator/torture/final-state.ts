import { schemaOf } from '../model/sql/rows.ts';
import type { World } from '../model/world.ts';
import { buildOf, contentBuild, databases, recorded, slots } from './facts.ts';
import type { History } from './history.ts';

/**
 * The world as lines of text, without what may differ between equal runs: ids, instants, how often something was tried,
 * and which attempt of the workflow run it was.
 */
export function finalState(world: World, history: History): string {
  const lines = [
    ...slots(world).map((slot) => {
      const { occupant } = slot;
      const running = occupant.instance && buildOf(world, occupant.instance)?.version;
      return `slot ${slot.name}: ${slot.state}, runs ${running}, holds ${contentBuild(world, slot)?.version}, ${sorted(occupant.settings)}, ${sorted(occupant.connectionStrings)}, tags ${sorted(slot.tags)}, config ${sorted(occupant.config)}, ${occupant.instance?.environment.ZDD_INSTANCE}`;
    }),
    ...databases(world).map(
      (database) =>
        `database ${database.name}: ${database.status}, ${database.isReadOnly ? 'READ_ONLY' : 'READ_WRITE'}, schema ${schemaOf(world, database.contentId)}, sku ${database.sku.name}, retention ${database.shortTermRetentionDays}, tags ${sorted(withoutCounters(database.tags))}`,
    ),
    `point recorded: ${recorded(world, 'zdd-rollback-point') !== undefined}`,
    `originals: ${history.originals.map(({ databaseId }) => databases(world).find((one) => one.databaseId === databaseId)?.name)}`,
  ];
  return lines.map(normal).sort().join('\n');
}

/** How often something was tried, by whom, and hashes of ids. */
function withoutCounters(tags: Readonly<Record<string, string>>): Record<string, string> {
  const counters = ['zdd-swaps', 'zdd-run', 'zdd-source-id', 'zdd-successor-id', 'zdd-verdict', 'zdd-restored-to'];
  return Object.fromEntries(
    Object.entries(tags)
      .filter(([name]) => !counters.includes(name))
      .filter(([, value]) => value !== '-'),
  );
}

function sorted(record: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function normal(line: string): string {
  return line
    .replaceAll(/\b\d{8}-[a-z0-9]{5}\b/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<instant>')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<guid>');
}
