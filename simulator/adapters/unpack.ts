import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';

/**
 * Writes the files of a content (wwwroot, as a process sees it) to `{directory}/{contentId}` and answers that path.
 * Contents never change, so each is written once; a half-written one is never seen, because it is moved into place.
 */
export function unpacker(
  directory: string,
  filesOf: (contentId: string) => Readonly<Record<string, Uint8Array>>,
): (contentId: string) => Promise<string> {
  const unpacked = new Map<string, Promise<string>>();
  return (contentId) => {
    let folder = unpacked.get(contentId);
    if (folder === undefined) {
      folder = unpack(join(directory, encodeURIComponent(contentId)), filesOf(contentId));
      unpacked.set(contentId, folder);
    }
    return folder;
  };
}

async function unpack(folder: string, files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const draft = `${folder}.draft`;
  await rm(draft, { recursive: true, force: true });
  const paths = Object.keys(files).map((path) => [path, inside(draft, path)] as const);
  const folders = new Set([draft, ...paths.map(([, target]) => dirname(target))]);
  for (const each of folders) await mkdir(each, { recursive: true });
  await Promise.all(
    paths.filter(([path]) => !path.endsWith('/')).map(([path, target]) => writeFile(target, files[path] ?? '')),
  );
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
  return folder;
}

/** A path of a package, refused when it leads out of the directory. */
function inside(directory: string, path: string): string {
  const target = join(directory, path);
  if (!target.startsWith(directory + sep)) throw new Error(`The path ${path} of a package leads out of it.`);
  return target;
}
