import type { SqlFault } from '../model/sql/state.ts';
import type { ByteWriter } from './bytes.ts';
import { ByteWriter as Writer } from './bytes.ts';
import type { TdsColumn, TdsValue } from './handler-contract.ts';
import { COLLATION, isLongColumn, writeType, writeValue } from './values.ts';

/** Bits of a DONE token. */
export const DONE = { more: 0x01, error: 0x02, count: 0x10, attention: 0x20 } as const;
export const DONE_TOKEN = { batch: 0xfd, procedure: 0xfe, inProcedure: 0xff } as const;

const TDS_74 = Buffer.of(0x74, 0x00, 0x00, 0x04);

export function writeDone(out: ByteWriter, token: number, status: number, count = 0): void {
  out.uint8(token).uint16(status).uint16(0xc1).uint64(BigInt(count));
}

export function writeError(out: ByteWriter, fault: SqlFault, server: string): void {
  writeNotice(out, 0xaa, fault.number, fault.state, fault.class, fault.message, server);
}

export function writeInfo(out: ByteWriter, number: number, text: string, server: string): void {
  writeNotice(out, 0xab, number, 1, number === 0 ? 0 : 10, text, server);
}

function writeNotice(
  out: ByteWriter,
  token: number,
  number: number,
  state: number,
  severity: number,
  text: string,
  server: string,
): void {
  const body = new Writer()
    .int32(number)
    .uint8(state)
    .uint8(severity)
    .longText(text)
    .shortText(server)
    .shortText('')
    .uint32(1)
    .done();
  out.uint8(token).uint16(body.length).bytes(body);
}

/** Environment changes with text values: 1 database, 2 language, 4 packet size. */
export function writeTextChange(out: ByteWriter, kind: 1 | 2 | 4, now: string, before: string): void {
  const body = new Writer().uint8(kind).shortText(now).shortText(before).done();
  out.uint8(0xe3).uint16(body.length).bytes(body);
}

/** Environment changes with bytes: 7 collation, 8 begin, 9 commit, 10 rollback of a transaction. */
export function writeBytesChange(out: ByteWriter, kind: 7 | 8 | 9 | 10, now: Uint8Array, before: Uint8Array): void {
  const body = new Writer().uint8(kind).uint8(now.length).bytes(now).uint8(before.length).bytes(before).done();
  out.uint8(0xe3).uint16(body.length).bytes(body);
}

export function writeCollationChange(out: ByteWriter): void {
  writeBytesChange(out, 7, COLLATION, Buffer.alloc(0));
}

export function writeLoginAck(out: ByteWriter): void {
  const body = new Writer()
    .uint8(1)
    .bytes(TDS_74)
    .shortText('Microsoft SQL Server')
    .bytes(Buffer.of(12, 0, 0x07, 0xd0))
    .done();
  out.uint8(0xad).uint16(body.length).bytes(body);
}

/** Acknowledges federated authentication, as clients insist. */
export function writeFedAuthAck(out: ByteWriter): void {
  out.uint8(0xae).uint8(0x02).uint32(0).uint8(0xff);
}

/** Where a client of the ADAL workflow gets its token. */
export function writeFedAuthInfo(out: ByteWriter, authority: string): void {
  const [url, spn] = [Buffer.from(authority, 'utf16le'), Buffer.from('https://database.windows.net/', 'utf16le')];
  const head = 4 + 2 * 9;
  const body = new Writer()
    .uint32(2)
    .uint8(0x01)
    .uint32(url.length)
    .uint32(head)
    .uint8(0x02)
    .uint32(spn.length)
    .uint32(head + url.length)
    .bytes(url)
    .bytes(spn)
    .done();
  out.uint8(0xee).uint32(body.length).bytes(body);
}

/** COLMETADATA and ROW tokens. */
export function writeRows(
  out: ByteWriter,
  columns: readonly TdsColumn[],
  rows: readonly (readonly TdsValue[])[],
): void {
  const long = columns.map((column, place) =>
    isLongColumn(
      column,
      rows.map((row) => row[place]),
    ),
  );
  out.uint8(0x81).uint16(columns.length);
  for (const [place, column] of columns.entries()) {
    out.uint32(0).uint16(0x0009); // nullable, updatable unknown
    writeType(out, column, long[place] === true);
    out.shortText(column.name);
  }
  for (const row of rows) {
    out.uint8(0xd1);
    for (const [place, column] of columns.entries()) writeValue(out, column, row[place] ?? null, long[place] === true);
  }
}

export function writeReturnStatus(out: ByteWriter, status: number): void {
  out.uint8(0x79).int32(status);
}

/** The final value of an OUTPUT parameter. */
export function writeReturnValue(out: ByteWriter, ordinal: number, type: TdsColumn, value: TdsValue): void {
  const isLong = isLongColumn(type, [value]);
  out
    .uint8(0xac)
    .uint16(ordinal)
    .shortText(type.name === '' ? '' : `@${type.name}`)
    .uint8(0x01)
    .uint32(0)
    .uint16(0);
  writeType(out, type, isLong);
  writeValue(out, type, value, isLong);
}
