import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { messageOf } from '../../src/errors.ts';
import type { Principal } from '../model/world.ts';

/** The keys of an OpenID issuer whose assertions may stand for a client: the key set itself, or where it is read. */
export type IssuerKeys = JSONWebKeySet | string;

/** Why Entra refuses: its code and text. https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
export interface Refusal {
  readonly code: number;
  readonly text: string;
}

/**
 * Checks a client assertion against the federated credentials of a principal: issuer, subject and audience equal to
 * one of them, signed by that issuer, and within its time. Answers undefined when it is good.
 */
export async function refuseAssertion(
  assertion: string,
  principal: Principal,
  issuers: ReadonlyMap<string, IssuerKeys>,
): Promise<Refusal | undefined> {
  let claims: ReturnType<typeof decodeJwt>;
  try {
    claims = decodeJwt(assertion);
  } catch {
    return { code: 50027, text: 'JWT token is invalid or malformed.' };
  }
  const { iss = '', sub = '' } = claims;
  const audiences = [claims.aud ?? []].flat();
  const sameIssuer = principal.federated.filter((credential) => credential.issuer === iss);
  if (sameIssuer.length === 0) return noRecord(700211, 'issuer', iss);
  const sameSubject = sameIssuer.filter((credential) => credential.subject === sub);
  if (sameSubject.length === 0) return noRecord(700213, 'subject', sub);
  if (!sameSubject.some((credential) => audiences.includes(credential.audience))) {
    return noRecord(700212, 'audience', audiences.join(' '));
  }
  const keys = issuers.get(iss);
  if (keys === undefined) {
    return { code: 50166, text: `The keys of issuer '${iss}' were not given to the simulator.` };
  }
  return refuseSignature(assertion, keys);
}

async function refuseSignature(assertion: string, keys: IssuerKeys): Promise<Refusal | undefined> {
  try {
    if (typeof keys === 'string') await jwtVerify(assertion, createRemoteJWKSet(new URL(keys)));
    else await jwtVerify(assertion, createLocalJWKSet(keys));
    return undefined;
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      return { code: 700024, text: `Client assertion is not within its valid time range. ${error.message}` };
    }
    const reason = messageOf(error);
    return { code: 700027, text: `The certificate or key used to sign the assertion is not registered. ${reason}` };
  }
}

function noRecord(code: number, what: string, presented: string): Refusal {
  return { code, text: `No matching federated identity record found for presented assertion ${what} '${presented}'.` };
}
