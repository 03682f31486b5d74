import { restoreDeleted } from '../deployment/commands.ts';
import { type CopyProof, isUnchanged } from '../deployment/copy-proof.ts';
import type { DatabasePart, Observed } from '../deployment/observed.ts';

/** What was proven of copies that this run deleted; sentences. */
export function copyNotes({ thisRun: { proofs = [] } }: Observed): string[] {
  return proofs.filter(isUnchanged).map(({ database, tables, rows, readOnly, since }) => {
    const size = `its ${tables} tables had ${rows} rows`;
    if (since?.by === 'sums')
      return `Nothing was lost with ${database}: each of its tables had the checksum of all rows that it had when the copy was complete (CHECKSUM_AGG)${readOnly ? ', and it was READ_ONLY to the end' : ''}; ${size}.`;
    const asBefore = since ? ', as many in each as when the copy was complete' : '';
    return `Nothing was lost with ${database}: it was READ_ONLY to the end, and the engine had counted no statement that wrote to it since it came up (sys.dm_db_index_usage_stats); ${size}${asBefore}.`;
  });
}

/** What went with copies that this run deleted, or may have; sentences. */
export function copyWarnings(observed: Observed | undefined): string[] {
  const proofs = observed?.thisRun.proofs ?? [];
  return proofs.filter((proof) => !isUnchanged(proof)).map((proof) => said(observed, proof));
}

function said(observed: Observed | undefined, proof: CopyProof): string {
  const { database, readOnly, written, since } = proof;
  if (since?.same !== false && written === undefined) {
    return `Whether anybody wrote to ${database} is not known: this identity may not see the engine's counters (VIEW DATABASE STATE). It was ${readOnly ? 'READ_ONLY' : 'READ_WRITE'} when it was deleted.`;
  }
  if (since?.same !== false && written?.length === 0)
    return `${database} was READ_WRITE when it was deleted, and the engine had counted no statement that wrote to it since it came up.`;
  const parts = [rowsText(proof), statementsText(written)].filter((part) => part !== '');
  return `${database} was written to, and that went with it${parts.length > 0 ? `: ${parts.join('. ')}` : ''}. Azure keeps a deleted database for as long as its backups${wayBack(observed, database)}`;
}

function rowsText({ since, rows }: CopyProof): string {
  if (since === undefined || since.same) return '';
  const tables = since.tables.map(({ table, before, now }) => `${table} ${now > before ? '+' : ''}${now - before}`);
  const altogether = `${rows} rows, ${since.rowsBefore} when the copy was complete`;
  if (tables.length > 0) return `${tables.join(', ')} rows (${altogether})`;
  return rows === since.rowsBefore && since.by === 'sums'
    ? `as many rows as before, others in them (${rows})`
    : altogether;
}

function statementsText(written: CopyProof['written']): string {
  const tables = (written ?? []).map(
    ({ table, statements, last }) => `${table} (${statements} statements${last === '' ? '' : `, the last at ${last}`})`,
  );
  return tables.length > 0 ? `Since the engine came up it counted ${tables.join(', ')}` : '';
}

/** What was set aside lies on no server that is known where nothing was looked at. */
function wayBack(observed: Pick<DatabasePart, 'servers'> | undefined, database: string): string {
  if (observed === undefined) return '.';
  return `; to look at it: ${restoreDeleted(observed, database, `${database}-kept`, '<a time before it was deleted>')}`;
}
