import { Stop } from '../errors.ts';
import type { HttpRequest, HttpResponse, Send } from '../ports.ts';
import type { Arm } from './arm.ts';
import { sendPatiently } from './retry.ts';

/** An image that a registry is asked for. */
export interface Wanted {
  /** As people wrote it, for sentences. */
  readonly named: string;
  /** Where the registry answers, such as `shop.azurecr.io`. */
  readonly host: string;
  /** Such as `team/shop`. */
  readonly repository: string;
  /** A tag or a digest. */
  readonly reference: string;
}

export interface RegistryLogin {
  readonly user: string;
  readonly password: string;
}

/**
 * Asks the registry which image a name means now. With the login where there is one; an Azure Container Registry otherwise as
 * the identity of the run (role AcrPull), and everything else as anybody. Only reads.
 * https://distribution.github.io/distribution/spec/api/#pulling-an-image-manifest
 * @returns the digest, `sha256:…`.
 * @throws Stop `failed` when the registry cannot be reached, lets nobody in, or has no such image.
 */
export async function imageDigest(
  arm: Arm,
  send: Send,
  wanted: Wanted,
  login: RegistryLogin | undefined,
): Promise<string> {
  const ask = asking(arm, send, wanted);
  const url = `https://${wanted.host}/v2/${wanted.repository}/manifests/${wanted.reference}`;
  const head = (authorization?: string) =>
    ask({ method: 'HEAD', url, headers: { accept: MANIFESTS, ...(authorization && { authorization }) } });
  const first = await head();
  if (first.status !== 401) return digestIn(wanted, first);
  for (const authorization of await authorizations(arm, ask, wanted, login, first)) {
    const answer = await head(authorization);
    if (answer.status !== 401 && answer.status !== 403) return digestIn(wanted, answer);
  }
  throw unknown(wanted, 'its registry lets in neither this run nor anybody');
}

/** Single images and lists of them for several platforms: a name means the list, where there is one. */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

type Ask = (request: HttpRequest) => Promise<HttpResponse>;

function asking({ clock, log, signal }: Arm, send: Send, wanted: Wanted): Ask {
  const what = `ask the registry ${wanted.host} for ${wanted.named}`;
  return async (request) => {
    const once = async () => ({ response: await send({ ...request, timeoutMs: 30_000 }, signal) });
    const { response } = await sendPatiently(clock, log, { what, repeat: 'read', signal }, once);
    return response;
  };
}

function digestIn(wanted: Wanted, { status, headers }: HttpResponse): string {
  const digest = headers['docker-content-digest'];
  if (status === 200 && digest !== undefined && /^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  if (status === 404) throw notThere(wanted);
  throw unknown(wanted, `its registry answered ${status}`);
}

/** Ways in, each tried when the one before is refused. https://distribution.github.io/distribution/spec/auth/token/ */
async function authorizations(
  arm: Arm,
  ask: Ask,
  wanted: Wanted,
  login: RegistryLogin | undefined,
  refused: HttpResponse,
): Promise<readonly string[]> {
  const basic = login && `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
  if (basic) arm.log.secret(basic.slice('Basic '.length));
  const challenge = refused.headers['www-authenticate'] ?? '';
  if (!/^Bearer /i.test(challenge)) return basic ? [basic] : [];
  const { realm, service = wanted.host } = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
  if (realm === undefined || !/^https:/i.test(realm) || !URL.canParse(realm)) return [];
  const at = new URL(realm);
  at.searchParams.set('service', service);
  at.searchParams.set('scope', scopeOf(wanted));
  const request = (headers: HttpRequest['headers']) => ask({ method: 'GET', url: at.href, headers });
  const tokens = basic
    ? [tokenIn(await request({ authorization: basic }))]
    : [isAzure(wanted.host) ? await azureToken(arm, ask, wanted) : undefined, tokenIn(await request({}))];
  const found = tokens.filter((token) => token !== undefined);
  for (const token of found) arm.log.secret(token);
  return found.map((token) => `Bearer ${token}`);
}

/** Nobody else is handed a token of Entra. Public cloud, government, China. */
function isAzure(host: string): boolean {
  return /^[a-z0-9-]+\.azurecr\.(io|us|cn)$/.test(host);
}

/** https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md */
async function azureToken(arm: Arm, ask: Ask, { host, ...wanted }: Wanted): Promise<string | undefined> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const post = (path: string, form: Record<string, string>) =>
    ask({ method: 'POST', url: `https://${host}${path}`, headers, body: new URLSearchParams(form).toString() });
  const access_token = await arm.token(arm.cloud.armScope);
  const exchanged = await post('/oauth2/exchange', { grant_type: 'access_token', service: host, access_token });
  const refresh_token = tokenIn(exchanged, 'refresh_token');
  if (refresh_token === undefined) return undefined;
  arm.log.secret(refresh_token);
  const scope = scopeOf({ host, ...wanted });
  return tokenIn(await post('/oauth2/token', { grant_type: 'refresh_token', service: host, scope, refresh_token }));
}

function scopeOf({ repository }: Wanted): string {
  return `repository:${repository}:pull`;
}

function tokenIn({ status, body }: HttpResponse, name?: 'refresh_token'): string | undefined {
  if (status !== 200) return undefined;
  try {
    const given: Readonly<Record<string, unknown>> = Object(JSON.parse(new TextDecoder().decode(body)));
    const token = name ? given[name] : (given.access_token ?? given.token);
    return typeof token === 'string' && token !== '' ? token : undefined;
  } catch {
    return undefined;
  }
}

/** A registry that was asked and says no: nobody will find the image there, by whatever name. */
function notThere(wanted: Wanted): Stop {
  const { happened } = unknown(wanted, 'its registry has no such image');
  const azure = { code: NOT_THERE, message: 'its registry has no such image', requestId: '', status: 404 };
  return new Stop(
    'failed',
    happened,
    'Push the image first, or name one that was pushed: image: <registry>/<name>:<tag>',
    {
      azure,
    },
  );
}

/** The code of an image that its registry does not have. */
export const NOT_THERE = 'ManifestUnknown';

function unknown({ named, host }: Wanted, why: string): Stop {
  return new Stop(
    'failed',
    `Image ${named} cannot be looked up: ${why}.`,
    `Let the identity of this run pull from ${host} (role AcrPull), or name the image by its digest: image: <name>@sha256:<digest>`,
  );
}
