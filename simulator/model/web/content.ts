import { unzipSync, zipSync } from 'fflate';
import type { World } from '../world.ts';
import type { Content } from './state.ts';

export const WWWROOT = 'site/wwwroot/';
const PACKAGES = 'data/SitePackages/';

/** A new content under a new id. */
export function addContent(
  world: World,
  files: Readonly<Record<string, Uint8Array>>,
  manifest: readonly string[],
  now: number,
  times?: Readonly<Record<string, number>>,
): string {
  const id = `content-${world.nextId++}`;
  world.web.contents[id] = { id, files, manifest, at: now, ...(times && { times }) };
  return id;
}

/** When a file was last written. */
export function writtenAt(content: Content, path: string): number {
  return content.times?.[path] ?? content.at;
}

/** The content of that id, which must exist. */
export function contentOf(world: World, contentId: string): Content {
  const content = world.web.contents[contentId];
  if (content === undefined) throw new Error(`The model refers to content ${contentId}, which does not exist.`);
  return content;
}

/**
 * The files as a process sees them, by path below its root. A content id names a volume; what a process runs is a
 * view of it: `…#wwwroot` the files of wwwroot, `…#package` the mounted package of WEBSITE_RUN_FROM_PACKAGE=1,
 * `…#jobs` WebJobs kept in `site/jobs`. A bare id means wwwroot.
 */
export function viewOf(world: World, contentId: string): Readonly<Record<string, Uint8Array>> {
  const at = contentId.indexOf('#');
  const [id, view] = at < 0 ? [contentId, 'wwwroot'] : [contentId.slice(0, at), contentId.slice(at + 1)];
  const content = contentOf(world, id);
  let views = viewed.get(content);
  if (views === undefined) {
    views = new Map();
    viewed.set(content, views);
  }
  let files = views.get(view);
  if (files === undefined) {
    files = look(content, view);
    views.set(view, files);
  }
  return files;
}

/** Kept by content, which never changes: packages of thousands of files are looked at again and again. */
const viewed = new WeakMap<Content, Map<string, Readonly<Record<string, Uint8Array>>>>();

function look(content: Content, view: string): Readonly<Record<string, Uint8Array>> {
  if (view === 'wwwroot') return below(content.files, WWWROOT);
  if (view === 'jobs') return below(content.files, 'site/jobs/');
  if (view !== 'package') throw new Error(`There is no view ${view} of a content.`);
  const zip = content.files[PACKAGES + packageName(content)];
  return withFolders((zip && unpack(zip)) ?? {});
}

/** The view that the app runs: WEBSITE_RUN_FROM_PACKAGE=1 mounts the newest package over wwwroot. */
export function appView(world: World, contentId: string, settings: Readonly<Record<string, string>>): string {
  const mounted = settings.WEBSITE_RUN_FROM_PACKAGE === '1' && packageName(contentOf(world, contentId)) !== undefined;
  return `${contentId}#${mounted ? 'package' : 'wwwroot'}`;
}

/** What `packagename.txt` names, when that package exists. */
export function packageName(content: Content): string | undefined {
  const file = content.files[`${PACKAGES}packagename.txt`];
  const name = file === undefined ? '' : new TextDecoder().decode(file).trim();
  return name !== '' && content.files[PACKAGES + name] !== undefined ? name : undefined;
}

/** The files below a folder (which ends in `/`), by path relative to it. */
export function below(files: Readonly<Record<string, Uint8Array>>, folder: string): Record<string, Uint8Array> {
  const found: Record<string, Uint8Array> = {};
  for (const path in files) {
    const bytes = files[path];
    if (path.startsWith(folder) && bytes !== undefined) found[path.slice(folder.length)] = bytes;
  }
  return found;
}

/** A zip of these files; equal files make equal bytes. */
export function pack(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  return zipSync(sorted, { mtime: new Date('2024-01-01T00:00:00Z'), level: 1 });
}

/** The files of a zip, folders left out; undefined when it is none. */
export function unpack(zip: Uint8Array): Record<string, Uint8Array> | undefined {
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(zip);
  } catch {
    return undefined;
  }
  const files: Record<string, Uint8Array> = {};
  for (const [path, bytes] of Object.entries(entries)) {
    if (!path.endsWith('/')) files[path] = bytes;
  }
  return files;
}

/** Names with backslashes as Windows takes them: folders. */
export function withFolders(files: Readonly<Record<string, Uint8Array>>): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path.replaceAll('\\', '/'), bytes]));
}
