import { type FileHandle, open } from 'node:fs/promises';
import { readDirectory, type ZipDirectory } from './zip-directory.ts';

/** The table of contents of a zip on the runner's disk. Undefined when it is no zip, or was cut off. */
export async function zipDirectory(path: string): Promise<ZipDirectory | undefined> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return await readDirectory({ size, read: (position, length) => bytesAt(file, position, length) });
  } finally {
    await file.close();
  }
}

/** The names of the files in a zip; undefined likewise. */
export async function filesInPackage(path: string): Promise<readonly string[] | undefined> {
  const directory = await zipDirectory(path);
  return directory?.entries.map(({ name }) => name).filter((name) => !name.endsWith('/'));
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}
