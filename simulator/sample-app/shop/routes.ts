import type { IncomingMessage, ServerResponse } from 'node:http';
import { DATABASE_IS_READ_ONLY, type Database, errorNumber } from './database.ts';
import { type Edition, schemaVersion } from './edition.ts';
import { readOrder } from './order-form.ts';
import { messagePage, orderList, productList, productPage } from './page.ts';
import type { ShopSettings } from './settings.ts';

export interface Shop {
  readonly edition: Edition;
  readonly settings: ShopSettings;
  readonly database: Database;
  /** Takes one line for the log of the shop. */
  readonly log: (line: string) => void;
}

/** Answers one request. Rejects when the database does; the answer is then {@link answerFailure}. */
export async function answer(shop: Shop, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { edition, settings, database } = shop;
  const path = new URL(request.url ?? '/', 'http://shop').pathname;
  const frame = { edition, readOnly: settings.readOnly };
  response.setHeader('x-shop-instance', settings.instance);
  response.setHeader('x-shop-version', edition.version);
  response.setHeader('x-shop-database', settings.address.database);
  response.setHeader('x-shop-marker', settings.marker);
  response.setHeader('x-shop-read-only', String(settings.readOnly));
  if (request.method === 'POST') {
    if (path === '/orders') return order(shop, request, response);
    return send(response, 404, 'text/html', messagePage(frame, 'Not found', 'There is no such form.'));
  }
  const product = /^\/products\/(\d+)$/.exec(path)?.[1];
  if (product !== undefined) {
    const found = (await edition.products(database)).find((one) => one.id === Number(product));
    if (found) return send(response, 200, 'text/html', productPage(frame, found));
  } else if (path === '/') {
    return send(response, 200, 'text/html', productList(frame, await edition.products(database)));
  } else if (path === '/orders') {
    return send(response, 200, 'text/html', orderList(frame, await edition.orders(database)));
  } else if (path === '/health') {
    return health(shop, response);
  } else if (path === '/version') {
    return sendJson(response, 200, {
      version: edition.version,
      instance: settings.instance,
      marker: settings.marker,
      database: settings.address.database,
      readOnly: settings.readOnly,
    });
  }
  return send(response, 404, 'text/html', messagePage(frame, 'Not found', 'There is no such page.'));
}

/** 200 only when the database is reachable and has the schema that this release runs on. */
async function health(shop: Shop, response: ServerResponse): Promise<void> {
  try {
    const schema = await schemaVersion(shop.database);
    const healthy = schema === shop.edition.schema;
    sendJson(response, healthy ? 200 : 503, { healthy, schema, needs: shop.edition.schema });
  } catch (error) {
    sendJson(response, 503, { healthy: false, error: error instanceof Error ? error.message : String(error) });
  }
}

/** 201 only after the order is committed; 503 when the shop, or its database, takes no orders now. */
async function order(shop: Shop, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { edition, settings, database } = shop;
  const placed = await readOrder(request);
  if (settings.readOnly) return refuse(shop, response, 'application');
  if (typeof placed === 'string') return sendJson(response, 400, { error: placed });
  try {
    await edition.placeOrder(database, placed, settings.instance);
  } catch (error) {
    if (errorNumber(error) === DATABASE_IS_READ_ONLY) return refuse(shop, response, 'database');
    throw error;
  }
  sendJson(response, 201, { id: placed.id, database: settings.address.database });
}

function refuse(shop: Shop, response: ServerResponse, by: 'application' | 'database'): void {
  response.setHeader('x-shop-refused-by', by);
  response.setHeader('retry-after', '60');
  const frame = { edition: shop.edition, readOnly: true };
  send(
    response,
    503,
    'text/html',
    messagePage(frame, 'Back soon', 'We take no orders right now. Please try again soon.'),
  );
}

/** The page that a visitor sees when the shop cannot answer: 500, and nothing of the error. */
export function answerFailure(shop: Shop, response: ServerResponse, error: unknown): void {
  shop.log(error instanceof Error ? error.message : String(error));
  const frame = { edition: shop.edition, readOnly: shop.settings.readOnly };
  if (response.headersSent) response.destroy();
  else send(response, 500, 'text/html', messagePage(frame, 'Sorry', 'Something went wrong.'));
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, 'application/json', JSON.stringify(value));
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
