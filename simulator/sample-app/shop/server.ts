import { createServer, type Server } from 'node:http';
import { openDatabase } from './database.ts';
import type { Edition } from './edition.ts';
import { startHeartbeat } from './heartbeat.ts';
import { answer, answerFailure, type Shop } from './routes.ts';
import { readSettings } from './settings.ts';

/** Opens the shop on `PORT` and closes it in order at SIGTERM: requests under way are answered first. */
export function openShop(edition: Edition): void {
  const settings = readSettings(process.env);
  const database = openDatabase(settings.address, `shop ${edition.version}`);
  const heartbeat = settings.jobs ? startHeartbeat(database, 'app', settings.instance) : undefined;
  const server = shopServer({ edition, settings, database, log: console.error });
  server.listen(settings.port, settings.host, () => {
    console.log(`Shop ${edition.version} listens on ${settings.port}, database ${settings.address.database}.`);
  });
  process.once('SIGTERM', () => {
    heartbeat?.stop();
    server.close(() => {
      database.close();
      process.exit(0);
    });
    server.closeIdleConnections();
  });
}

/** The shop as a server that does not listen yet. */
export function shopServer(shop: Shop): Server {
  const server = createServer((request, response) => {
    answer(shop, request, response).catch((error) => answerFailure(shop, response, error));
  });
  // Longer than any front door keeps an idle connection, so that none is closed under a request.
  server.keepAliveTimeout = 120_000;
  return server;
}
