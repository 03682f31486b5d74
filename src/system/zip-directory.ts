/** A file in a zip, as its table of contents says. */
export interface ZipEntry {
  /** With slashes; a folder ends with one. */
  readonly name: string;
  /** Bytes, unpacked. */
  readonly size: number;
  /** CRC-32 of the unpacked bytes. */
  readonly crc: number;
  /** The entry of the table as it stands. */
  readonly record: Uint8Array;
}

export interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  /** Where the table begins: everything before it are the files. */
  readonly at: number;
}

/** Something that can be read anywhere: a file, or bytes in memory. */
export interface Readable {
  readonly size: number;
  readonly read: (position: number, length: number) => Promise<Uint8Array>;
}

/** No app has a longer table: a million files. */
const LONGEST_TABLE = 128 * 1024 ** 2;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const SIGNATURE = { end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50, entry: 0x02014b50 };

/**
 * The table of contents of a zip, which stands at its end; no file is read. Undefined when it is no zip, or was cut off.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (4.3.12 to 4.3.16)
 */
export async function readDirectory(source: Readable): Promise<ZipDirectory | undefined> {
  const tailAt = Math.max(0, source.size - END_BYTES - LONGEST_COMMENT);
  const tail = viewOf(await source.read(tailAt, source.size - tailAt));
  const end = endIn(tail);
  if (end === undefined) return undefined;
  const short = {
    count: tail.getUint16(end + 10, true),
    size: tail.getUint32(end + 12, true),
    at: tail.getUint32(end + 16, true),
  };
  const table = (await longTable(source, tail, end - 20)) ?? short;
  if (table.size > LONGEST_TABLE || table.at + table.size > tailAt + end) return undefined;
  const bytes = await source.read(table.at, table.size);
  const entries = entriesIn(bytes, table.count, table.at);
  return entries && { entries, at: table.at };
}

/** Where the record at the very end begins: a comment may follow, and may hold anything. */
function endIn(tail: DataView): number | undefined {
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    const isEnd = tail.getUint32(at, true) === SIGNATURE.end;
    if (isEnd && at + END_BYTES + tail.getUint16(at + 20, true) <= tail.byteLength) return at;
  }
  return undefined;
}

interface Table {
  readonly count: number;
  readonly size: number;
  readonly at: number;
}

/** Zip64: a locator right before the end says where a longer record is. */
async function longTable(source: Readable, tail: DataView, locator: number): Promise<Table | undefined> {
  if (locator < 0 || tail.getUint32(locator, true) !== SIGNATURE.locator64) return undefined;
  const at = Number(tail.getBigUint64(locator + 8, true));
  if (at + 56 > source.size) return undefined;
  const record = viewOf(await source.read(at, 56));
  if (record.getUint32(0, true) !== SIGNATURE.end64) return undefined;
  const number = (offset: number) => Number(record.getBigUint64(offset, true));
  return { count: number(32), size: number(40), at: number(48) };
}

function entriesIn(bytes: Uint8Array, count: number, end: number): readonly ZipEntry[] | undefined {
  const view = viewOf(bytes);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== SIGNATURE.entry) return undefined;
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const length = 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0);
    if (at + length > bytes.length) return undefined;
    const record = bytes.subarray(at, at + length);
    const entry = entryOf(record, nameLength ?? 0, extraLength ?? 0);
    if (entry.at + 30 > end) return undefined;
    entries.push(entry);
    at += length;
  }
  return entries;
}

function entryOf(record: Uint8Array, nameLength: number, extraLength: number): ZipEntry & { readonly at: number } {
  const view = viewOf(record);
  const isUtf8 = (view.getUint16(8, true) & 0x800) !== 0;
  const name = Buffer.from(record.subarray(46, 46 + nameLength)).toString(isUtf8 ? 'utf8' : 'latin1');
  const extra = record.subarray(46 + nameLength, 46 + nameLength + extraLength);
  const [size = 0, , at = 0] = inFull(
    [24, 20, 42].map((offset) => view.getUint32(offset, true)),
    extra,
  );
  return { name, size, crc: view.getUint32(16, true), record, at };
}

/** What does not fit into four bytes stands in an extra field, in this order: size, packed size, place. */
function inFull(short: readonly number[], extra: Uint8Array): readonly number[] {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    let next = at + 4;
    return short.map((value) => {
      if (value !== 0xffffffff || next + 8 > extra.length) return value;
      next += 8;
      return Number(view.getBigUint64(next - 8, true));
    });
  }
  return short;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
