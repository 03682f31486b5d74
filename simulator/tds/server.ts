import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { Connection, type TdsOptions } from './connection.ts';

export interface TdsServer {
  readonly port: number;
  /** Ends the connections whose session `isOpen` denies: sessions that were killed. */
  sweep(isOpen: (sessionId: number) => boolean): void;
  close(): Promise<void>;
}

/** Listens for SQL Server clients (TDS 7.4 with TLS 1.2, and TDS 8) on 127.0.0.1; port 0 lets the system choose. */
export async function startTds(options: TdsOptions & { readonly port?: number }): Promise<TdsServer> {
  const connections = new Set<Connection>();
  const server = createServer((socket) => {
    const connection = new Connection(socket, options);
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    sweep(isOpen) {
      for (const connection of connections) {
        if (connection.sessionId !== undefined && !isOpen(connection.sessionId)) connection.close();
      }
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of connections) connection.close();
      await closed;
    },
  };
}
