import crypto from 'node:crypto';
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Equal cases must be equal runs. Two things of Node would make them differ: random bytes, and files, whose reading
 * takes real time while virtual time passes. Both are replaced in this process: bytes are counted, and packages lie in memory,
 * as do all files in folders that a run makes for itself.
 */

const held = new Map<string, Uint8Array>();
let counter = 0;
let folders = 0;
const SCRATCH = '/scratch/';

/** Makes a package readable under a path that exists nowhere else. */
export function keepPackage(path: string, bytes: Uint8Array): void {
  held.set(path, bytes);
}

/** Begins the sequence of "random" bytes anew: called at the start of every case, and not between its runs, which name things apart by them. */
export function restartRandom(): void {
  counter = 0;
  folders = 0;
  for (const path of held.keys()) if (path.startsWith(SCRATCH)) held.delete(path);
}

const { open, readFile, rm, stat, writeFile } = files;

Object.assign(files, {
  async mkdtemp() {
    return `${SCRATCH}${++folders}`;
  },
  readFile(path: string, ...options: unknown[]) {
    const bytes = held.get(path);
    return bytes ? Promise.resolve(Buffer.from(bytes)) : Reflect.apply(readFile, files, [path, ...options]);
  },
  open(path: string, ...options: unknown[]) {
    const bytes = held.get(path);
    return bytes ? Promise.resolve(handleOf(bytes)) : Reflect.apply(open, files, [path, ...options]);
  },
  stat(path: string, ...options: unknown[]) {
    const bytes = held.get(path);
    return bytes ? Promise.resolve({ size: bytes.length }) : Reflect.apply(stat, files, [path, ...options]);
  },
  async writeFile(path: string, data: Uint8Array | AsyncIterable<Uint8Array>, ...options: unknown[]) {
    if (!path.startsWith(SCRATCH)) return Reflect.apply(writeFile, files, [path, data, ...options]);
    const chunks: Uint8Array[] = [];
    if (data instanceof Uint8Array) chunks.push(data);
    else for await (const chunk of data) chunks.push(chunk);
    held.set(path, new Uint8Array(Buffer.concat(chunks)));
  },
  async rm(path: string, ...options: unknown[]) {
    if (!path.startsWith(SCRATCH)) return Reflect.apply(rm, files, [path, ...options]);
    forget(path);
  },
});
Object.assign(crypto, {
  randomBytes(size: number) {
    const bytes = Buffer.alloc(size);
    bytes.writeUIntBE(++counter, Math.max(0, size - 4), Math.min(size, 4));
    return bytes;
  },
});
syncBuiltinESMExports();

function forget(folder: string): void {
  for (const path of held.keys()) if (path === folder || path.startsWith(`${folder}/`)) held.delete(path);
}

/** As much of a file handle as reading a file takes. */
function handleOf(bytes: Uint8Array) {
  return {
    stat: async () => ({ size: bytes.length }),
    createReadStream: () => [bytes],
    close: async () => undefined,
    async read(buffer: Uint8Array, offset: number, length: number, position: number) {
      const piece = bytes.subarray(position, position + length);
      buffer.set(piece, offset);
      return { bytesRead: piece.length, buffer };
    },
  };
}
