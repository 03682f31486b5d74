/** Names that the action gives. Everything of ours on a server is found by them, and proven ours by tags and ids. */

export function cloneName(database: string, deploymentId: string): string {
  return `${database}-zdd-${deploymentId}`;
}

export function restoredName(database: string, deploymentId: string): string {
  return `${cloneName(database, deploymentId)}-restored`;
}

/** What a rollback could take at once, restored beforehand (`prepare-rollback`). */
export function preparedName(database: string, deploymentId: string): string {
  return `${cloneName(database, deploymentId)}-prepared`;
}

/** Where the failed database goes: `-failed`, `-failed2`, … */
export function setAsideName(database: string, deploymentId: string, number: number): string {
  return `${cloneName(database, deploymentId)}-failed${number > 1 ? number : ''}`;
}

export interface OurName {
  readonly database: string;
  readonly deploymentId: string;
  readonly kind: 'clone' | 'restored' | 'prepared' | 'set-aside';
}

/** Reads one of our names back; undefined for any other name. */
export function parseName(name: string): OurName | undefined {
  const parts = /^(.+)-zdd-(\d{8}-[a-z0-9]{5})(?:-(restored|prepared|failed\d*))?$/.exec(name);
  if (!parts?.[1] || !parts[2]) return undefined;
  return { database: parts[1], deploymentId: parts[2], kind: kindOf(parts[3]) };
}

function kindOf(ending: string | undefined): OurName['kind'] {
  if (ending === undefined) return 'clone';
  return ending === 'restored' || ending === 'prepared' ? ending : 'set-aside';
}

/** Azure limits a database name to 128 characters; ours adds this many at most. */
export const LONGEST_SUFFIX = '-zdd-20260101-abcde-restored'.length;

/** Whether two names are the same database's: neither SQL nor Azure minds the case. */
export function sameName(one: string | undefined, other: string | undefined): boolean {
  return one?.toLowerCase() === other?.toLowerCase();
}

/** The order that "alphabetically first" means: the same on every machine, whatever its locale. */
export function byCodeUnits(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
