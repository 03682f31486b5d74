import { asAsked, bytesOf } from '../../simulator/in-process/files.ts';
import { createWorld, EPOCH, type WorldOptions } from '../../simulator/model/create-world.ts';
import { advance, request } from '../../simulator/model/model.ts';
import { contentStatement } from '../../simulator/model/sql/content-statement.ts';
import { login, logout, rowObjects, statement } from '../../simulator/model/sql/sessions.ts';
import type { World } from '../../simulator/model/world.ts';
import { type Clock, type Send, type Sql, type SqlConnection, SqlError } from '../../src/ports.ts';

export interface SimulatedPorts {
  readonly world: World;
  readonly send: Send;
  readonly sql: Sql;
  readonly clock: Clock;
}

/** Where our requests come from, as Azure sees it. */
export const OUR_ADDRESS = '198.51.100.7';

/** The three ports on a new simulated world, in virtual time: time passes only while somebody sleeps or waits for an answer. */
export function simulatedPorts(options: WorldOptions = {}): SimulatedPorts {
  const world = createWorld(options);
  const [clientId = ''] = Object.keys(world.principals);
  let now = options.now ?? EPOCH;
  const wait = (ms: number) => {
    now += ms;
    advance(world, now);
  };

  const send: Send = async (asked) => {
    const { method, url, headers, body } = asked;
    const bytes = await bytesOf(body);
    const signedIn = headers.authorization === undefined ? {} : { clientId };
    const sent = { method, url, headers, from: OUR_ADDRESS, ...(bytes && { body: bytes }), ...signedIn };
    const answer = request(world, sent, now);
    wait(answer.delayMs ?? 0);
    return asAsked(asked, answer);
  };

  const sql: Sql = {
    async connect({ host, database, login: identity, programName }) {
      const who = identity.kind === 'token' ? { clientId } : { user: identity.user, password: identity.password };
      const from = { from: OUR_ADDRESS, hostName: 'runner', hostProcessId: 7 };
      const opened = login(world, { host, database, programName, ...who, ...from }, now);
      if (opened.kind === 'fault') throw new SqlError(opened.number, opened.message);
      return connection(opened.sessionId);
    },
  };

  const connection = (sessionId: number): SqlConnection => ({
    async query(sentence, parameters = {}) {
      const asked = statement(world, sessionId, sentence, parameters, now);
      const result =
        asked.kind === 'content'
          ? contentStatement(world, asked.contentId, sentence, parameters, 'zdd-action', now)
          : asked;
      if (result.kind === 'fault') throw new SqlError(result.number, result.message);
      if (result.kind === 'content') throw new Error(`Not understood: ${sentence}`);
      return rowObjects(result);
    },
    close: async () => logout(world, sessionId, now),
  });

  return { world, send, sql, clock: { now: () => now, sleep: async (ms) => wait(ms) } };
}
