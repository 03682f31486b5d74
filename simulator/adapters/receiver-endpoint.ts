import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Manner, type Receiver, receiver } from '../model/receiver.ts';

/** A receiver of webhooks on a free port of this machine. */
export async function startReceiver(manner: Manner): Promise<Receiver & { close(): void }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')] as const),
      );
      const reply = own.reply({ headers, body: Buffer.concat(chunks).toString('utf8') });
      if (reply.afterMs !== undefined)
        setTimeout(() => response.writeHead(reply.status, reply.headers).end('ok'), reply.afterMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = receiver(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, manner);
  return {
    ...own,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
