import { ByteReader } from './bytes.ts';
import { type Parameter, readParameters } from './parameters.ts';

export interface RpcRequest {
  /** Lower case, without schema. */
  readonly procedure: string;
  readonly parameters: readonly Parameter[];
}

const BY_NUMBER: Record<number, string> = {
  10: 'sp_executesql',
  11: 'sp_prepare',
  12: 'sp_execute',
  13: 'sp_prepexec',
  15: 'sp_unprepare',
};

/** Reads the requests of an RPC message (usually one). */
export function parseRpc(payload: Buffer): RpcRequest[] {
  const reader = new ByteReader(payload, payload.readUInt32LE(0));
  const requests: RpcRequest[] = [];
  while (!reader.isDone) {
    const length = reader.uint16();
    const procedure = length === 0xffff ? numbered(reader.uint16()) : reader.text(length);
    reader.uint16(); // option flags
    requests.push({ procedure: plainName(procedure), parameters: readParameters(reader) });
    if (!reader.isDone) reader.uint8(); // BatchFlag
  }
  return requests;
}

/** The text of a batch message, behind its headers. */
export function parseBatch(payload: Buffer): string {
  return payload.toString('utf16le', payload.readUInt32LE(0));
}

function numbered(number: number): string {
  const name = BY_NUMBER[number];
  if (name === undefined) throw new Error(`the stored procedure number ${number} (cursors) is not modelled`);
  return name;
}

function plainName(name: string): string {
  const last = name.split('.').at(-1) ?? name;
  return last.replace(/^\[|\]$/g, '').toLowerCase();
}
