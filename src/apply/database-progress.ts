import { listOperations } from '../azure/databases.ts';
import type { Scene } from '../context/scene.ts';
import { placeOf } from '../deployment/servers.ts';

/** How much of a copy or restore is done, from 0 to 100, by Azure's own list; undefined where it does not say. */
export async function databaseProgress({ context, observed }: Scene, database: string): Promise<number | undefined> {
  const operations = await listOperations(context.arm, ...placeOf(observed, database));
  return operations.find(({ state }) => state === 'InProgress')?.percentComplete;
}
