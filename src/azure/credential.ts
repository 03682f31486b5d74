import type { TokenCredential } from '@azure/core-auth';
import { Stop } from '../errors.ts';
import type { Log } from '../ports.ts';

/** Tokens are masked before anything else sees them (safety rule 11). */
export function maskedCredential(credential: TokenCredential, log: Log): TokenCredential {
  const known = new Set<string>();
  return {
    async getToken(scopes, options) {
      const token = await credential.getToken(scopes, options);
      if (token && !known.has(token.token)) {
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
