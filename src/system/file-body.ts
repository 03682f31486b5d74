import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { Stop } from '../errors.ts';
import type { FileBody, HttpRequest } from '../ports.ts';

const CHUNK_BYTES = 256 * 1024;

/** A file as it is now, to be sent later. */
export async function fileBody(file: string): Promise<FileBody> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of chunksIn(file)) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { file, size, sha256: hash.digest('hex') };
}

export function isFileBody(body: HttpRequest['body']): body is FileBody {
  return typeof body === 'object' && 'sha256' in body;
}

/**
 * What is sent of a file. The last piece is held back until all of it has the hash that it was looked at with: a file that somebody
 * writes to meanwhile never arrives whole.
 * @throws Stop `refused` in the place of the last piece.
 */
export async function* checkedChunks({ file, size, sha256 }: FileBody): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let held: Uint8Array | undefined;
  let read = 0;
  for await (const chunk of chunksIn(file)) {
    hash.update(chunk);
    read += chunk.length;
    if (read > size) break;
    if (held) yield held;
    held = chunk;
  }
  if (read !== size || hash.digest('hex') !== sha256) {
    throw new Stop(
      'refused',
      `The file ${file} has changed since this phase began; it was not uploaded.`,
      'Find out what writes to it, then run the phase again.',
    );
  }
  if (held) yield held;
}

/** What is in a file, piece by piece. @param most bytes from its beginning on. */
export async function* chunksIn(file: string, most = Number.POSITIVE_INFINITY): AsyncGenerator<Uint8Array> {
  const handle: FileHandle = await open(file);
  try {
    let at = 0;
    while (at < most) {
      const length = Math.min(CHUNK_BYTES, most - at);
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafeSlow(length), 0, length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
