/**
 * Azure gives each identity and subscription an allowance of reads that fills up again.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
 */
export const READS_AT_MOST = 250;
const REFILL_PER_SECOND = 25;

/** What was left of the allowance when least was left. Below 0 Azure would have answered 429. */
export function lowestReads(readAt: readonly number[]): number {
  let left = READS_AT_MOST;
  let lowest = left;
  let before = readAt[0] ?? 0;
  for (const at of readAt.toSorted((one, other) => one - other)) {
    left = Math.min(READS_AT_MOST, left + ((at - before) / 1000) * REFILL_PER_SECOND) - 1;
    lowest = Math.min(lowest, left);
    before = at;
  }
  return Math.floor(lowest);
}
