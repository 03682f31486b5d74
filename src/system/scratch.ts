import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder of our own, which nobody else may read, for as long as the work takes. @param parent where it is made. */
export async function inScratch<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(parent, 'zdd-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
