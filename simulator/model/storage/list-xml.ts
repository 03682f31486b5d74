import type { BlobVersion, StorageAccount } from './state.ts';

/** Which part of a list is wanted. */
interface Part {
  readonly account: StorageAccount;
  /** Entries in one answer. */
  readonly most: number;
  /** What the answer before named, '' for the first one. */
  readonly marker: string;
  readonly now: number;
}

/** The containers of an account, in the order of their names. */
export function containersXml(part: Part): string {
  const names = Object.keys(part.account.containers ?? {}).sort();
  return listXml(part, '', 'Containers', names, (name) => `<Container><Name>${name}</Name><Properties /></Container>`);
}

interface BlobPart extends Part {
  readonly container: string;
  readonly blobs: Readonly<Record<string, readonly BlobVersion[]>>;
  /** `versions`, `deleted`. */
  readonly include: readonly string[];
}

/**
 * The blobs of a container in the order of their names, each in its versions, the oldest first. Without `include` only what is
 * there now. The bounds of an answer do not heed where a blob ends.
 */
export function blobsXml(part: BlobPart): string {
  const { blobs, include, account, now } = part;
  const keptFrom = now - (account.softDeleteDays ?? 0) * 86_400_000;
  const isListed = ({ isCurrent, hasId, deletedAt }: BlobVersion) => {
    if (isCurrent) return true;
    if (hasId && !include.includes('versions')) return false;
    return deletedAt === undefined || (include.includes('deleted') && deletedAt >= keptFrom);
  };
  const entries = Object.entries(blobs)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, versions]) => versions.filter(isListed).map((version) => [name, version] as const));
  const head = ` ContainerName="${part.container}"`;
  return listXml(part, head, 'Blobs', entries, ([name, version]) => blobXml(name, version, include));
}

function blobXml(
  name: string,
  { writtenAt, hasId, isCurrent, deletedAt }: BlobVersion,
  include: readonly string[],
): string {
  // https://learn.microsoft.com/rest/api/storageservices/list-blobs: names that XML cannot hold come percent-encoded.
  const named = UNFIT.test(name) ? `<Name Encoded="true">${encodeURIComponent(name)}` : `<Name>${escaped(name)}`;
  const at = new Date(writtenAt);
  return [
    `<Blob>${named}</Name>`,
    deletedAt === undefined ? '' : '<Deleted>true</Deleted>',
    hasId && include.includes('versions') ? `<VersionId>${at.toISOString().replace('Z', '0000Z')}</VersionId>` : '',
    hasId && isCurrent && include.includes('versions') ? '<IsCurrentVersion>true</IsCurrentVersion>' : '',
    `<Properties><Creation-Time>${at.toUTCString()}</Creation-Time><Last-Modified>${at.toUTCString()}</Last-Modified>`,
    '<Etag>0x8D</Etag><Content-Length>5</Content-Length><Content-Type>image/png</Content-Type><BlobType>BlockBlob</BlobType>',
    deletedAt === undefined ? '' : `<DeletedTime>${new Date(deletedAt).toUTCString()}</DeletedTime>`,
    '</Properties><OrMetadata /></Blob>',
  ].join('');
}

function listXml<T>(
  { account, most, marker }: Part,
  head: string,
  kind: string,
  all: readonly T[],
  of: (one: T) => string,
): string {
  const from = Number(marker.split('!')[1] ?? 0);
  const next = from + most < all.length ? `<NextMarker>2!${from + most}!&amp;</NextMarker>` : '<NextMarker />';
  const shown = all
    .slice(from, from + most)
    .map(of)
    .join('');
  const root = `<EnumerationResults ServiceEndpoint="https://${account.name}.blob.core.windows.net/"${head}>`;
  return `\ufeff<?xml version="1.0" encoding="utf-8"?>${root}<${kind}>${shown}</${kind}>${next}</EnumerationResults>`;
}

const UNFIT = /[\ufffe\uffff]|[^\P{Cc}\t\n\r]/u;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
