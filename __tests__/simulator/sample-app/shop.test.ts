import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { version1 } from '../../../simulator/sample-app/editions/version-1.ts';
import type { Database } from '../../../simulator/sample-app/shop/database.ts';
import { shopServer } from '../../../simulator/sample-app/shop/server.ts';
import { readSettings } from '../../../simulator/sample-app/shop/settings.ts';

const CONNECTION = { SQLAZURECONNSTR_Shop: 'Server=h;Database=shop-copy;User ID=u;Password=p' };

/** Answers as SQL Server does with the given error number to every INSERT, and with no rows to everything else. */
function databaseThatRefuses(errorNumber?: number): Database & { readonly inserts: string[] } {
  const inserts: string[] = [];
  return {
    inserts,
    async query(statement, parameters = {}) {
      if (!statement.startsWith('INSERT')) return [];
      if (errorNumber) throw Object.assign(new Error('refused'), { number: errorNumber });
      inserts.push(String(parameters.id));
      return [];
    },
    close() {},
  };
}

async function order(settings: Record<string, string>, database: Database): Promise<Response> {
  const shop = {
    edition: version1,
    settings: readSettings({ ...CONNECTION, ...settings }),
    database,
    log: () => undefined,
  };
  const server = shopServer(shop).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    return await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'order-1', productId: 1, quantity: 1, customer: 'Ada' }),
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('an order must be accepted only after its row is written, and say in which database', async () => {
  const database = databaseThatRefuses();
  const answer = await order({}, database);
  expect(answer.status).toBe(201);
  expect(answer.headers.get('x-shop-database')).toBe('shop-copy');
  expect(database.inserts).toEqual(['order-1']);
});

test('a read-only shop must refuse an order without asking its database', async () => {
  const database = databaseThatRefuses();
  const answer = await order({ SHOP_READ_ONLY: 'true' }, database);
  expect([answer.status, answer.headers.get('x-shop-refused-by')]).toEqual([503, 'application']);
  expect(database.inserts).toEqual([]);
});

test('when a forgetful shop writes, the database must be the one that refuses', async () => {
  const answer = await order({ SHOP_READ_ONLY: 'true', SHOP_FORGETFUL: 'true' }, databaseThatRefuses(3906));
  expect([answer.status, answer.headers.get('x-shop-refused-by')]).toEqual([503, 'database']);
});

test('an order that an earlier try committed must be accepted', async () => {
  expect((await order({}, databaseThatRefuses(2627))).status).toBe(201);
});

test('an order that the database fails must not be accepted', async () => {
  expect((await order({}, databaseThatRefuses(1205))).status).toBe(500);
});
