import { appendFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { performance } from 'node:perf_hooks';
import { watchPulse } from './pulse.ts';
import type { Visit } from './visit.ts';
import type { Span } from './window.ts';

/**
 * The visitors: a program of its own, so that their latency is not that of the process that runs the simulator.
 * It gets its orders as one JSON argument, writes every visit as a line of JSON to `file`, and tells its parent what
 * happened each second. It ends after `stop`, when every request under way has an answer.
 *
 * Requests start on time whether or not earlier ones were answered ("open loop"), as people do who know nothing of
 * each other. autocannon and its like hold a number of connections and wait for each answer: while a shop stands
 * still they ask little, so an outage of a second costs a handful of requests instead of a hundred. They also keep
 * sums and not each answer's headers, and it is from those that we know which build, on which database, took an order.
 */
export interface Orders {
  /** `https://host:port`. */
  readonly url: string;
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
  readonly file: string;
}

export interface Second {
  readonly kind: 'second';
  readonly visits: readonly Visit[];
  /** When this process got no time from the machine: it asked nothing, and saw no answer. */
  readonly stalls: readonly Span[];
}

/** What the parent may say: go home, or come less often. */
export type Word = 'stop' | { readonly readsPerSecond: number };

const PATHS = ['/', '/products/1', '/orders', '/products/3'];
const GIVE_UP_MS = 10_000;

const orders: Orders = JSON.parse(process.argv[2] ?? '{}');
const agent = new Agent({ keepAlive: true, maxSockets: 256, maxFreeSockets: 32, scheduling: 'lifo' });
const epoch = Date.now() - performance.now();
let underWay = 0;
let stopping = false;
let news: Visit[] = [];

writeFileSync(orders.file, '');
let reads = readers(orders.readsPerSecond);
const writes = steadily(orders.writesPerSecond, (count) => visit('write', '/orders', `visitor-${count + 1}`));
const teller = setInterval(tell, 1000);
const pulse = watchPulse();
process.on('message', (message: Word) => {
  reads.stop();
  if (message !== 'stop') {
    reads = readers(message.readsPerSecond);
    return;
  }
  stopping = true;
  writes.stop();
  endWhenQuiet();
});
// Whoever sent the visitors is gone: so are they.
process.on('disconnect', () => process.exit(0));

function readers(perSecond: number): { stop(): void } {
  return steadily(perSecond, (count) => visit('read', PATHS[count % PATHS.length] ?? '/'));
}

/** Calls `start` with 0, 1, 2 … at a steady rate; late calls are made up for at once. */
function steadily(perSecond: number, start: (count: number) => void): { stop(): void } {
  if (perSecond <= 0) return { stop: () => undefined };
  const began = performance.now();
  let count = 0;
  let timer: NodeJS.Timeout;
  const next = (): void => {
    while (began + (count * 1000) / perSecond <= performance.now()) start(count++);
    timer = setTimeout(next, Math.max(1, began + (count * 1000) / perSecond - performance.now()));
  };
  next();
  return { stop: () => clearTimeout(timer) };
}

function visit(kind: Visit['kind'], path: string, id?: string): void {
  const began = performance.now();
  const body = id === undefined ? undefined : JSON.stringify({ id, productId: 1, quantity: 1, customer: 'A visitor' });
  underWay += 1;
  let ended = false;
  const end = (status: number, headers: Readonly<Record<string, unknown>>, error?: string): void => {
    if (ended) return;
    ended = true;
    underWay -= 1;
    const word = (name: string): string => String(headers[name] ?? '');
    const refusedBy = word('x-shop-refused-by');
    news.push({
      kind,
      path,
      ...(id === undefined ? {} : { id }),
      at: epoch + began,
      ms: performance.now() - began,
      status,
      ...(error === undefined ? {} : { error }),
      instance: word('x-shop-instance'),
      version: word('x-shop-version'),
      database: word('x-shop-database'),
      marker: word('x-shop-marker'),
      ...(refusedBy === '' ? {} : { refusedBy }),
    });
    if (stopping) endWhenQuiet();
  };
  const asked = request(`${orders.url}${path}`, {
    agent,
    method: kind === 'read' ? 'GET' : 'POST',
    timeout: GIVE_UP_MS,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }),
  });
  asked.once('response', (response) => {
    response.resume();
    response.once('end', () => end(response.statusCode ?? 0, response.headers));
    response.once('close', () => end(0, response.headers, 'the answer broke off'));
  });
  asked.once('timeout', () => asked.destroy(new Error(`no answer in ${GIVE_UP_MS / 1000} s`)));
  asked.once('error', (error) => end(0, {}, error.message || ('code' in error ? String(error.code) : error.name)));
  asked.end(body);
}

function tell(): void {
  const visits = news;
  news = [];
  if (visits.length > 0) appendFileSync(orders.file, `${visits.map((one) => JSON.stringify(one)).join('\n')}\n`);
  process.send?.({ kind: 'second', visits, stalls: pulse.take() } satisfies Second);
}

function endWhenQuiet(): void {
  if (underWay > 0) return;
  clearInterval(teller);
  pulse.stop();
  tell();
  agent.destroy();
  process.disconnect?.();
}
