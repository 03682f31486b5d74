import type { AccessToken, TokenCredential } from '@azure/core-auth';
import { Stop } from '../errors.ts';
import type { Log } from '../ports.ts';

/**
 * Tokens are masked before anything else sees them (safety rule 11). While a token is good, a new one that cannot be had
 * is no failure: the clients fetch it ahead of time, beside a request and awaited by nobody, and repeat that until the
 * old one has expired. After a cancellation that would keep the process alive, and end it with an unhandled rejection.
 */
export function maskedCredential(credential: TokenCredential, log: Log): TokenCredential {
  const known = new Set<string>();
  const latest = new Map<string, AccessToken>();
  return {
    async getToken(scopes, options) {
      const of = [scopes].flat().join(' ');
      const token = await credential.getToken(scopes, options).catch((error: unknown) => {
        const last = latest.get(of);
        if (last && last.expiresOnTimestamp > Date.now()) return last;
        throw error;
      });
      if (token === null) return null;
      latest.set(of, token);
      if (!known.has(token.token)) {
        known.add(token.token);
        log.secret(token.token);
      }
      return token;
    },
  };
}

export async function tokenFor(credential: TokenCredential, scope: string): Promise<string> {
  const token = await credential.getToken(scope);
  if (token) return token.token;
  throw new Stop('failed', `The sign-in gave no token for ${scope}.`, 'Check the identity and its tenant.');
}
