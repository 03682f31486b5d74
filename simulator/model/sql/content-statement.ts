import { createHash } from 'node:crypto';
import type { SqlValue } from '../../../src/ports.ts';
import { Unmodelled, type World } from '../world.ts';
import { fault } from './faults.ts';
import { refusedWrite, rowsOf, schemaOf, setSchema, writeRow } from './rows.ts';
import type { StatementResult } from './statement-result.ts';
import { tokenize } from './tokens.ts';

const WRITES = ['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'CREATE', 'ALTER', 'DROP', 'TRUNCATE'];

/**
 * Answers a content statement from the in-memory content. What it understands:
 * `SELECT … schema_version …` (column `version`), `SELECT … writes …` (columns `id`, `by`), `INSERT INTO writes …`
 * with the parameter `@id` or a string as id, `UPDATE schema_version SET version = @version` or a string. Any other
 * writing statement is refused on a READ_ONLY database (3906) and otherwise, when it creates and drops or is rolled
 * back, does nothing. `SELECT … sys.columns …`, `SELECT … sys.partitions …` and `SELECT CHECKSUM_AGG(…)` tell of the two tables that there are. No other
 * table is there: a query of one is refused (208).
 */
export function contentStatement(
  world: World,
  contentId: string,
  sql: string,
  parameters: Readonly<Record<string, SqlValue>>,
  by: string,
  now: number,
): StatementResult {
  const tokens = tokenize(sql);
  const words = tokens
    .filter((token) => token.kind === 'word' || token.kind === 'quoted')
    .map((token) => token.value.toUpperCase());
  const text = tokens.find((token) => token.kind === 'string')?.value;
  if (words.some((word) => WRITES.includes(word)) && !words.some((word) => word.startsWith('#'))) {
    const refused = refusedWrite(world, contentId);
    if (refused !== undefined) return refused;
    // The one table that there is from the start: whoever finds nothing else makes it first.
    if (words[0] === 'CREATE' && words.includes('WRITES')) return NOTHING;
    if (words.includes('ROLLBACK') || (words.includes('CREATE') && words.includes('DROP'))) return NOTHING;
    if (words[0] === 'INSERT')
      return writeRow(world, contentId, { id: String(parameters.id ?? text ?? ''), at: now, by }) ?? NOTHING;
    if (words[0] === 'UPDATE' && words.some((word) => word.includes('VERSION')))
      return setSchema(world, contentId, String(parameters.version ?? text ?? ''), now) ?? NOTHING;
  } else if (words[0] === 'SELECT' && words.includes('COLUMNS')) {
    return columnsOf(world, contentId);
  } else if (words[0] === 'SELECT' && words.includes('CHECKSUM_AGG')) {
    return { kind: 'rows', columns: [{ name: 'sum', type: 'int' }], rows: [[sumOf(world, contentId, words)]] };
  } else if (words[0] === 'SELECT' && words.includes('ALLOCATION_UNITS')) {
    return { kind: 'rows', columns: [{ name: 'pages', type: 'bigint' }], rows: [[2]] };
  } else if (words[0] === 'SELECT' && words.includes('PARTITIONS')) {
    return {
      kind: 'rows',
      columns: ['object', 'schema', 'table', 'rows'].map((name, at) => ({
        name,
        type: at % 3 === 0 ? 'int' : 'nvarchar',
      })),
      rows: [
        [WRITES_TABLE, 'dbo', 'writes', rowsOf(world, contentId).length],
        [VERSION_TABLE, 'dbo', 'schema_version', schemaOf(world, contentId) === undefined ? 0 : 1],
      ],
    };
  } else if (words[0] === 'SELECT' && words.some((word) => word.includes('VERSION'))) {
    const version = schemaOf(world, contentId);
    return {
      kind: 'rows',
      columns: [{ name: 'version', type: 'nvarchar' }],
      rows: version === undefined ? [] : [[version]],
    };
  } else if (words[0] === 'SELECT' && words.includes('WRITES')) {
    return {
      kind: 'rows',
      columns: [
        { name: 'id', type: 'nvarchar' },
        { name: 'by', type: 'nvarchar' },
      ],
      rows: rowsOf(world, contentId).map((row) => [row.id, row.by]),
    };
  }
  const unknown = words[0] === 'SELECT' ? words[words.indexOf('FROM') + 1] : undefined;
  if (words.includes('FROM') && unknown !== undefined)
    return fault(208, 16, `Invalid object name '${unknown.toLowerCase()}'.`);
  throw new Unmodelled(`content without an engine: ${sql}`);
}

/** Other numbers than SQL Server's; but as there the same rows have the same, in whatever order they come. */
function sumOf(world: World, contentId: string, words: readonly string[]): number {
  const rows = words.includes('WRITES')
    ? rowsOf(world, contentId).map(({ id, by }) => JSON.stringify([id, by]))
    : [schemaOf(world, contentId) ?? ''];
  return rows.reduce((sum, row) => sum ^ createHash('sha256').update(row).digest().readInt32BE(), 0);
}

const WRITES_TABLE = 1;
const VERSION_TABLE = 2;

/** From schema 2 on a row has a note: what a migration adds can be seen. */
function columnsOf(world: World, contentId: string): StatementResult {
  const text = (table: number, name: string, column: string, nullable: boolean) =>
    [table, 'dbo', name, column, 'nvarchar', 100, 0, 0, nullable] as const;
  const noted = Number(schemaOf(world, contentId) ?? 0) >= 2;
  return {
    kind: 'rows',
    columns: ['object', 'schema', 'table', 'column', 'type', 'length', 'precision', 'scale', 'nullable'].map(
      (name) => ({
        name,
        type: ['object', 'length', 'precision', 'scale'].includes(name)
          ? 'int'
          : name === 'nullable'
            ? 'bit'
            : 'nvarchar',
      }),
    ),
    rows: [
      text(WRITES_TABLE, 'writes', 'id', false),
      text(WRITES_TABLE, 'writes', 'by', false),
      ...(noted ? [text(WRITES_TABLE, 'writes', 'note', true)] : []),
      text(VERSION_TABLE, 'schema_version', 'version', false),
    ],
  };
}

const NOTHING: StatementResult = { kind: 'rows', columns: [], rows: [] };
