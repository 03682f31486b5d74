import type { TokenCredential } from '@azure/core-auth';
import { expect, test } from '@jest/globals';
import { maskedCredential } from '../../src/azure/credential.ts';
import type { Log } from '../../src/ports.ts';

const MINUTE = 60_000;
const SCOPE = 'https://management.azure.com/.default';

/** A sign-in that yields its tokens one after another and then fails. */
function signInOf(...lifetimes: readonly number[]): TokenCredential {
  const left = lifetimes.map((ms, index) => ({ token: `token-${index}`, expiresOnTimestamp: Date.now() + ms }));
  return {
    async getToken() {
      const next = left.shift();
      if (!next) throw new Error('Entra does not answer.');
      return next;
    },
  };
}

function credentialOver(signIn: TokenCredential) {
  const secrets: string[] = [];
  const log: Log = {
    info: () => undefined,
    warning: () => undefined,
    debug: () => undefined,
    group: (_title, body) => body(),
    secret: (value) => void secrets.push(value),
  };
  return { secrets, credential: maskedCredential(signIn, log) };
}

test('every token is masked once, before it is given', async () => {
  const { credential, secrets } = credentialOver(signInOf(MINUTE, MINUTE));
  expect((await credential.getToken(SCOPE))?.token).toBe('token-0');
  expect((await credential.getToken(SCOPE))?.token).toBe('token-1');
  expect((await credential.getToken(SCOPE))?.token).toBe('token-1');
  expect(secrets).toEqual(['token-0', 'token-1']);
});

test('a token that is still good does until a new one can be had, for its own scope', async () => {
  const { credential } = credentialOver(signInOf(MINUTE));
  await credential.getToken(SCOPE);
  expect((await credential.getToken([SCOPE]))?.token).toBe('token-0');
  await expect(credential.getToken('https://database.windows.net/.default')).rejects.toThrow('Entra does not answer.');
});

test('a token that has expired does not', async () => {
  const { credential } = credentialOver(signInOf(-1));
  await credential.getToken(SCOPE);
  await expect(credential.getToken(SCOPE)).rejects.toThrow('Entra does not answer.');
});
