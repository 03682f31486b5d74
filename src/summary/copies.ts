import { restoreDeleted } from '../deployment/commands.ts';
import { type CopyProof, isUnchanged } from '../deployment/copy-proof.ts';
import type { DatabasePart, Observed } from '../deployment/observed.ts';

/** What was proven of copies that this run deleted; sentences. */
export function copyNotes({ thisRun: { proofs = [] } }: Observed): string[] {
  return proofs.filter(isUnchanged).map(({ database, tables, rows }) => {
    const size = `its ${tables} tables had ${rows} rows`;
    return `Nothing was lost with ${database}: it was READ_ONLY to the end, and the engine had counted no statement that wrote to it since it came up (sys.dm_db_index_usage_stats); ${size}.`;
  });
}

/** What went with copies that this run deleted, or may have; sentences. */
export function copyWarnings(observed: Observed | undefined): string[] {
  const proofs = observed?.thisRun.proofs ?? [];
  return proofs.filter((proof) => !isUnchanged(proof)).map((proof) => said(observed, proof));
}

function said(observed: Observed | undefined, { database, readOnly, written }: CopyProof): string {
  if (written === undefined) {
    return `Whether anybody wrote to ${database} is not known: this identity may not see the engine's counters (VIEW DATABASE STATE). It was ${readOnly ? 'READ_ONLY' : 'READ_WRITE'} when it was deleted.`;
  }
  if (written.length === 0)
    return `${database} was READ_WRITE when it was deleted, and the engine had counted no statement that wrote to it since it came up.`;
  const tables = written.map(
    ({ table, statements, last }) => `${table} (${statements} statements${last === '' ? '' : `, the last at ${last}`})`,
  );
  return `${database} was written to, and that went with it: ${tables.join(', ')}. Azure keeps a deleted database for as long as its backups${wayBack(observed, database)}`;
}

/** What was set aside lies on no server that is known where nothing was looked at. */
function wayBack(observed: Pick<DatabasePart, 'servers'> | undefined, database: string): string {
  if (observed === undefined) return '.';
  return `; to look at it: ${restoreDeleted(observed, database, `${database}-kept`, '<a time before it was deleted>')}`;
}
