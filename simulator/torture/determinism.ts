import crypto from 'node:crypto';
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Equal cases must be equal runs. Two things of Node would make them differ: random bytes, and files, whose reading
 * takes real time while virtual time passes. Both are replaced in this process: bytes are counted, and packages lie in memory.
 */

const packages = new Map<string, Uint8Array>();
let counter = 0;

/** Makes a package readable under a path that exists nowhere else. */
export function keepPackage(path: string, bytes: Uint8Array): void {
  packages.set(path, bytes);
}

/** Begins the sequence of "random" bytes anew: called at the start of every case. */
export function restartRandom(): void {
  counter = 0;
}

const { open, readFile } = files;

Object.assign(files, {
  readFile(path: string, ...options: unknown[]) {
    const bytes = packages.get(path);
    return bytes ? Promise.resolve(Buffer.from(bytes)) : Reflect.apply(readFile, files, [path, ...options]);
  },
  open(path: string, ...options: unknown[]) {
    const bytes = packages.get(path);
    return bytes ? Promise.resolve(handleOf(bytes)) : Reflect.apply(open, files, [path, ...options]);
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

/** As much of a file handle as reading a package takes. */
function handleOf(bytes: Uint8Array) {
  return {
    stat: async () => ({ size: bytes.length }),
    createReadStream: () => [bytes],
    close: async () => undefined,
  };
}
