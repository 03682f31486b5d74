import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Ready } from '../adapters/options.ts';
import type { Content } from './content.ts';

/** Reads all rows of one of the shop's databases, as any SQL client would. `file` is where they are put meanwhile. */
export async function readDatabase(ready: Ready, database: string, file: string): Promise<Content> {
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'record-content.ts'), file], {
    env: {
      ...process.env,
      NODE_EXTRA_CA_CERTS: ready.caFile,
      ZDD_CONNECTION_STRING_SHOP: connectionStringOf(ready, database),
    },
  });
  return JSON.parse(await readFile(file, 'utf8'));
}

function connectionStringOf(ready: Ready, database: string): string {
  const server = `${ready.sqlHost},${ready.sqlPort}`;
  return `Server=tcp:${server};Database=${database};User ID=${ready.sqlUser};Password="${ready.sqlPassword}";Encrypt=True`;
}
