import { schemaOf } from '../model/sql/rows.ts';
import type { Database } from '../model/sql/state.ts';
import type { Slot } from '../model/web/state.ts';
import type { World } from '../model/world.ts';
import { allSlots, buildOf, contentBuild, databases, neighbours, recorded, withJournal } from './facts.ts';
import type { History } from './history.ts';

/**
 * The world as lines of text, without what may differ between equal runs: ids, instants, how often something was tried,
 * and which attempt of the workflow run it was.
 */
export function finalState(world: World, history: History): string {
  const lines = [
    ...allSlots(world).flatMap((slot) => slotLines(world, slot, history)),
    ...neighbours(world).map(({ site, state }) => `app ${site}: ${state}`),
    ...Object.values(world.sql.servers).flatMap((server) =>
      Object.values(server.databases)
        .filter((database) => !mayBeMissing(world, database))
        .flatMap((database) => databaseLines(world, server.name, database)),
    ),
    `point recorded: ${recorded(world, 'zdd-rollback-point') !== undefined}`,
    `originals: ${history.originals.map(({ databaseId }) => databases(world).find((one) => one.databaseId === databaseId)?.name)}`,
  ];
  return lines.map(normal).sort().join('\n');
}

/** A restore ahead of a rollback is nobody's promise, as long as the deployment is open. */
function mayBeMissing(world: World, { name, tags }: Database): boolean {
  return name.endsWith('-prepared') && tags.owner === undefined && recorded(world, 'zdd-lock') !== undefined;
}

function slotLines(world: World, slot: Slot, { uploads }: History): string[] {
  const { occupant, state, tags } = slot;
  const name = slot.site === 'web' ? slot.name : `${slot.name} of ${slot.site}`;
  const { instance, settings, connectionStrings, config } = occupant;
  const running = instance && buildOf(world, instance)?.version;
  return [
    `slot ${name}: ${state}, runs ${running}, holds ${contentBuild(world, slot)?.version}`,
    `slot ${name} runs as ${instance?.environment.ZDD_INSTANCE}`,
    ...each(`slot ${name} setting`, uploads.length > 0 ? withoutCopiedFiles(settings) : settings),
    ...each(`slot ${name} connection`, connectionStrings),
    ...each(`slot ${name} tag`, withoutJournal(tags)),
    ...each(`slot ${name} config`, config),
  ];
}

function databaseLines(world: World, server: string, database: Database): string[] {
  const { status, isReadOnly, sku, shortTermRetentionDays, tags, contentId } = database;
  const name = `${server}/${database.name}`;
  return [
    `database ${name}: ${status}, ${isReadOnly ? 'READ_ONLY' : 'READ_WRITE'}, schema ${schemaOf(world, contentId)}`,
    `database ${name}: sku ${sku.name}, retention ${shortTermRetentionDays}`,
    ...each(
      `database ${name} tag`,
      withoutProgress(name, withoutCounters(isSetAside(name) ? tags : withJournal(world, tags))),
    ),
  ];
}

/** What it says is with the record. */
function withoutJournal(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([name]) => name === 'zdd-slot' || !name.startsWith('zdd-')));
}

/** The copy of a build holds a hash of all its files: those that visitors had sent until then are among them. */
function withoutCopiedFiles(settings: Readonly<Record<string, string>>): Record<string, string> {
  const { ZDD_BUILD: build, ...rest } = settings;
  return /\/read-only\//.test(settings.ZDD_INSTANCE ?? '') || build === undefined
    ? rest
    : { ...rest, ZDD_BUILD: build };
}

/** How often something was tried, by whom, and hashes of ids; and a settled swap intent that Azure admitted late, which nobody heeds. */
function withoutCounters(tags: Readonly<Record<string, string>>): Record<string, string> {
  const settled = Number(tags['zdd-swap-intent']?.split('|')[0] ?? 0) <= Number(tags['zdd-settled-swaps'] ?? 0);
  const counters = [
    ...(settled ? ['zdd-swap-intent'] : []),
    'zdd-entry',
    'zdd-settled-swaps',
    'zdd-swaps',
    'zdd-run',
    'zdd-source-id',
    'zdd-successor-id',
    'zdd-verdict',
    'zdd-restored-to',
  ];
  return Object.fromEntries(
    Object.entries(tags)
      .filter(([name]) => !counters.includes(name))
      .filter(([, value]) => value !== '-'),
  );
}

function isSetAside(name: string): boolean {
  return /-failed\d*$/.test(name);
}

/** A mirror that was set aside with its original may lag by what its last rollback recorded: the clone decides. */
function withoutProgress(name: string, tags: Readonly<Record<string, string>>): Record<string, string> {
  if (!isSetAside(name)) return { ...tags };
  const { 'zdd-attempt': _attempt, 'zdd-candidate': _candidate, 'zdd-rollback-under-way': _scope, ...rest } = tags;
  return rest;
}

function each(what: string, record: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(record).map(([name, value]) => `${what} ${name}: ${JSON.stringify(value)}`);
}

function normal(line: string): string {
  return (
    line
      .replaceAll(/\b\d{8}-[a-z0-9]{5}\b/g, '<id>')
      // That something was let in is recorded where that would not be seen otherwise.
      .replace(/(zdd-deploy-begun: "attempt \d+), let in"/, '$1"')
      // How much was written until the point, or the copy, was taken hangs on how long that took.
      .replace(/(zdd-rollback-point: "[^|"]+)\|[^"]*/, '$1')
      .replace(/(zdd-content: "[^|"]+\|\d+)\|[^"]*/, '$1')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<instant>')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<guid>')
  );
}
