import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeCertificates } from '../../../simulator/adapters/certificates.ts';
import { accountFor } from '../../../simulator/demo/accounting.ts';
import { sendVisitors } from '../../../simulator/demo/send-visitors.ts';

/** A shop that closes for a while after its 30th request, and forgets one of the orders that it accepts. */
let shop: Server;
let folder: string;
let url: string;
const orders = new Set<string>();
let forgotten: string | undefined;
let closed: { from: number; until: number } | undefined;
const CLOSED_MS = 600;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'visitors-'));
  const { ca, cert, key } = await makeCertificates();
  writeFileSync(join(folder, 'ca.pem'), ca);
  let requests = 0;
  shop = createServer({ cert, key }, async (request, response) => {
    requests += 1;
    if (requests === 30) closed = { from: performance.now(), until: performance.now() + CLOSED_MS };
    if (closed && performance.now() < closed.until) return void response.writeHead(503).end();
    response.setHeader('x-shop-instance', 'one');
    if (request.method === 'GET') return void response.end('page');
    let body = '';
    for await (const chunk of request) body += chunk;
    const { id } = JSON.parse(body);
    if (forgotten === undefined) forgotten = id;
    else orders.add(id);
    response.writeHead(201).end();
  });
  shop.listen(0, '127.0.0.1');
  await new Promise((resolve) => shop.once('listening', resolve));
  url = `https://localhost:${(shop.address() as AddressInfo).port}`;
});

afterEach(() => {
  shop.closeAllConnections();
  shop.close();
  rmSync(folder, { recursive: true });
});

test('visitors must see a shop that closes for a moment and an order that it loses', async () => {
  const seen = Promise.withResolvers<void>();
  let reopened = 0;
  const visitors = sendVisitors(
    { url, readsPerSecond: 100, writesPerSecond: 20, file: join(folder, 'visits.jsonl') },
    join(folder, 'ca.pem'),
    () => {
      if (closed && performance.now() > closed.until && ++reopened === 2) seen.resolve();
    },
  );
  await seen.promise;
  const until = await visitors.stop();
  const account = accountFor(visitors.visits, orders, visitors.startedAt, until);

  expect(account.traffic.longestGapMs).toBeGreaterThanOrEqual(CLOSED_MS - 50);
  // They go on asking while nobody answers well: about sixty reads and a dozen writes in this time.
  expect(account.traffic.failed).toBeGreaterThan(30);
  expect(account.lostWrites.map((visit) => visit.id)).toEqual([forgotten]);
  expect(account.writes.accepted).toBe(orders.size + 1);
  expect(readFileSync(join(folder, 'visits.jsonl'), 'utf8').trim().split('\n')).toHaveLength(visitors.visits.length);
}, 20_000);
