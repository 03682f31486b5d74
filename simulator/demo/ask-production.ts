import { readFile } from 'node:fs/promises';
import { get } from 'node:https';
import type { Shop } from './shop-azure.ts';

/** What production's `/version` says; undefined when it does not answer with 200. */
export async function askProduction(
  shop: Pick<Shop, 'caFile' | 'productionUrl'>,
): Promise<{ version: string; database: string; readOnly: boolean } | undefined> {
  const ca = shop.caFile === undefined ? undefined : await readFile(shop.caFile, 'utf8');
  return new Promise((resolve) => {
    const request = get(
      `${shop.productionUrl}/version`,
      { ...(ca && { ca }), timeout: 10_000, agent: false },
      async (response) => {
        let body = '';
        for await (const chunk of response) body += chunk;
        resolve(response.statusCode === 200 ? JSON.parse(body) : undefined);
      },
    );
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(undefined));
  });
}
