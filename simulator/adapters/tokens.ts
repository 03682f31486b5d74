import { exportJWK, generateKeyPair, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose';
import { messageOf } from '../../src/errors.ts';
import type { Principal } from '../model/world.ts';

/** An access token and how long it is good for, in real seconds, as its client must know it. */
interface IssuedToken {
  readonly token: string;
  readonly expiresIn: number;
  /** Seconds since the epoch, real time. */
  readonly expiresOn: number;
}

export interface Tokens {
  issue(principal: Principal, audience: string): Promise<IssuedToken>;
  /** Client id and audience of a token that we signed and that is still good; otherwise why it is not. */
  verify(token: string): Promise<{ clientId: string; audience: string } | { refused: string }>;
  readonly keys: JSONWebKeySet;
  readonly issuer: string;
}

/** Lifetime of an application's token in simulated seconds. https://learn.microsoft.com/entra/identity-platform/access-tokens */
const LIFETIME_SECONDS = 3600;
/** However fast time runs, a token outlives the request it was asked for. */
const SHORTEST_REAL_SECONDS = 10;
const KEY_ID = 'simulated-entra';

/**
 * Issues and checks the access tokens of the simulated Entra tenant. Tokens carry real time, because clients compare
 * it with their own clock; they live a simulated hour, that is a real one divided by `timeScale`.
 */
export async function makeTokens(tenantId: string, timeScale: number): Promise<Tokens> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const issuer = `https://sts.windows.net/${tenantId}/`;
  const lifetime = Math.max(Math.floor(LIFETIME_SECONDS / timeScale), SHORTEST_REAL_SECONDS);
  return {
    issuer,
    keys: { keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, use: 'sig', alg: 'RS256' }] },
    async issue(principal, audience) {
      const issuedAt = Math.floor(Date.now() / 1000);
      const expiresOn = issuedAt + lifetime;
      const token = await new SignJWT({
        appid: principal.clientId,
        appidacr: '1',
        idp: issuer,
        idtyp: 'app',
        oid: principal.objectId,
        tid: tenantId,
        ver: '1.0',
      })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: KEY_ID })
        .setIssuer(issuer)
        .setSubject(principal.objectId)
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt)
        .setExpirationTime(expiresOn)
        .sign(privateKey);
      return { token, expiresIn: lifetime, expiresOn };
    },
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, publicKey, { issuer });
        return { clientId: String(payload.appid), audience: String(payload.aud) };
      } catch (error) {
        return { refused: messageOf(error) };
      }
    },
  };
}
