import { byCodeUnits } from './names.ts';

/** The tables of a database by `schema.table`. */
export type Schema = Readonly<Record<string, TableShape>>;

export interface TableShape {
  readonly rows: number;
  /** Types by column, such as `nvarchar(50) NULL`. */
  readonly columns: Readonly<Record<string, string>>;
}

/** What became of a table; only of one in which something did. */
export interface SchemaDifference {
  readonly table: string;
  readonly what: 'dropped' | 'added' | 'changed' | 'rows';
  /** A phrase each, what is lost first. */
  readonly columns: readonly string[];
  readonly rowsBefore: number | undefined;
  readonly rowsAfter: number | undefined;
}

/** What an update did to the tables of a database: what loses data first, then what was changed, then what was added. */
export function schemaDifferences(before: Schema, after: Schema): readonly SchemaDifference[] {
  const tables = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(byCodeUnits);
  return tables
    .map((table) => differenceOf(table, before[table], after[table]))
    .filter((difference) => difference !== undefined)
    .sort((one, other) => weight(one) - weight(other));
}

function differenceOf(
  table: string,
  before: TableShape | undefined,
  after: TableShape | undefined,
): SchemaDifference | undefined {
  const columns = before && after ? columnDifferences(before, after) : [];
  const rows = { rowsBefore: before?.rows, rowsAfter: after?.rows };
  if (!after) return { table, what: 'dropped', columns, ...rows };
  if (!before) return { table, what: 'added', columns, ...rows };
  if (columns.length > 0) return { table, what: 'changed', columns, ...rows };
  return before.rows === after.rows ? undefined : { table, what: 'rows', columns, ...rows };
}

function columnDifferences({ columns: before }: TableShape, { columns: after }: TableShape): readonly string[] {
  const names = (columns: TableShape['columns'], without: TableShape['columns']) =>
    Object.keys(columns).filter((name) => !Object.hasOwn(without, name));
  const changed = Object.keys(before).filter((name) => Object.hasOwn(after, name) && before[name] !== after[name]);
  return [
    ...names(before, after).map((name) => `${name} dropped (${before[name]})`),
    ...changed.map((name) => `${name} changed (${before[name]} to ${after[name]})`),
    ...names(after, before).map((name) => `${name} added (${after[name]})`),
  ];
}

function weight({ what, columns, rowsBefore = 0, rowsAfter = 0 }: SchemaDifference): number {
  if (what === 'dropped') return 0;
  if (columns.some((column) => / dropped \(/.test(column))) return 1;
  if (rowsAfter < rowsBefore) return 2;
  return what === 'changed' ? 3 : what === 'added' ? 4 : 5;
}
