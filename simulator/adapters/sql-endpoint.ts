import type { SqlValue } from '../../src/ports.ts';
import { contentStatement } from '../model/sql/content-statement.ts';
import { isSessionOpen, login, logout, statement } from '../model/sql/sessions.ts';
import type { TdsHandler, TdsLogin, TdsOutcome } from '../tds/handler-contract.ts';
import { startTds } from '../tds/server.ts';
import { clientOfToken, SQL_AUDIENCES } from './bearer.ts';
import type { Certificates } from './certificates.ts';
import type { RunningWorld } from './running-world.ts';
import type { Tokens } from './tokens.ts';
import { type UnmodelledRequests, whatIsNotModelled } from './unmodelled.ts';

export interface SqlEndpointParts {
  readonly certificates: Certificates;
  readonly directory: string;
  readonly tokens: Tokens;
  readonly unmodelled: UnmodelledRequests;
  readonly callers: Readonly<Record<string, string>>;
  /** Where clients are sent for a token. */
  readonly authority: string;
}

/** The SQL server's listeners. */
export interface SqlEndpoint {
  /** For everybody. */
  readonly port: number;
  /** For apps: whoever comes here comes from an address of Azure's. */
  readonly insidePort: number;
  /** Puts a world behind the listeners. */
  serve(world: RunningWorld): void;
  /** Runs a script in a database, as its owner. */
  run(database: string, script: string): Promise<void>;
  close(): Promise<void>;
}

/** An outbound address of the simulated App Service; the rule `AllowAllWindowsAzureIps` lets it in. */
const APP_SERVICE_ADDRESS = '20.50.2.1';

export async function openSql(parts: SqlEndpointParts): Promise<SqlEndpoint> {
  let running: RunningWorld | undefined;
  const world = (): RunningWorld => {
    if (running === undefined) throw new Error('The SQL server was asked before there was a world.');
    return running;
  };
  const tls = { key: parts.certificates.key, cert: parts.certificates.cert + parts.certificates.ca };
  const listen = (from: (address: string) => string) =>
    startTds({ tls, handler: handlerOf(parts, world, from), authority: parts.authority });
  const [outside, inside] = await Promise.all([
    listen((address) => parts.callers[address] ?? address),
    listen(() => APP_SERVICE_ADDRESS),
  ]);
  return {
    port: outside.port,
    insidePort: inside.port,
    serve(served) {
      running = served;
      served.onChange(() => {
        for (const server of [outside, inside]) {
          server.sweep((sessionId) => served.read((state) => isSessionOpen(state, sessionId)));
        }
      });
    },
    run: async () => {},
    close: async () => {
      await Promise.all([outside.close(), inside.close()]);
    },
  };
}

function handlerOf(parts: SqlEndpointParts, world: () => RunningWorld, from: (address: string) => string): TdsHandler {
  return {
    async login(request) {
      const identity = await identityOf(parts.tokens, request);
      const { host, database, hostName, programName, hostProcessId } = request;
      const opened = world().change((state, now) =>
        login(
          state,
          { host, database, hostName, programName, hostProcessId, from: from(request.remoteAddress), ...identity },
          now,
        ),
      );
      return opened.kind === 'fault' ? opened : { ...opened, database: database || 'master', server: host };
    },
    async statement(sessionId, sql, parameters): Promise<TdsOutcome> {
      try {
        const values = parameters as Readonly<Record<string, SqlValue>>;
        return world().change((state, now) => {
          const answer = statement(state, sessionId, sql, values, now);
          const part =
            answer.kind === 'content'
              ? contentStatement(state, answer.contentId, sql, values, String(sessionId), now)
              : answer;
          return { parts: part.kind === 'content' ? [] : [part], openTransactions: 0 };
        });
      } catch (error) {
        const message = whatIsNotModelled(error, sql);
        parts.unmodelled.note(message);
        return { parts: [{ kind: 'fault', number: 50_501, message, class: 16, state: 1 }], openTransactions: 0 };
      }
    },
    reset() {},
    logout(sessionId) {
      world().change((state, now) => logout(state, sessionId, now));
    },
  };
}

/** A token that is not ours or not good leaves the caller without an identity, which the login then refuses. */
async function identityOf(tokens: Tokens, { token, user, password }: TdsLogin) {
  if (token === undefined) return { user, password };
  const client = await clientOfToken(tokens, token, SQL_AUDIENCES);
  return 'refused' in client ? { clientId: '' } : client;
}
