import type { Database } from '../azure/database-shapes.ts';
import { badTags } from '../deployment/bad-tags.ts';
import { parseName, sameName } from '../deployment/names.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { parseRecord, recordedIn } from '../deployment/record-tags.ts';
import type { Stop } from '../errors.ts';
import type { DatabaseLook } from './database-look.ts';

/** A deployment's record as found on the server. */
export interface FoundRecord {
  readonly record: DeploymentRecord;
  readonly database: Database;
  readonly from: 'clone' | 'mirror';
}

/** A record with tags that do not fit. Of which deployment it is can still be told. */
export interface UnreadRecord extends Recorded {
  readonly stop: Stop;
}

type Recorded = Pick<DeploymentRecord, 'deploymentId' | 'app' | 'databases'>;

/** All records on the server: on clones, and where the clone is lost on the mirror, which is set aside with its original. */
export function findRecords(look: DatabaseLook): {
  readonly records: readonly FoundRecord[];
  readonly unread: readonly UnreadRecord[];
} {
  const records: FoundRecord[] = [];
  const unread: UnreadRecord[] = [];
  const find = (database: Database, from: FoundRecord['from']) => {
    const [of, parsed] = [recordedOn(database), parseRecord(database.tags)];
    if (of === undefined || parsed === undefined) return;
    if ('bad' in parsed) unread.push({ ...of, stop: badTags(database, parsed.bad) });
    else records.push({ record: parsed.read, database, from });
  };
  const isKind = (kind: string) => (database: Database) => parseName(database.name)?.kind === kind;
  for (const clone of look.named.filter(isKind('clone'))) find(clone, 'clone');
  for (const mirror of mirrorsFirst([...look.candidates, ...look.named.filter(isKind('set-aside'))])) {
    const id = recordedIn(mirror.tags)?.deploymentId;
    const isFound = [...records.map(({ record }) => record), ...unread].some(({ deploymentId }) => deploymentId === id);
    if (!isFound) find(mirror, 'mirror');
  }
  return { records, unread };
}

/** A clone that somebody renamed has the record, too, but it is the mirror on the original that is kept up to date. */
function mirrorsFirst(databases: readonly Database[]): readonly Database[] {
  const isMirror = ({ name, tags }: Database) =>
    recordedIn(tags)?.databases.some((each) => sameName(each, name)) === true;
  return [...databases.filter(isMirror), ...databases.filter((each) => !isMirror(each))];
}

/** Whether a record is of the app, or of one of these databases. */
export function concerns({ app: of, databases }: Recorded, app: string, originals: readonly string[]): boolean {
  return of === app || databases.some((name) => originals.some((original) => sameName(original, name)));
}

/** Tags go along when a database is copied to another server: there they record nothing. */
function recordedOn({ id, tags }: Database): ReturnType<typeof recordedIn> {
  const of = recordedIn(tags);
  const isHere = of?.server === undefined || id.toLowerCase().includes(`/servers/${of.server.toLowerCase()}/`);
  return isHere ? of : undefined;
}
