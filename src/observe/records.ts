import type { Database } from '../azure/database-shapes.ts';
import { parseName } from '../deployment/names.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { parseRecord } from '../deployment/record-tags.ts';
import type { DatabaseLook } from './database-look.ts';

/** A deployment's record as found on the server. */
export interface FoundRecord {
  readonly record: DeploymentRecord;
  readonly database: Database;
  readonly from: 'clone' | 'mirror';
}

/** All records on the server: on clones, and where the clone is lost on the mirror, which is set aside with its original. */
export function findRecords(look: DatabaseLook): readonly FoundRecord[] {
  const onClones = look.named.flatMap((database): FoundRecord[] => {
    const record = parseRecord(database.tags);
    const kind = parseName(database.name)?.kind;
    return record && kind === 'clone' ? [{ record, database, from: 'clone' }] : [];
  });
  const found = [...onClones];
  const setAside = look.named.filter(({ name }) => parseName(name)?.kind === 'set-aside');
  for (const { database, record } of mirrorsFirst([...look.candidates, ...setAside])) {
    if (!record || found.some((other) => other.record.deploymentId === record.deploymentId)) continue;
    found.push({ record, database, from: 'mirror' });
  }
  return found;
}

/** A clone that somebody renamed bears the record as well, but it is the mirror on the original that is kept up to date. */
function mirrorsFirst(databases: readonly Database[]) {
  const all = databases.map((database) => ({ database, record: parseRecord(database.tags) }));
  const isMirror = ({ database, record }: (typeof all)[number]) =>
    record?.databases.some((name) => name.toLowerCase() === database.name.toLowerCase()) === true;
  return [...all.filter(isMirror), ...all.filter((each) => !isMirror(each))];
}
