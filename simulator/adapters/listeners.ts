import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificates } from './certificates.ts';

export interface Listener {
  readonly port: number;
  /** Such as `https://localhost:40001`. */
  readonly origin: string;
  /** Such as `localhost:40001`. */
  readonly host: string;
  /** What answers; set once everything it needs exists. Until then requests are refused with 503. */
  answer(handler: RequestListener): void;
  close(): Promise<void>;
}

/** Azure's front ends drop a connection that was idle for 4 minutes; a client's own, shorter limit comes first. */
const IDLE_MS = 240_000;

/** Opens an https listener on the loopback interface, on a port that the system chooses unless one is given. */
export function listenHttps(certificates: Certificates, port = 0): Promise<Listener> {
  const tls = { key: certificates.key, cert: certificates.cert + certificates.ca };
  return listen('https', (handler) => createHttpsServer(tls, handler), port);
}

/** The same without TLS, for the managed identity endpoint, which is plain http in Azure too. */
export function listenHttp(port = 0): Promise<Listener> {
  return listen('http', (handler) => createHttpServer(handler), port);
}

async function listen(scheme: string, create: (handler: RequestListener) => Server, port: number): Promise<Listener> {
  let current: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = create((request, response) => current(request, response));
  server.keepAliveTimeout = IDLE_MS;
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  const opened = (server.address() as AddressInfo).port;
  return {
    port: opened,
    host: `localhost:${opened}`,
    origin: `${scheme}://localhost:${opened}`,
    answer: (handler) => {
      current = handler;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
