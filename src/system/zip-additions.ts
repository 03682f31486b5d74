import { writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { Stop } from '../errors.ts';
import { chunksIn } from './file-body.ts';
import { zipDirectory } from './zip-contents.ts';

/** A file on disk that comes into a zip. */
export interface Addition {
  /** In the zip, with slashes. */
  readonly name: string;
  readonly file: string;
}

/** What four and two bytes can tell; App Service takes no larger package. */
const MOST_BYTES = 0xffffffff;
const MOST_FILES = 0xffff;
/** 2020-01-01, as in every zip that we make. */
const DATE = ((2020 - 1980) << 9) | (1 << 5) | 1;
const UTF8 = 0x800;
const VERSION = 20;

/**
 * The zip with more files, stored as they are, in the place of those of the same name; nothing of it is unpacked or kept in memory.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (4.3.7, 4.3.12, 4.3.16)
 * @throws Stop `refused` when it would be larger than a zip of this kind can be.
 */
export async function withAdditions(zip: string, additions: readonly Addition[], into: string): Promise<void> {
  await writeFile(into, pieces(zip, additions));
}

async function* pieces(zip: string, additions: readonly Addition[]): AsyncGenerator<Uint8Array> {
  const { entries = [], at: end = 0 } = (await zipDirectory(zip)) ?? {};
  yield* chunksIn(zip, end);
  const replaced = new Set(additions.map(({ name }) => name));
  const records = entries.filter(({ name }) => !replaced.has(name)).map(({ record }) => record);
  let at = end;
  for (const { name, file } of additions) {
    const { crc, size } = await measured(file);
    const fields = { name: Buffer.from(name), crc, size, at };
    const header = headerOf(fields);
    yield header;
    yield* chunksIn(file, size);
    records.push(recordOf(fields));
    at += header.length + size;
  }
  yield* records;
  const length = records.reduce((sum, record) => sum + record.length, 0);
  if (at + length > MOST_BYTES || records.length > MOST_FILES) {
    throw new Stop(
      'refused',
      `The package and what visitors put into the build would be a zip of ${records.length} files and ${((at + length) / 1024 ** 3).toFixed(1)} GiB. Allowed: ${MOST_FILES} files and 4 GiB.`,
      'Keep less with keep-files, and move large folders out of wwwroot, then run the phase again.',
    );
  }
  yield endOf(records.length, length, at);
}

async function measured(file: string): Promise<{ readonly crc: number; readonly size: number }> {
  let crc = 0;
  let size = 0;
  for await (const chunk of chunksIn(file)) {
    crc = crc32(chunk, crc);
    size += chunk.length;
  }
  return { crc, size };
}

interface Fields {
  readonly name: Buffer;
  readonly crc: number;
  readonly size: number;
  /** Where its header begins. */
  readonly at: number;
}

/** Version, flags, method, time, date, CRC, both sizes and the length of the name stand alike before a file and in the table. */
function common({ name, crc, size }: Fields): Buffer {
  const bytes = Buffer.alloc(26);
  bytes.writeUInt16LE(VERSION, 0);
  bytes.writeUInt16LE(UTF8, 2);
  bytes.writeUInt16LE(DATE, 8);
  bytes.writeUInt32LE(crc, 10);
  bytes.writeUInt32LE(Math.min(size, MOST_BYTES), 14);
  bytes.writeUInt32LE(Math.min(size, MOST_BYTES), 18);
  bytes.writeUInt16LE(name.length, 22);
  return bytes;
}

function headerOf(fields: Fields): Buffer {
  return Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common(fields), fields.name]);
}

function recordOf(fields: Fields): Buffer {
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(Math.min(fields.at, MOST_BYTES), 10);
  const madeBy = Buffer.from([VERSION, 0]);
  return Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), madeBy, common(fields), rest, fields.name]);
}

function endOf(count: number, length: number, at: number): Buffer {
  const bytes = Buffer.alloc(22);
  bytes.write('PK\x05\x06', 'latin1');
  bytes.writeUInt16LE(count, 8);
  bytes.writeUInt16LE(count, 10);
  bytes.writeUInt32LE(length, 12);
  bytes.writeUInt32LE(at, 16);
  return bytes;
}
