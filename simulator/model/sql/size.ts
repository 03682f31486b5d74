import type { Database } from './state.ts';

/** Sizes in MB that the editions measured in DTU can have. https://learn.microsoft.com/sql/t-sql/statements/alter-database-transact-sql#maxsize */
const UP_TO_2_GB = [100, 500, 1024, 2048];
const UP_TO_1_TB = [...UP_TO_2_GB, ...[5, 10, 20, 30, 40, 50, 100, 150, 200, 250, 300, 400, 500, 750, 1024].map(inMb)];
const SIZES: Readonly<Record<string, readonly number[]>> = {
  Basic: UP_TO_2_GB,
  Standard: UP_TO_1_TB,
  Premium: UP_TO_1_TB,
};
/** What one gets that asks for none. */
const USUAL: Readonly<Record<string, number>> = { Basic: 2048, Standard: inMb(250), Premium: inMb(500) };

/** Why a database cannot have its size in its edition, as recorded; undefined when it can. */
export function sizeProblem(
  database: Pick<Database, 'sku' | 'maxSizeBytes' | 'elasticPoolId'>,
): { readonly number: number; readonly text: string } | undefined {
  const { sku, maxSizeBytes } = database;
  const sizes = SIZES[sku.tier];
  if (sizes === undefined || database.elasticPoolId !== undefined) return undefined;
  if (sizes.some((size) => inBytes(size) === maxSizeBytes)) return undefined;
  const text = `The edition '${sku.tier}' does not support the database data max size '${maxSizeBytes}'.`;
  return { number: 40_619, text };
}

/** The size of a new database of that edition, in bytes; 32 GB for those measured in vCores. */
export function usualSize(tier: string): number {
  return inBytes(USUAL[tier] ?? inMb(32));
}

function inMb(gigabytes: number): number {
  return gigabytes * 1024;
}

function inBytes(megabytes: number): number {
  return megabytes * 1_048_576;
}
