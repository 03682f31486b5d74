import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';

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

/** The same of a file on the runner's disk. */
export async function filesInPackage(path: string): Promise<readonly string[] | undefined> {
  return filesIn(await readFile(path));
}
