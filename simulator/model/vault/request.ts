import type { Answer } from '../arm/answer.ts';
import { NoSuchHost } from '../no-such-host.ts';
import { type ModelRequest, Unmodelled, type World } from '../world.ts';
import { mayRead, versionOf } from './references.ts';

const HOST = /^([a-z0-9-]+)\.vault\.azure\.net$/;

export function isVaultHost(host: string): boolean {
  return HOST.test(host);
}

/**
 * The data plane of a vault: `GET /secrets/{name}[/{version}]`. Who may come is asked before who may read.
 * https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret, …/azure/key-vault/general/rest-error-codes
 */
export function vaultRequest(world: World, host: string, asked: ModelRequest, url: URL): Answer {
  const vault = world.vaults?.[HOST.exec(host)?.[1] ?? ''];
  if (vault === undefined) throw new NoSuchHost(host);
  const [, secret, version] = /^\/secrets\/([\w-]+)(?:\/(\w+))?\/?$/.exec(url.pathname) ?? [];
  if (asked.method !== 'GET' || secret === undefined || !/^\d+\.\d+$/.test(url.searchParams.get('api-version') ?? '')) {
    throw new Unmodelled(`${asked.method} ${asked.url}`);
  }
  if (vault.isForeign) return refused(401, 'Unauthorized', 'AKV10032: Invalid issuer. Expected one of another tenant.');
  if (asked.clientId === undefined) return refused(401, 'Unauthorized', 'AKV10000: Request is missing a Bearer token.');
  if (vault.network === 'firewall' || (vault.network === 'private' && !asked.from.startsWith('10.'))) {
    const [code, said] =
      vault.network === 'private'
        ? ['ForbiddenByConnection', 'Public network access is disabled and request is not from a trusted service.']
        : ['ForbiddenByFirewall', `Client address is not authorized. Client address: ${asked.from}`];
    return refused(403, 'Forbidden', said ?? '', code);
  }
  if (!mayRead(vault, asked.clientId)) {
    const said = 'Caller is not authorized to perform action on resource. Action: getSecret.';
    return refused(403, 'Forbidden', said, 'ForbiddenByRbac');
  }
  const found = versionOf(vault, secret, version);
  if (found === undefined) {
    return refused(404, 'SecretNotFound', `A secret with (name/id) ${secret} was not found in this key vault.`);
  }
  if (found.isDisabled) {
    return refused(403, 'Forbidden', 'Operation get is not allowed on a disabled secret.', 'SecretDisabled');
  }
  const id = `https://${host}/secrets/${secret}/${found.id}`;
  return { status: 200, body: { value: found.value, id, attributes: { enabled: true, recoveryLevel: 'Recoverable' } } };
}

function refused(status: number, code: string, message: string, inner?: string): Answer {
  const error = { code, message, ...(inner !== undefined && { innererror: { code: inner } }) };
  const headers = {
    'www-authenticate':
      'Bearer authorization="https://login.microsoftonline.com/x", resource="https://vault.azure.net"',
  };
  return { status, ...(status === 401 && { headers }), body: { error } };
}
