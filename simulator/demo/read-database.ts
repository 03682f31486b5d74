import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Content } from './content.ts';
import type { Shop } from './shop-azure.ts';

type Reach = Pick<Shop, 'caFile' | 'sqlHost' | 'sqlPort' | 'sqlUser' | 'sqlPassword'>;

/** Reads all rows of one of the shop's databases, as any SQL client would. `file` is where they are put meanwhile. */
export async function readDatabase(shop: Reach, database: string, file: string): Promise<Content> {
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'record-content.ts'), file], {
    env: {
      ...process.env,
      ...(shop.caFile !== undefined && { NODE_EXTRA_CA_CERTS: shop.caFile }),
      ZDD_CONNECTION_STRING_SHOP: connectionStringOf(shop, database),
    },
  });
  return JSON.parse(await readFile(file, 'utf8'));
}

/** As the shop's own settings have it. */
export function connectionStringOf(shop: Omit<Reach, 'caFile'>, database: string): string {
  const server = `${shop.sqlHost},${shop.sqlPort}`;
  return `Server=tcp:${server};Database=${database};User ID=${shop.sqlUser};Password="${shop.sqlPassword}";Encrypt=True`;
}
