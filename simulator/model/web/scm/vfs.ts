import type { Answer } from '../../arm/answer.ts';
import { Unmodelled } from '../../world.ts';
import { kuduError, type ScmCall } from './call.ts';
import { changeFiles, entriesOf, homeAsKuduSees } from './files.ts';

/** `api/vfs/{path}`: files of the volume one by one. https://github.com/projectkudu/kudu/wiki/REST-API#vfs */
export function vfsRequest(call: ScmCall): Answer {
  const path = call.segments.slice(1).join('/');
  const files = homeAsKuduSees(call.world, call.slot);
  const file = files[path];
  const isFolder = call.url.pathname.endsWith('/');
  if (call.method === 'GET' || call.method === 'HEAD')
    return isFolder ? list(call, files, path) : read(call, files, path);
  if (isFolder) throw new Unmodelled(`${call.method} of a folder: ${call.url}`);
  if (call.method === 'PUT') return write(call, path, file);
  if (call.method === 'DELETE') return remove(call, path, file);
  throw new Unmodelled(`${call.method} ${call.url}`);
}

function read(call: ScmCall, files: Readonly<Record<string, Uint8Array>>, path: string): Answer {
  const file = files[path];
  if (file !== undefined) return { status: 200, headers: { etag: etagOf(file) }, body: file };
  if (entriesOf(files, `${path}/`).size > 0) {
    return { status: 307, headers: { location: `${call.url.origin}${call.url.pathname}/${call.url.search}` } };
  }
  return kuduError(404, `'${call.url.pathname}' not found.`);
}

function list(call: ScmCall, files: Readonly<Record<string, Uint8Array>>, path: string): Answer {
  const entries = entriesOf(files, path === '' ? '' : `${path}/`);
  if (entries.size === 0) return kuduError(404, `'${call.url.pathname}' not found.`);
  const time = new Date(call.world.web.contents[call.slot.occupant.contentId]?.at ?? 0).toISOString();
  const body = [...entries].map(([name, bytes]) => ({
    name,
    size: bytes?.length ?? 0,
    mtime: time,
    crtime: time,
    mime: bytes === undefined ? 'inode/directory' : 'application/octet-stream',
    href: `${call.url.origin}${call.url.pathname}${encodeURIComponent(name)}${bytes === undefined ? '/' : ''}`,
    path: `C:\\home\\${[...path.split('/'), name].filter((part) => part !== '').join('\\')}`,
  }));
  return { status: 200, body };
}

function write(call: ScmCall, path: string, existing: Uint8Array | undefined): Answer {
  const refused = existing === undefined ? undefined : refuseStale(call, existing);
  if (refused !== undefined) return refused;
  changeFiles(call.world, call.slot, { [path]: call.body }, call.now);
  return { status: existing === undefined ? 201 : 204, headers: { etag: etagOf(call.body) } };
}

function remove(call: ScmCall, path: string, existing: Uint8Array | undefined): Answer {
  if (existing === undefined) return kuduError(404, `'${call.url.pathname}' not found.`);
  const refused = refuseStale(call, existing);
  if (refused !== undefined) return refused;
  changeFiles(call.world, call.slot, { [path]: undefined }, call.now);
  return { status: 200 };
}

/** An existing file changes only for `If-Match: *` or its own ETag. */
function refuseStale(call: ScmCall, existing: Uint8Array): Answer | undefined {
  const match = call.headers['if-match'];
  if (match === '*' || match === etagOf(existing)) return undefined;
  return kuduError(412, 'ETag does not represent the latest state of the resource.');
}

/** FNV-1a: equal bytes, equal tag. */
function etagOf(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `"${hash.toString(16).padStart(8, '0')}${bytes.length.toString(16)}"`;
}
