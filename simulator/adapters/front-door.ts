import { type IncomingMessage, type RequestListener, type ServerResponse, request as sendRequest } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { sendHtml } from './http-exchange.ts';

/** Where a host leads at this moment. */
export type Route =
  /** `delayMs`: how long a request takes at least. Visitors live in real time, and so does this. */
  | { readonly kind: 'app'; readonly instanceId: string; readonly delayMs?: number }
  | { readonly kind: 'scm' }
  /** The front end answers itself: access restrictions, site authentication. */
  | { readonly kind: 'answered'; readonly answer: Ready }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'unavailable' };

/** An answer that is there already. */
export interface Ready {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The processes as the front door knows them. */
export interface Instances {
  /**
   * The port of an instance; waits for its start, until the signal (made only then) aborts. Undefined when it ended,
   * was withdrawn, or time is up.
   */
  portOf(instanceId: string, until: () => AbortSignal): Promise<number | undefined>;
  /** Says that a request runs on the instance: it is not stopped before the returned function was called. */
  enter(instanceId: string): () => void;
}

interface FrontDoorParts {
  /** The host this door stands for, such as `localhost:40002`. */
  readonly host: string;
  readonly instances: Instances;
  /** How long a request waits for an app to start, in real milliseconds. */
  readonly coldStartMs: number;
  /** The caller and the path matter to what the front end answers itself. */
  routeOf(host: string, from: string, path: string): Route | undefined;
  callerOf(request: IncomingMessage): string;
  readonly scm: RequestListener;
}

/**
 * App Service's front door for one host: every request goes to where the host leads when it arrives, and stays there.
 * It repeats nothing and hides nothing: an instance that dies under a request makes a 502. Only a request that comes
 * before its instance listens waits for it, as in Azure (230 s at most).
 */
export function frontDoor(parts: FrontDoorParts): RequestListener {
  return (request, response) => {
    serve(parts, request, response).catch(() => fail(response, 500, PAGES.failed));
  };
}

async function serve(parts: FrontDoorParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let deadline: AbortSignal | undefined;
  const until = () => {
    deadline ??= AbortSignal.any([goneSignal(response), AbortSignal.timeout(Math.ceil(parts.coldStartMs))]);
    return deadline;
  };
  for (let waitedFor: string | undefined; ; ) {
    const route = parts.routeOf(parts.host, parts.callerOf(request), pathOf(request));
    if (route === undefined) return fail(response, 404, PAGES.notFound);
    if (route.kind === 'scm') return parts.scm(request, response);
    if (route.kind === 'answered') return give(response, route.answer);
    if (route.kind === 'stopped') return fail(response, 403, PAGES.stopped);
    // The same instance as before: it is not coming, and no other has taken its place.
    if (route.kind === 'unavailable' || route.instanceId === waitedFor) return fail(response, 503, PAGES.unavailable);
    const leave = parts.instances.enter(route.instanceId);
    const port = await parts.instances.portOf(route.instanceId, until);
    if (port !== undefined && !response.destroyed) {
      response.once('close', leave);
      if (route.delayMs !== undefined) await pause(route.delayMs);
      return pass(request, response, port, parts.callerOf(request));
    }
    leave();
    if (response.destroyed) return;
    waitedFor = route.instanceId;
  }
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.replace(/[?#].*$/, '');
}

function give(response: ServerResponse, { status, headers = {}, body = '' }: Ready): void {
  response.writeHead(status, headers);
  response.end(typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body));
}

/** Aborts when the visitor goes away. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

/** Hands the request to the process and its answer back, byte by byte, over a connection of its own. */
function pass(request: IncomingMessage, response: ServerResponse, port: number, caller: string): void {
  const { connection: _connection, ...headers } = request.headers;
  const upstream = sendRequest({
    host: '127.0.0.1',
    port,
    agent: false,
    ...(request.method === undefined ? {} : { method: request.method }),
    ...(request.url === undefined ? {} : { path: request.url }),
    headers: {
      ...headers,
      'x-forwarded-for': [request.headers['x-forwarded-for'] ?? [], caller].flat().join(', '),
      'x-forwarded-proto': 'https',
    },
  });
  upstream.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, withoutHopByHop(answer.rawHeaders));
    answer.pipe(response);
    answer.once('error', () => response.destroy());
  });
  upstream.once('error', () => fail(response, 502, PAGES.badGateway));
  response.once('close', () => upstream.destroy());
  request.pipe(upstream);
}

/** RFC 9110 section 7.6.1: these speak of one connection, not of the answer. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

function withoutHopByHop(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = rawHeaders.slice(i, i + 2);
    if (!HOP_BY_HOP.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

function fail(response: ServerResponse, status: number, page: string): void {
  if (response.headersSent) response.destroy();
  else sendHtml(response, status, page);
}

/** What Azure's front end shows, reduced to what people and tools look for. */
const PAGES = {
  stopped:
    '<html><head><title>Web App - Unavailable</title></head><body><h1>Error 403 - This web app is stopped.</h1><p>The web app you have attempted to reach is currently stopped and does not accept any requests. Please try to reload the page or visit it again soon.</p></body></html>',
  unavailable:
    '<html><head><title>Service Unavailable</title></head><body><h2>Service Unavailable</h2><hr><p>HTTP Error 503. The service is unavailable.</p></body></html>',
  badGateway:
    '<html><head><title>502 - Web server received an invalid response while acting as a gateway or proxy server.</title></head><body><h1>Server Error</h1><h2>502 - Web server received an invalid response while acting as a gateway or proxy server.</h2></body></html>',
  notFound:
    '<html><head><title>404 Web Site not found.</title></head><body><h1>404 Web Site not found.</h1></body></html>',
  failed: "<html><head><title>500</title></head><body><h1>The simulator's front door failed.</h1></body></html>",
};
