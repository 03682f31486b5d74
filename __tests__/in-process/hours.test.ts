import type { AccessToken, TokenCredential } from '@azure/core-auth';
import { expect, test } from '@jest/globals';
import { EPOCH } from '../../simulator/model/create-world.ts';
import type { Ports } from '../../src/ports.ts';
import { begin, databaseLines, databases, production, type Trial } from './trial.ts';

const HOUR_MS = 3_600_000;
const LONG_COPY = { durations: { copy: 2.5 * HOUR_MS } };
const ENDED = { code: 'ExpiredAuthenticationToken', message: 'The access token expiry UTC time is earlier than now.' };

/**
 * Tokens live an hour of virtual time, and Azure takes none that has ended, by its own clock. The n-th may be refused instead
 * of given.
 */
function hourlyTokens({ refuseFrom = Number.POSITIVE_INFINITY, azureAheadMs = 0 } = {}) {
  let now = () => EPOCH;
  const endOf = new Map<string, number>();
  const seen = { asked: 0, refused: 0 };
  const credential: TokenCredential = {
    async getToken() {
      if (++seen.asked >= refuseFrom) {
        const message = 'AADSTS700024: Client assertion is not within its valid time range.';
        throw Object.assign(new Error(message), { name: 'AuthenticationError' });
      }
      const token = `token-${seen.asked}`;
      const end = now() + HOUR_MS;
      endOf.set(token, end);
      const given: AccessToken = {
        token,
        // The clients compare it with the clock of this machine, in which no time passes.
        get expiresOnTimestamp() {
          return Date.now() + end - now();
        },
      };
      return given;
    },
  };
  const around =
    (clientId: () => string) =>
    (ports: Ports): Ports => {
      now = ports.clock.now;
      return {
        ...ports,
        async send(request, signal) {
          const token = request.headers.authorization?.replace('Bearer ', '');
          if (token === undefined) return ports.send(request, signal);
          if ((endOf.get(token) ?? 0) > now() + azureAheadMs) {
            return ports.send(
              { ...request, headers: { ...request.headers, authorization: `Bearer ${clientId()}` } },
              signal,
            );
          }
          seen.refused++;
          const body = new TextEncoder().encode(JSON.stringify({ error: ENDED }));
          return { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' }, body };
        },
      };
    };
  return { seen, credential, around };
}

function beginWith(tokens: ReturnType<typeof hourlyTokens>, of?: Trial): Trial {
  const { credential, around } = tokens;
  const clientId = () => Object.keys(trial.world.principals)[0] ?? '';
  const about = { credential, around: around(clientId), ...(of ? { world: of.world, clock: of.clock } : {}) };
  const trial: Trial = begin({ ...LONG_COPY }, about);
  return trial;
}

test('a copy that outlives its token goes on with a new one, and Azure never sees one that has ended', async () => {
  const tokens = hourlyTokens();
  const trial = beginWith(tokens);
  await trial.through('clone');
  expect(tokens.seen.asked).toBeGreaterThanOrEqual(3);
  expect(tokens.seen.refused).toBe(0);
  expect(databaseLines(trial)).toEqual(['shop READ_WRITE schema 1', 'shop-zdd-<id> READ_ONLY schema 1']);
});

test('a token that ends early, because Azure is ahead of the runner, is replaced at its first refusal', async () => {
  const tokens = hourlyTokens({ azureAheadMs: 10 * 60_000 });
  const trial = beginWith(tokens);
  await trial.through('clone');
  expect(tokens.seen.refused).toBeGreaterThan(0);
  expect(databaseLines(trial)).toEqual(['shop READ_WRITE schema 1', 'shop-zdd-<id> READ_ONLY schema 1']);
});

test('an assertion that has expired half-way ends red, says so, and leaves visitors and the copy alone', async () => {
  const trial = beginWith(hourlyTokens({ refuseFrom: 2 }));
  const { failure } = await trial.run('clone');
  expect(failure?.kind).toBe('failed');
  expect(failure?.happened).toMatch(/sign-in was refused \(AADSTS700024: Client assertion is not within/);
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
  const copies = databases(trial).map(({ databaseId }) => databaseId);
  const again = beginWith(hourlyTokens(), trial);
  await again.through('clone');
  expect(databases(again).map(({ databaseId }) => databaseId)).toEqual(copies);
});

test('an assertion that has expired at the start ends red, and nothing was touched', async () => {
  const trial = beginWith(hourlyTokens({ refuseFrom: 1 }));
  const { failure } = await trial.run('clone');
  expect(failure?.happened).toMatch(/sign-in was refused \(AADSTS700024/);
  expect(databaseLines(trial)).toEqual(['shop READ_WRITE schema 1']);
});
