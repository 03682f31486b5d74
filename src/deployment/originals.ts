import type { Observed } from './observed.ts';

/** The present names of the originals. */
export function originals(observed: Observed): string[] {
  return observed.databases.map((pair) => pair.original?.name ?? pair.name);
}

/**
 * Originals that take writes although the rollback point is recorded and deploy has not begun: `switch` left them READ_ONLY.
 * What was written to them since would be lost by a restore to the point. Empty where other writers are
 * tolerated, or nothing is ever restored.
 */
export function openedSincePoint({ record, databases, sql }: Observed): readonly string[] {
  if (record?.rollbackPoint === undefined || record.deployBegun !== undefined || record.otherWriters !== undefined) {
    return [];
  }
  if (record.noDatabaseRollback) return [];
  return databases.flatMap(({ name, original }) => {
    const present = original?.name ?? name;
    return sql[present]?.readOnly === false ? [present] : [];
  });
}
