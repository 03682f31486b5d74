import type { HttpResponse, Send } from '../ports.ts';
import type { Arm } from './arm.ts';
import { withoutEntities } from './entities.ts';
import { sendPatiently } from './retry.ts';

/** One version of a blob. */
export interface BlobEntry {
  readonly name: string;
  /** Milliseconds since the epoch, as the next one. */
  readonly writtenAt: number;
  /** It is what readers get who ask for no version. */
  readonly isCurrent: boolean;
  /** The account kept versions when it was written. */
  readonly isVersion: boolean;
  /** Of one that soft delete keeps. */
  readonly deletedAt: number | undefined;
}

/** `no-right`: not to this identity. `network`: not to where this runner is. `no-answer`: nothing that could be read. */
export type BlobsUnseen = 'no-right' | 'network' | 'no-answer';

/** A part of a list; `next` leads to the next one. */
export type ListPart<T> =
  | { readonly items: readonly T[]; readonly next: string | undefined; readonly unseen?: never }
  | { readonly items?: never; readonly next?: never; readonly unseen: BlobsUnseen };

/** Where is asked, and until when: the signal ends it. */
export interface BlobWay {
  readonly arm: Arm;
  readonly send: Send;
  /** Name of the storage account. */
  readonly account: string;
  readonly signal: AbortSignal;
}

/** Names of containers. https://learn.microsoft.com/rest/api/storageservices/list-containers2 */
export async function containersOf(way: BlobWay, next?: string): Promise<ListPart<string>> {
  return part(await ask(way, '', { comp: 'list' }, next), 'Container', (item) => nameIn(item));
}

/**
 * Blobs of a container in the order of their names, each in all its versions and also when it is deleted, as far as Azure keeps it.
 * https://learn.microsoft.com/rest/api/storageservices/list-blobs
 */
export async function blobsOf(way: BlobWay, container: string, next?: string): Promise<ListPart<BlobEntry>> {
  const asked = { restype: 'container', comp: 'list', include: 'deleted,versions', maxresults: '5000' };
  return part(await ask(way, encodeURIComponent(container), asked, next), 'Blob', entryIn);
}

const VERSION = '2021-12-02';

async function ask(
  { arm, send, account, signal }: BlobWay,
  path: string,
  asked: Readonly<Record<string, string>>,
  next?: string,
): Promise<HttpResponse> {
  const query = new URLSearchParams({ ...asked, ...(next && { marker: next }) });
  const url = `https://${account}.blob.${arm.cloud.storageSuffix}/${path}?${query}`;
  // The same in every cloud: https://learn.microsoft.com/azure/storage/blobs/authorize-access-azure-active-directory#microsoft-entra-resource-id
  const authorization = `Bearer ${await arm.token('https://storage.azure.com/.default')}`;
  const headers = { 'x-ms-version': VERSION, authorization };
  const patience = { what: `list the blobs of ${account}`, repeat: 'read' as const, signal };
  const { response } = await sendPatiently(arm.clock, arm.log, patience, async () => ({
    response: await send({ method: 'GET', url, headers, timeoutMs: 30_000 }, signal),
  }));
  return response;
}

/** Elements hold text alone, in which no `<` stands: no more of XML is needed. Anything else is no answer. */
function part<T>(
  { status, headers, body }: HttpResponse,
  tag: string,
  of: (item: string) => T | undefined,
): ListPart<T> {
  if (status === 401 || status === 403)
    return { unseen: headers['x-ms-error-code'] === 'AuthorizationFailure' ? 'network' : 'no-right' };
  const xml = new TextDecoder().decode(body);
  if (status !== 200 || !xml.includes('<EnumerationResults')) return { unseen: 'no-answer' };
  const items = xml.split(`<${tag}>`).slice(1);
  return { items: items.flatMap((item) => of(item.split(`</${tag}>`)[0] ?? '') ?? []), next: field(xml, 'NextMarker') };
}

function entryIn(item: string): BlobEntry | undefined {
  const version = field(item, 'VersionId');
  const writtenAt = Date.parse(version ?? field(item, 'Last-Modified') ?? '');
  const deleted = field(item, 'Deleted') === 'true';
  const name = nameIn(item);
  if (name === undefined || Number.isNaN(writtenAt)) return undefined;
  return {
    name,
    writtenAt,
    isCurrent: field(item, 'IsCurrentVersion') === 'true' || (version === undefined && !deleted),
    isVersion: version !== undefined,
    deletedAt: deleted ? Date.parse(field(item, 'DeletedTime') ?? '') || 0 : undefined,
  };
}

/** What XML cannot hold comes percent-encoded. */
function nameIn(item: string): string | undefined {
  const name = field(item, 'Name');
  try {
    return name !== undefined && item.includes('<Name Encoded="true">') ? decodeURIComponent(name) : name;
  } catch {
    return name;
  }
}

/** The text of the first element of this name; undefined when it has none. */
function field(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}(?: [^<>]{0,200})?>([^<]+)<`).exec(xml)?.[1];
  return text && withoutEntities(text);
}
