import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import { Stop } from '../errors.ts';

/** The names of the files in a zip, from its own table of contents; nothing is unpacked. Undefined when it is no zip, or was cut off. */
export function filesIn(zip: Uint8Array): readonly string[] | undefined {
  const names: string[] = [];
  const note = ({ name }: { readonly name: string }) => {
    if (!name.endsWith('/')) names.push(name);
    return false;
  };
  try {
    unzipSync(zip, { filter: note });
    return names;
  } catch {
    return undefined;
  }
}

/** Unpacked in memory: more is no app, or a zip that was made to break who unpacks it. */
const MOST_UNPACKED = 4 * 1024 ** 3;

/** The files in a zip by their paths. @throws Stop `refused` when they are larger altogether than can be looked at. */
export function unpacked(zip: Uint8Array, most: number = MOST_UNPACKED): Readonly<Record<string, Uint8Array>> {
  let size = 0;
  // What an entry says of its size is also the room that it is given: it cannot unpack to more.
  const count = ({ originalSize }: { readonly originalSize: number }) => {
    size += originalSize;
    return size <= most;
  };
  const files = unzipSync(zip, { filter: count });
  if (size <= most) return files;
  throw new Stop(
    'refused',
    `The build is ${(size / 1024 ** 3).toFixed(1)} GiB unpacked; ${(most / 1024 ** 3).toFixed(1)} GiB can be looked at.`,
    'Leave out of it what the app does not need to run, such as media or logs, or give the zip of the running build with input current-package.',
  );
}

/** The same as {@link filesIn} of a file on the runner's disk. */
export async function filesInPackage(path: string): Promise<readonly string[] | undefined> {
  return filesIn(await readFile(path));
}
