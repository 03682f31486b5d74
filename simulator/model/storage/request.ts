import type { Answer } from '../arm/answer.ts';
import { isAllowed, mayWithData } from '../arm/authorize.ts';
import { NoSuchHost } from '../no-such-host.ts';
import { type ModelRequest, Unmodelled, type World } from '../world.ts';
import { blobsXml, containersXml } from './list-xml.ts';

const HOST = /^([a-z0-9]{3,24})\.blob\.core\.windows\.net$/;
const CONTAINERS = 'Microsoft.Storage/storageAccounts/blobServices/containers';

/** Versions are told from this version of the service on; a token is taken from 2017-11-09 on. */
const SINCE = '2019-12-12';

export function isBlobList(url: URL): boolean {
  return HOST.test(url.host) && url.searchParams.get('comp') === 'list';
}

/**
 * What lists are there: the containers of an account, which takes an action of the resource manager, and the blobs of a
 * container, which takes a data action. Who may come is asked before who may read.
 * https://learn.microsoft.com/rest/api/storageservices/list-containers2, …/list-blobs, …/blob-service-error-codes
 */
export function blobRequest(world: World, asked: ModelRequest, url: URL, now: number): Answer {
  const account = world.storageAccounts[HOST.exec(url.host)?.[1] ?? ''];
  if (account === undefined) throw new NoSuchHost(url.host);
  const name = decodeURIComponent(url.pathname.slice(1));
  const kind = url.searchParams.get('restype');
  const isKnown = name === '' ? kind === null : kind === 'container' && !name.includes('/');
  if (asked.method !== 'GET' || !isKnown || (asked.headers['x-ms-version'] ?? '') < SINCE)
    throw new Unmodelled(`${asked.method} ${asked.url}`);
  if (account.network === 'firewall') return refused(403, 'AuthorizationFailure', NOT_AUTHORIZED);
  const principal = world.principals[asked.clientId ?? ''];
  if (principal === undefined)
    return refused(401, 'NoAuthenticationInformation', 'Server failed to authenticate the request.');
  const marker = url.searchParams.get('marker') ?? '';
  if (!/^(?:2!\d+!&)?$/.test(marker))
    return refused(400, 'OutOfRangeInput', 'One of the request inputs is out of range.');
  const most = Math.min(Number(url.searchParams.get('maxresults') ?? 5000), 5000, account.mostInAnswer ?? 5000);
  const part = { account, most, marker, now };
  if (name === '') {
    if (!isAllowed(principal, `${CONTAINERS}/read`, account.id)) return mismatch();
    return xml(200, containersXml(part));
  }
  const scope = `${account.id}/blobServices/default/containers/${name}`;
  if (!mayWithData(principal, `${CONTAINERS}/blobs/read`, scope)) return mismatch();
  const blobs = account.containers?.[name];
  if (blobs === undefined) return refused(404, 'ContainerNotFound', 'The specified container does not exist.');
  const include = (url.searchParams.get('include') ?? '').split(',');
  return xml(200, blobsXml({ ...part, container: name, blobs, include }));
}

const NOT_AUTHORIZED = 'This request is not authorized to perform this operation.';

function mismatch(): Answer {
  return refused(403, 'AuthorizationPermissionMismatch', `${NOT_AUTHORIZED.slice(0, -1)} using this permission.`);
}

function refused(status: number, code: string, message: string): Answer {
  const text = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return xml(status, `\ufeff${text}`, { 'x-ms-error-code': code });
}

function xml(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'application/xml', ...headers }, body };
}
