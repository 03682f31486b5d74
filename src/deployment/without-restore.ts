import { bareName } from '../settings/database-key.ts';
import type { Settings } from '../settings/settings.ts';
import { azDatabase, shell } from './commands.ts';
import type { DatabasePart, Observed } from './observed.ts';
import { originals } from './originals.ts';

/**
 * Whether this deployment never restores its databases (`no-database-rollback`): they are replicated, and a replicated database can be
 * neither renamed nor replaced. The record says so from `clone` on, whatever is given later: `switch` then leaves them open.
 */
export function neverRestores(settings: Pick<Settings, 'noDatabaseRollback'>, { record }: DatabasePart): boolean {
  return record ? record.noDatabaseRollback !== undefined : settings.noDatabaseRollback;
}

/** What a person does instead: the content of the rollback point beside the original, whose replication goes on. */
export function restoreByHand(observed: Observed): string {
  const { record } = observed;
  const point = record?.rollbackPoint ?? '<the rollback point>';
  const commands = originals(observed).map(
    (name) =>
      `${azDatabase(observed, 'restore', name)} --dest-name ${shell(`${bareName(name)}-restored`)} --time ${shell(point)}`,
  );
  return `By hand: ${commands.join('; ')}; then take out of it what is needed, or take the original out of its replication and rename both.`;
}
