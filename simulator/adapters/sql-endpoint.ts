import { type ContentEngine, contentEngine } from '../content/engine.ts';
import { contentStore } from '../content/store.ts';
import { isSessionOpen } from '../model/sql/sessions.ts';
import type { World } from '../model/world.ts';
import { sqlHandler } from '../tds/handler.ts';
import type { TdsHandler } from '../tds/handler-contract.ts';
import { startTds } from '../tds/server.ts';
import { clientOfToken, SQL_AUDIENCES } from './bearer.ts';
import type { Certificates } from './certificates.ts';
import type { RunningWorld } from './running-world.ts';
import type { Tokens } from './tokens.ts';
import { type UnmodelledRequests, whatIsNotModelled } from './unmodelled.ts';

interface SqlEndpointParts {
  readonly certificates: Certificates;
  readonly tokens: Tokens;
  readonly unmodelled: UnmodelledRequests;
  readonly callers: Readonly<Record<string, string>>;
  /** Where clients are sent for a token. */
  readonly authority: string;
}

/** The SQL server's listeners, and what its databases hold. */
export interface SqlEndpoint {
  /** For everybody. */
  readonly port: number;
  /** For apps: a client that connects here has an address of Azure's. */
  readonly insidePort: number;
  /** Puts a world behind the listeners. */
  serve(world: RunningWorld): void;
  /** Runs a script in a database, as its owner. Throws the first error. */
  run(database: string, script: string): void;
  close(): Promise<void>;
}

/** An outbound address of the simulated App Service; the rule `AllowAllWindowsAzureIps` lets it in. */
const APP_SERVICE_ADDRESS = '20.50.2.1';
/** The error that a defect of the simulator shows as; SQL Server gives it to errors that users raise. */
const DEFECT = 50_000;
/** The session of scripts that the simulator runs itself; clients' sessions begin at 51. */
const OWN_SESSION = 1;

interface Behind {
  readonly world: RunningWorld;
  readonly engine: ContentEngine;
}

/** Opens the SQL server's listeners. They answer once a world is behind them. */
export async function openSql(parts: SqlEndpointParts): Promise<SqlEndpoint> {
  let behind: Behind | undefined;
  const served = () => {
    if (behind === undefined) throw new Error('The SQL server was asked before there was a world.');
    return behind;
  };
  const listen = (addressOf: (address: string) => string) =>
    startTds({
      tls: { key: parts.certificates.key, cert: parts.certificates.cert + parts.certificates.ca },
      authority: parts.authority,
      handler: handlerOf(parts, served, addressOf),
    });
  const servers = await Promise.all([
    listen((address) => parts.callers[address] ?? address),
    listen(() => APP_SERVICE_ADDRESS),
  ]);
  const [outside, inside] = servers;
  return {
    port: outside.port,
    insidePort: inside.port,
    serve(world) {
      behind = { world, engine: openEngine(world) };
      world.onChange(() => {
        for (const server of servers) server.sweep((session) => world.read((state) => isSessionOpen(state, session)));
      });
    },
    run: (database, script) => runScript(served(), database, script),
    async close() {
      await Promise.all(servers.map((server) => server.close()));
      behind?.engine.close();
    },
  };
}

/** The handler of model and content; what fails in it is noted, and heard by the client as an error. */
function handlerOf(parts: SqlEndpointParts, served: () => Behind, addressOf: (address: string) => string): TdsHandler {
  const backend = {
    change: <T>(act: (world: World, now: number) => T) => served().world.change(act),
    get engine() {
      return served().engine;
    },
    clientOf: (token: string) => clientOfToken(parts.tokens, token, SQL_AUDIENCES),
    addressOf: (login: { readonly remoteAddress: string }) => addressOf(login.remoteAddress),
    onUnmodelled: parts.unmodelled.note,
  };
  return {
    login: (request) => sqlHandler(backend).login(request),
    reset: (sessionId) => sqlHandler(backend).reset(sessionId),
    logout: (sessionId) => sqlHandler(backend).logout(sessionId),
    statement: async (sessionId, sql, parameters, signal) => {
      try {
        return await sqlHandler(backend).statement(sessionId, sql, parameters, signal);
      } catch (error) {
        const message = whatIsNotModelled(error, sql);
        parts.unmodelled.note(message);
        return { parts: [{ kind: 'fault', number: DEFECT, message, class: 16, state: 1 }], openTransactions: 0 };
      }
    },
  };
}

function openEngine(world: RunningWorld): ContentEngine {
  return contentEngine(contentStore((contentId) => world.read(({ sql }) => sql.contents[contentId]?.from)));
}

function runScript(to: Behind, database: string, script: string): void {
  if (script.trim() === '') return;
  const found = to.world.read(({ sql }) =>
    Object.values(sql.servers)
      .map((server) => server.databases[database.toLowerCase()])
      .find((each) => each !== undefined),
  );
  if (found === undefined) throw new Error(`There is no database ${database} to run the seed script in.`);
  const owner = { login: 'sa', user: 'dbo', hostName: 'simulator', programName: 'seed' };
  const caller = { ...owner, sessionId: OWN_SESSION, database: found.name, isReadOnly: found.isReadOnly };
  const { parts } = to.engine.runNow(found.contentId, caller, script, undefined, to.world.now());
  to.engine.end(OWN_SESSION);
  for (const part of parts) if (part.kind === 'fault') throw new Error(`The seed script failed: ${part.message}`);
}
