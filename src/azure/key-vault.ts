import type { HttpResponse, Send } from '../ports.ts';
import type { Arm } from './arm.ts';
import { azureSaid, saidBy } from './failure.ts';
import { sendPatiently } from './retry.ts';

/** What a secret is, or why it could not be read. */
export type SecretLook =
  | { readonly value: string; readonly why?: never }
  | {
      readonly value?: never;
      readonly why: SecretUnread;
      /** Azure's words, '' where it was not asked. */
      readonly said: string;
    };

/**
 * `not-understood`: no reference that App Service reads. `other-cloud`: the vault is not one of this cloud's. `no-secret`: the vault has
 * none of that name and version. `disabled`: it has, and gives it to nobody. `no-right`, `network`: not to this identity, or not
 * where this runner is. `other-tenant`: the vault belongs to another one. `no-answer`: nobody answers at its name.
 */
export type SecretUnread =
  | 'not-understood'
  | 'other-cloud'
  | 'no-secret'
  | 'disabled'
  | 'no-right'
  | 'network'
  | 'other-tenant'
  | 'no-answer';

export interface WantedSecret {
  /** Such as `shop.vault.azure.net`. */
  readonly host: string;
  readonly secret: string;
  readonly version?: string | undefined;
}

/**
 * Reads a secret as the identity of the run; it is masked before it is returned. The token goes to vaults of this cloud only.
 * Never rejects but for a cancelled run: what cannot be read is an answer.
 * https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret
 */
export async function readSecret(arm: Arm, send: Send, wanted: WantedSecret): Promise<SecretLook> {
  const { host, secret, version } = wanted;
  if (!host.toLowerCase().endsWith(`.${arm.cloud.vaultSuffix}`)) return { why: 'other-cloud', said: '' };
  const what = `read secret ${secret} of vault ${host.split('.')[0]}`;
  const url = `https://${host}/secrets/${secret}${version === undefined ? '' : `/${version}`}?api-version=${VERSION}`;
  try {
    const authorization = `Bearer ${await arm.token(`https://${arm.cloud.vaultSuffix}/.default`)}`;
    const headers = { accept: 'application/json', authorization };
    const { response } = await sendPatiently(
      arm.clock,
      arm.log,
      { what, repeat: 'read', signal: arm.signal },
      async () => ({
        response: await send({ method: 'GET', url, headers, timeoutMs: 30_000 }, arm.signal),
      }),
    );
    return lookOf(arm, response);
  } catch (error) {
    arm.signal?.throwIfAborted();
    return { why: 'no-answer', said: azureSaid(error)?.message ?? String(error) };
  }
}

const VERSION = '7.4';

function lookOf(arm: Arm, response: HttpResponse): SecretLook {
  const body = jsonOf(response);
  if (response.status === 200 && typeof body.value === 'string') {
    if (!HARMLESS.test(body.value)) arm.log.secret(body.value);
    return { value: body.value };
  }
  return { why: whyOf(response), said: saidBy(response).message };
}

/** To mask these would hide words of our own log. */
const HARMLESS = /^(|true|false|\d{1,3})$/i;

/** https://learn.microsoft.com/azure/key-vault/general/rest-error-codes */
function whyOf(response: HttpResponse): SecretUnread {
  const text = new TextDecoder().decode(response.body);
  if (response.status === 404) return 'no-secret';
  if (response.status === 401) return 'other-tenant';
  if (/ForbiddenByFirewall|ForbiddenByConnection/.test(text)) return 'network';
  if (/SecretDisabled|not enabled|is disabled/i.test(text)) return 'disabled';
  return response.status === 403 ? 'no-right' : 'no-answer';
}

function jsonOf({ body }: HttpResponse): { readonly value?: unknown } {
  try {
    return Object(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    return {};
  }
}
