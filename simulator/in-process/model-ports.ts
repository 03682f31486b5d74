import { gunzipSync } from 'fflate';
import {
  type Log,
  type Ports,
  type RunCommand,
  type SqlConnection,
  SqlError,
  type SqlTarget,
} from '../../src/ports.ts';
import { request } from '../model/model.ts';
import { contentStatement } from '../model/sql/content-statement.ts';
import { inOneAnswer } from '../model/sql/faults.ts';
import { certificateCovers, serverAt } from '../model/sql/names.ts';
import { login, logout, rowObjects, statement } from '../model/sql/sessions.ts';
import type { SqlFault } from '../model/sql/state.ts';
import type { ModelResponse, World } from '../model/world.ts';
import { asAsked, bytesOf } from './files.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** The model's Azure as the action's three ports, in virtual time: no process, no network. */
interface ModelPortsOptions {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly clientId: string;
  readonly run: RunCommand;
  readonly log: Log;
  /** The runner's address as Azure sees it. */
  readonly from?: string | undefined;
  /** How long a request takes, there and back. */
  readonly latencyMs?: number | undefined;
}

const LATENCY_MS = 40;
/** How long a request without a timeout of its own may take: that of src/system/http.ts. */
const LONGEST_MS = 900_000;

export function modelPorts(options: ModelPortsOptions): Ports {
  const { world, clock, clientId, run, log, from = '203.0.113.7', latencyMs = LATENCY_MS } = options;
  return {
    clock,
    run,
    log,
    async send(asked, signal) {
      await clock.sleep(latencyMs, signal);
      const token = asked.headers.authorization?.replace(/^Bearer /, '');
      const sent = await bytesOf(asked.body);
      const answer: ModelResponse = request(
        world,
        {
          method: asked.method,
          url: asked.url,
          headers: asked.headers,
          from,
          ...(sent ? { body: sent } : {}),
          ...(token ? { clientId: token } : {}),
        },
        clock.now(),
      );
      if (answer.delayMs) await clock.sleep(answer.delayMs, signal);
      if (answer.endless && asked.readAtMost) await clock.sleep(asked.readAtMost.ms, signal);
      else if (answer.endless) await giveUp(clock, asked.timeoutMs, signal);
      // As fetch does: the body is given as it was before it was compressed, the headers as they were sent.
      const body = answer.headers['content-encoding'] === 'gzip' ? gunzipSync(answer.body) : answer.body;
      return asAsked(asked, { status: answer.status, headers: answer.headers, body });
    },
    sql: { connect: (target) => connect({ world, clock, clientId, from, latencyMs }, target) },
  };
}

/** What src/system/http.ts does with an answer that does not end. */
async function giveUp(clock: VirtualClock, timeoutMs = LONGEST_MS, signal?: AbortSignal): Promise<never> {
  await clock.sleep(timeoutMs, signal);
  throw new Error(`no answer within ${timeoutMs} ms`);
}

type Way = Required<Pick<ModelPortsOptions, 'world' | 'clock' | 'clientId'>> & { from: string; latencyMs: number };

async function connect({ world, clock, clientId, from, latencyMs }: Way, target: SqlTarget): Promise<SqlConnection> {
  await clock.sleep(latencyMs);
  const server = serverAt(world, target.host);
  if (server !== undefined && !certificateCovers(server, target.host)) {
    const names = `Host: ${target.host}. is not in the cert's altnames: DNS:*.database.windows.net`;
    throw new SqlError(0, `Hostname/IP does not match certificate's altnames: ${names}`, {
      noConnection: 'certificate',
    });
  }
  const who = target.login.kind === 'password' ? target.login : { clientId };
  const opened = login(
    world,
    {
      host: target.host,
      database: target.database,
      from,
      hostName: 'runner',
      programName: target.programName,
      hostProcessId: 4711,
      // tedious speaks TLS 1.2 at most, unless it is told to be strict (TDS 8): lib/message-io.js
      tls: target.encrypt === 'strict' ? '1.3' : '1.2',
      ...('user' in who ? { user: who.user, password: who.password } : { clientId: who.clientId }),
    },
    clock.now(),
  );
  if (opened.kind === 'fault') throw errorOf(opened);
  const { sessionId } = opened;
  return {
    async query(sql, parameters = {}) {
      await clock.sleep(latencyMs);
      const result = statement(world, sessionId, sql, parameters, clock.now());
      if (result.kind === 'fault') throw errorOf(result);
      if (result.kind === 'rows') return rowObjects(result);
      const content = contentStatement(world, result.contentId, sql, parameters, target.programName, clock.now());
      if (content.kind === 'fault') throw errorOf(content);
      return content.kind === 'rows' ? rowObjects(content) : [];
    },
    async close() {
      logout(world, sessionId, clock.now());
    },
  };
}

/** Faults of class 20 and above end the connection, as with a real server. */
function errorOf(fault: SqlFault): SqlError {
  const all = inOneAnswer(fault);
  const numbers = all.map(({ number }) => number);
  return new SqlError(numbers, all.map(({ message }) => message).join('; '));
}
