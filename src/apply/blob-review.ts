import { type BlobsUnseen, type BlobWay, blobsOf, containersOf, type ListPart } from '../azure/blob-list.ts';
import { inTime } from '../context/in-time.ts';
import type { Scene } from '../context/scene.ts';
import { type BlobChange, type BlobReview, blobChanges } from '../deployment/blob-changes.ts';
import { byCodeUnits } from '../deployment/names.ts';
import { messageOf } from '../errors.ts';

/** Visitors wait while this is asked: so much at the most, whatever an account holds. */
const MOST_MS = 20_000;
const MOST_CONTAINERS = 20;
/** Of up to 5000 versions each. */
const MOST_PARTS = 5;
const MOST_CHANGES = 2000;

/**
 * What became of the blobs of `storage-account` since the snapshot. Never fails and is never late: what could not be asked is said.
 * Undefined where no account is given, or no copy dates from a known moment.
 */
export async function blobReview({ context, settings, observed }: Scene): Promise<BlobReview | undefined> {
  const { ports, arm, signal } = context;
  const { storageAccount: account } = settings;
  const since = observed.databases
    .flatMap(({ cloneTags }) => cloneTags?.completedAt ?? [])
    .sort()
    .at(-1);
  if (account === undefined || since === undefined) return undefined;
  const found: Found = { changes: [], containers: 0, blobs: 0, isCut: false, hasVersions: false, unseen: undefined };
  try {
    await inTime(ports, MOST_MS, 'the time for it was over', signal, (limited) =>
      Promise.race([look({ arm, send: ports.send, account, signal: limited }, since, found), over(limited)]),
    );
  } catch (error) {
    signal.throwIfAborted();
    ports.log.info(`Not all blobs of ${account} could be asked for: ${messageOf(error)}`);
    found.isCut = true;
  }
  return reviewOf(account, since, { ...found });
}

interface Found {
  changes: BlobChange[];
  containers: number;
  blobs: number;
  isCut: boolean;
  hasVersions: boolean;
  unseen: BlobsUnseen | undefined;
}

/** A token has no signal: who waits for one is not waited for. */
function over(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

async function look(way: BlobWay, since: string, found: Found): Promise<void> {
  const names = await all((next) => containersOf(way, next), found);
  // A name becomes part of an address: https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata#container-names
  const fit = names.items.filter((name) => /^[a-z0-9$][a-z0-9-]{1,62}$/.test(name));
  found.isCut ||= fit.length > MOST_CONTAINERS;
  for (const container of fit.slice(0, MOST_CONTAINERS)) {
    const { items, isWhole } = await all((next) => blobsOf(way, container, next), found);
    // The last one may go on in what was not asked for, and be current there.
    const last = isWhole ? undefined : items.at(-1)?.name;
    const entries = items.filter(({ name }) => name !== last);
    found.changes.push(...blobChanges(container, entries, since));
    found.containers += items.length > 0 || isWhole ? 1 : 0;
    found.blobs += new Set(entries.map(({ name }) => name)).size;
    found.hasVersions ||= entries.some(({ isVersion }) => isVersion);
  }
}

/** The parts of a list, up to the most of them. */
async function all<T>(
  partAt: (next: string | undefined) => Promise<ListPart<T>>,
  found: Found,
): Promise<{ readonly items: readonly T[]; readonly isWhole: boolean }> {
  const items: T[] = [];
  let next: string | undefined;
  for (let parts = 0; parts < MOST_PARTS; parts++) {
    const part = await partAt(next);
    if (part.unseen) {
      found.unseen ??= part.unseen;
      found.isCut = true;
      return { items, isWhole: false };
    }
    for (const item of part.items) items.push(item);
    next = part.next;
    if (next === undefined) return { items, isWhole: true };
  }
  found.isCut = true;
  return { items, isWhole: false };
}

/** Where something was seen, it counts; what was not makes it a part. */
function reviewOf(account: string, since: string, { changes, unseen, ...seen }: Found): BlobReview {
  const count = (kind: BlobChange['what']) => changes.filter(({ what }) => what === kind).length;
  return {
    account,
    since,
    unseen: seen.containers === 0 && seen.isCut ? (unseen ?? 'no-answer') : undefined,
    changes: changes.sort((one, other) => byCodeUnits(other.at, one.at)).slice(0, MOST_CHANGES),
    deleted: count('deleted'),
    overwritten: count('overwritten'),
    gone: count('gone'),
    ...seen,
  };
}
