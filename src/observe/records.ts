import type { Database } from '../azure/database-shapes.ts';
import { badTags } from '../deployment/bad-tags.ts';
import { newest } from '../deployment/late-writes.ts';
import { parseName } from '../deployment/names.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { parseRecord, recordedIn } from '../deployment/record-tags.ts';
import type { Stop } from '../errors.ts';
import { absoluteKey } from '../settings/database-key.ts';
import { absoluteOf, type DatabaseLook, serverNameIn } from './database-look.ts';

/** A deployment's record as found on a server. */
export interface FoundRecord extends Concerning {
  readonly record: DeploymentRecord;
  readonly database: Database;
  readonly from: 'clone' | 'mirror';
}

/** A record with tags that do not fit. Of which deployment it is can still be told. */
export interface UnreadRecord extends Recorded, Concerning {
  readonly stop: Stop;
}

export type Recorded = Pick<DeploymentRecord, 'deploymentId' | 'app' | 'server' | 'databases'>;

interface Concerning {
  readonly app: string;
  /** Its originals, each with its server, whichever is the first one of the deployment that looks: {@link absoluteKey}. */
  readonly originals: readonly string[];
}

/** All records on the servers: on clones, and where the clone is lost on the mirror, which is set aside with its original. */
export function findRecords(look: Pick<DatabaseLook, 'named' | 'candidates'>): {
  readonly records: readonly FoundRecord[];
  readonly unread: readonly UnreadRecord[];
} {
  const records: FoundRecord[] = [];
  const unread: UnreadRecord[] = [];
  const find = (database: Database, from: FoundRecord['from']) => {
    const [of, parsed] = [recordedOn(database), parseRecord(database.tags)];
    if (of === undefined || parsed === undefined) return;
    const originals = originalsOf(database, of);
    if ('bad' in parsed) unread.push({ ...of, originals, stop: badTags(database, parsed.bad) });
    else {
      const record = from === 'clone' ? withMirror(parsed.read, look.candidates) : parsed.read;
      records.push({ record, app: of.app, originals, database, from });
    }
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

/** What a dead run wrote late to the clone, the mirror tells. */
function withMirror(record: DeploymentRecord, candidates: readonly Database[]): DeploymentRecord {
  const mirrors = candidates.flatMap((database) => {
    const of = recordedOn(database);
    const isMirror =
      of?.deploymentId === record.deploymentId && originalsOf(database, of).includes(absoluteOf(database));
    const parsed = isMirror ? parseRecord(database.tags) : undefined;
    return parsed && 'read' in parsed ? parsed.read : [];
  });
  return mirrors.reduce(newest, record);
}

/** A clone that somebody renamed has the record, too, but it is the mirror on the original that is kept up to date. */
function mirrorsFirst(databases: readonly Database[]): readonly Database[] {
  const isMirror = (database: Database) => {
    const of = recordedIn(database.tags);
    return of !== undefined && originalsOf(database, of).includes(absoluteOf(database));
  };
  return [...databases.filter(isMirror), ...databases];
}

/** Whether a record is of the app, or of one of these databases, each with its server. */
export function concerns({ app: of, originals }: Concerning, app: string, ours: readonly string[]): boolean {
  return of === app || originals.some((each) => ours.includes(each));
}

/** Tags go along when a database is copied to another server: there they record nothing. */
function recordedOn({ id, tags }: Database): ReturnType<typeof recordedIn> {
  const of = recordedIn(tags);
  const isHere = of?.server === undefined || of.server.toLowerCase() === serverNameIn(id).toLowerCase();
  return isHere ? of : undefined;
}

function originalsOf({ id }: Database, { databases }: Pick<Recorded, 'databases'>): readonly string[] {
  return databases.map((key) => absoluteKey(serverNameIn(id), key));
}
