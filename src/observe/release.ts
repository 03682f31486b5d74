import { createHash } from 'node:crypto';
import { latestDeployment, listDirectory, packageName } from '../azure/scm.ts';
import type { Context } from '../context/context.ts';
import { see } from '../context/seen.ts';
import { buildSource } from '../deployment/build-source.ts';
import type { Slot } from '../deployment/observed.ts';

/** What apps write beside their build. */
const WRITTEN_BY_APPS = /\.(log|txt|db|sqlite3?|db-(wal|shm|journal)|tmp|pid|lock|bak)$/i;

/**
 * A digest that is another one when production was given another build: by the last deployment that SCM knows, and the names,
 * sizes and times of what lies at the top of wwwroot and in its `bin`, however it came there. A file that came deeper without a
 * deployment (by FTP) is not seen: each folder would be a request, and those in which visitors keep files change all the time.
 * Undefined when the settings say it all, and when SCM does not let us see it.
 */
export async function releaseIn({ arm, signal }: Context, slot: Slot): Promise<string | undefined> {
  const { kind } = buildSource(slot);
  if (kind !== 'files' && kind !== 'package-file') return undefined;
  const seen = await see(signal, async () => {
    if (kind === 'package-file') {
      const name = await packageName(arm, slot.scmHost);
      return name === null ? null : [name];
    }
    return Promise.all([latestDeployment(arm, slot.scmHost), filesIn('site/wwwroot'), filesIn('site/wwwroot/bin')]);
  });
  if (!seen.value) return undefined;
  return createHash('sha256').update(JSON.stringify(seen.value)).digest('hex').slice(0, 12);

  async function filesIn(directory: string) {
    const entries = (await listDirectory(arm, slot.scmHost, directory)) ?? [];
    return entries
      .filter(({ isDirectory, name }) => !isDirectory && !WRITTEN_BY_APPS.test(name))
      .map(({ name, size, modified }) => `${name} ${size} ${modified}`)
      .sort();
  }
}
