import type { Arm } from './arm.ts';
import { databaseId } from './databases.ts';
import { read, sql } from './requests.ts';

/** What a database has switched on that copies and restores treat in a way of their own. */
export interface DatabaseFeatures {
  /** Every table is a ledger table. */
  readonly ledger: boolean;
}

export async function getDatabaseFeatures(arm: Arm, serverId: string, name: string): Promise<DatabaseFeatures> {
  const answer = await sql(arm, `read the features of database ${name}`, 'GET', databaseId(serverId, name));
  const { properties }: { properties?: { isLedgerOn?: boolean | null } } = read(answer);
  return { ledger: properties?.isLedgerOn === true };
}
