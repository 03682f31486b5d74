import type { AzureSaid } from '../errors.ts';

/** The operation that keeps a site busy, from Azure's 409 "another operation is in progress". */
export interface BusyWith {
  /** Such as `SwapSiteSlots`. */
  readonly operation: string;
  readonly id: string;
}

/**
 * Reads the 409 by which App Service refuses a change while another operation is under way. Other conflicts answer `undefined`:
 * a status of 409 alone says nothing, some of them never pass.
 * https://github.com/microsoft/azure-pipelines-tasks/issues/11384
 */
export function busyWith(said: AzureSaid | undefined): BusyWith | undefined {
  if (said?.status !== 409 || !/another operation is in progress/i.test(said.message)) return undefined;
  return {
    operation: /OperationName:\s*([^,\s]+)/.exec(said.message)?.[1] ?? 'unknown',
    id: /\bId:\s*([^,\s]+)/.exec(said.message)?.[1] ?? '',
  };
}

/**
 * Another operation on the same database is under way; each tag write is one. It passes by itself.
 * https://learn.microsoft.com/rest/api/sql/databases/update (409)
 */
export function databaseIsBusy(said: AzureSaid | undefined): boolean {
  return said?.status === 409 && /^Conflicting\w*Operation|^UpdateSloInProgress|InProgress$/.test(said.code);
}

/** A management lock forbids it, on the resource or above: nothing passes here before somebody deletes the lock. */
export function isLocked(said: AzureSaid | undefined): boolean {
  return said?.status === 409 && said.code === 'ScopeLocked';
}

/**
 * Only one copy of a database can be made at a time, and another is under way.
 * https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues (40565)
 */
export function isBeingCopied(said: AzureSaid | undefined): boolean {
  return said !== undefined && /\b40565\b|concurrent database copy/i.test(`${said.code} ${said.message}`);
}

/**
 * A rename was refused because somebody is connected. What ARM answers is not documented; SQL Server's own error is 5030.
 * https://learn.microsoft.com/sql/relational-databases/databases/rename-a-database
 */
export function nameIsHeld(said: AzureSaid): boolean {
  return /exclusively locked|open connection|in use|\b5030\b/i.test(`${said.code} ${said.message}`);
}
