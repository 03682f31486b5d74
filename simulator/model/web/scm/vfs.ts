import type { Answer } from '../../arm/answer.ts';
import { Unmodelled } from '../../world.ts';
import { contentOf, writtenAt } from '../content.ts';
import { kuduRefusal, type ScmCall } from './call.ts';
import { changeFiles, entriesOf, homeAsKuduSees } from './files.ts';

/** `GET api/vfs/{path}`: a file of the volume, or what is in a folder. https://github.com/projectkudu/kudu/wiki/REST-API#vfs */
export function readPath(call: ScmCall): Answer {
  const files = homeAsKuduSees(call.world, call.slot);
  return isFolder(call) ? list(call, files, pathOf(call)) : read(call, files, pathOf(call));
}

/** `PUT api/vfs/{path}`: one file. */
export function writeFile(call: ScmCall): Answer {
  const existing = existingFile(call);
  if (existing !== undefined) refuseStale(call, existing);
  changeFiles(call.world, call.slot, { [pathOf(call)]: call.body }, call.now);
  return { status: existing === undefined ? 201 : 204, headers: { etag: etagOf(call.body) } };
}

/** `DELETE api/vfs/{path}`: one file. */
export function deleteFile(call: ScmCall): Answer {
  const existing = existingFile(call);
  if (existing === undefined) throw kuduRefusal(404, `'${call.url.pathname}' not found.`);
  refuseStale(call, existing);
  changeFiles(call.world, call.slot, { [pathOf(call)]: undefined }, call.now);
  return { status: 200 };
}

function isFolder({ url }: ScmCall): boolean {
  return url.pathname.endsWith('/');
}

function pathOf({ names }: ScmCall): string {
  return (names.path ?? '').split('/').filter(Boolean).join('/');
}

function existingFile(call: ScmCall): Uint8Array | undefined {
  if (isFolder(call)) throw new Unmodelled(`${call.method} of a folder: ${call.url}`);
  return homeAsKuduSees(call.world, call.slot)[pathOf(call)];
}

function read(call: ScmCall, files: Readonly<Record<string, Uint8Array>>, path: string): Answer {
  const file = files[path];
  if (file !== undefined) return { status: 200, headers: { etag: etagOf(file) }, body: file };
  if (entriesOf(files, `${path}/`).size > 0) {
    return { status: 307, headers: { location: `${call.url.origin}${call.url.pathname}/${call.url.search}` } };
  }
  throw kuduRefusal(404, `'${call.url.pathname}' not found.`);
}

function list(call: ScmCall, files: Readonly<Record<string, Uint8Array>>, path: string): Answer {
  const entries = entriesOf(files, path === '' ? '' : `${path}/`);
  if (entries.size === 0) throw kuduRefusal(404, `'${call.url.pathname}' not found.`);
  const content = contentOf(call.world, call.slot.occupant.contentId);
  const body = [...entries].map(([name, bytes]) => ({
    name,
    size: bytes?.length ?? 0,
    mtime: new Date(writtenAt(content, `${path}/${name}`)).toISOString(),
    crtime: new Date(content.at).toISOString(),
    mime: bytes === undefined ? 'inode/directory' : 'application/octet-stream',
    href: `${call.url.origin}${call.url.pathname}${encodeURIComponent(name)}${bytes === undefined ? '/' : ''}`,
    path: `C:\\home\\${[...path.split('/'), name].filter((part) => part !== '').join('\\')}`,
  }));
  return { status: 200, body };
}

/** An existing file changes only for `If-Match: *` or its own ETag. */
function refuseStale(call: ScmCall, existing: Uint8Array): void {
  const match = call.headers['if-match'];
  if (match === '*' || match === etagOf(existing)) return;
  throw kuduRefusal(412, 'ETag does not represent the latest state of the resource.');
}

/** FNV-1a: equal bytes, equal tag. */
function etagOf(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `"${hash.toString(16).padStart(8, '0')}${bytes.length.toString(16)}"`;
}
