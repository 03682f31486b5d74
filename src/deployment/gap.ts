/** How many rows more or fewer a table has in the original than in the copy. */
export interface RowDifference {
  /** `schema.table`; of several databases with the name of its own before it. */
  readonly table: string;
  readonly more: number;
}

/** What was written between the snapshot and the switch, as far as numbers of rows tell. */
export interface Gap {
  /** How many rows were added or taken away, altogether. */
  readonly rows: number;
  /** Such as `dbo.orders +12`, the largest first. */
  readonly tables: readonly string[];
}

/** Tags are short, and an instant stands in the same: so many characters of tables, the rest is only counted. */
const LONGEST = 150;

export function gapText(differences: readonly RowDifference[]): string {
  const rows = differences.reduce((sum, { more }) => sum + Math.abs(more), 0);
  const sorted = [...differences].sort((one, other) => Math.abs(other.more) - Math.abs(one.more));
  const tables: string[] = [];
  for (const { table, more } of sorted) {
    const said = `${table.replaceAll(/[;:]/g, ' ')} ${more > 0 ? '+' : ''}${more}`;
    if ([...tables, said].join('; ').length > LONGEST) {
      tables.push(`and ${sorted.length - tables.length} more tables`);
      break;
    }
    tables.push(said);
  }
  // A tag that is read has no space at its end: one more would make the record differ from its mirror for good.
  return `${rows}: ${tables.join('; ')}`.trim();
}

/** Undefined for a text that is none. */
export function readGap(text: string | undefined): Gap | undefined {
  const [, rows, tables = ''] = /^(\d{1,15}):(.*)$/.exec(text ?? '') ?? [];
  if (rows === undefined) return undefined;
  const all = tables.split(';').map((table) => table.trim());
  return { rows: Number(rows), tables: all.filter((table) => table !== '') };
}
