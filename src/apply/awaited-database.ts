import type { Database } from '../azure/database-shapes.ts';
import { getDatabase, listDatabases } from '../azure/databases.ts';
import type { Scene } from '../context/scene.ts';
import { sameName } from '../deployment/names.ts';

/** Waits for several databases look at the same moments: so near to each other one list answers all of them. */
const SAME_MOMENT_MS = 500;

/** A database while it is waited for, null while Azure does not show it. Not for tags: a list may leave them out. */
export async function awaitedDatabase({ context, observed }: Scene, name: string): Promise<Database | null> {
  const { arm, known, ports } = context;
  const { server, databases } = observed;
  if (databases.length < 2) return getDatabase(arm, server.id, name);
  const now = ports.clock.now();
  if (known.listing === undefined || now - known.listing.at > SAME_MOMENT_MS) {
    known.listing = { at: now, databases: listDatabases(arm, server.id) };
  }
  const listed = await known.listing.databases;
  return listed.find((database) => sameName(database.name, name)) ?? null;
}
