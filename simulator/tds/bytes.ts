/** Collects bytes of a message, little endian unless said otherwise. */
export class ByteWriter {
  readonly parts: Buffer[] = [];

  uint8(value: number): this {
    return this.bytes(Buffer.of(value & 0xff));
  }

  uint16(value: number): this {
    const buffer = Buffer.alloc(2);
    buffer.writeUInt16LE(value & 0xffff);
    return this.bytes(buffer);
  }

  uint32(value: number): this {
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32LE(value >>> 0);
    return this.bytes(buffer);
  }

  int32(value: number): this {
    const buffer = Buffer.alloc(4);
    buffer.writeInt32LE(value);
    return this.bytes(buffer);
  }

  uint64(value: bigint): this {
    const buffer = Buffer.alloc(8);
    buffer.writeBigUInt64LE(BigInt.asUintN(64, value));
    return this.bytes(buffer);
  }

  bytes(value: Uint8Array): this {
    this.parts.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    return this;
  }

  /** A string with its length in characters in one byte. */
  shortText(text: string): this {
    return this.uint8(text.length).bytes(Buffer.from(text, 'utf16le'));
  }

  /** A string with its length in characters in two bytes. */
  longText(text: string): this {
    return this.uint16(text.length).bytes(Buffer.from(text, 'utf16le'));
  }

  done(): Buffer {
    return Buffer.concat(this.parts);
  }
}

/** Reads a message from its start; throws a RangeError past its end. */
export class ByteReader {
  readonly buffer: Buffer;
  place: number;
  constructor(buffer: Buffer, place = 0) {
    this.buffer = buffer;
    this.place = place;
  }

  get isDone(): boolean {
    return this.place >= this.buffer.length;
  }

  uint8(): number {
    return this.buffer.readUInt8(this.advance(1));
  }

  uint16(): number {
    return this.buffer.readUInt16LE(this.advance(2));
  }

  uint32(): number {
    return this.buffer.readUInt32LE(this.advance(4));
  }

  int32(): number {
    return this.buffer.readInt32LE(this.advance(4));
  }

  uint64(): bigint {
    return this.buffer.readBigUInt64LE(this.advance(8));
  }

  bytes(length: number): Buffer {
    const start = this.advance(length);
    if (start + length > this.buffer.length) throw new RangeError('a TDS message ends too early');
    return this.buffer.subarray(start, start + length);
  }

  /** UTF-16 text of so many characters. */
  text(characters: number): string {
    return this.bytes(characters * 2).toString('utf16le');
  }

  advance(length: number): number {
    const start = this.place;
    this.place += length;
    return start;
  }
}
