/** All rows of a database, as JSON has them: instants are strings. */
export interface Content {
  readonly tables: Readonly<Record<string, readonly Row[]>>;
}
export type Row = Readonly<Record<string, unknown>>;

export interface Difference {
  readonly table: string;
  readonly key: string;
  readonly why: 'missing' | 'changed' | 'of the failed build' | 'table appeared' | 'table is gone';
}

/**
 * Holds a restored database against what it was at the rollback point: every row must be there as it was. Rows that
 * are new may only be those written since the restore, so none that the failed database has.
 * Returns what differs; nothing when the restore is exact.
 */
export function differencesFrom(point: Content, restored: Content, failed: Content): Difference[] {
  const found: Difference[] = [];
  for (const table of Object.keys(restored.tables)) {
    if (!(table in point.tables)) found.push({ table, key: '', why: 'table appeared' });
  }
  for (const [table, rows] of Object.entries(point.tables)) {
    const now = restored.tables[table];
    if (now === undefined) {
      found.push({ table, key: '', why: 'table is gone' });
      continue;
    }
    const before = byKey(rows);
    const after = byKey(now);
    const written = byKey(failed.tables[table] ?? []);
    for (const [key, row] of before) {
      const same = after.get(key);
      if (same === undefined) found.push({ table, key, why: 'missing' });
      else if (same !== row) found.push({ table, key, why: 'changed' });
    }
    for (const key of after.keys()) {
      if (!before.has(key) && written.has(key)) found.push({ table, key, why: 'of the failed build' });
    }
  }
  return found;
}

/** How many rows the failed build wrote since the rollback point: those that the restore took away. */
export function rowsSince(point: Content, failed: Content): number {
  let count = 0;
  for (const [table, rows] of Object.entries(failed.tables)) {
    const before = byKey(point.tables[table] ?? []);
    for (const key of byKey(rows).keys()) if (!before.has(key)) count += 1;
  }
  return count;
}

/** Rows as text, with their columns in order, by primary key: the first column. */
function byKey(rows: readonly Row[]): Map<string, string> {
  return new Map(rows.map((row) => [String(Object.values(row)[0]), JSON.stringify(Object.entries(row).sort(byName))]));
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
