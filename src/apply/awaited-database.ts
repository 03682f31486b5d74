import type { Database } from '../azure/database-shapes.ts';
import { getDatabase, listDatabases } from '../azure/databases.ts';
import type { Scene } from '../context/scene.ts';
import { sameName } from '../deployment/names.ts';
import { placeOf } from '../deployment/servers.ts';

/** Waits for several databases look at the same moments: so near to each other one list a server answers all of them. */
const SAME_MOMENT_MS = 500;

/** A database while it is waited for, null while Azure does not show it. Not for tags: a list may leave them out. */
export async function awaitedDatabase({ context, observed }: Scene, name: string): Promise<Database | null> {
  const { arm, known, ports } = context;
  const [serverId, bare] = placeOf(observed, name);
  if (observed.databases.length < 2) return getDatabase(arm, serverId, bare);
  const now = ports.clock.now();
  const before = known.listings.get(serverId);
  const isRecent = before !== undefined && now - before.at <= SAME_MOMENT_MS;
  const listing = isRecent ? before : { at: now, databases: listDatabases(arm, serverId) };
  known.listings.set(serverId, listing);
  return (await listing.databases).find((database) => sameName(database.name, bare)) ?? null;
}
