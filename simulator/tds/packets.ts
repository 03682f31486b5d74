/** Kinds of TDS packets. Source: MS-TDS 2.2.3.1.1, https://learn.microsoft.com/openspecs/windows_protocols/ms-tds */
export const PACKET = {
  batch: 0x01,
  rpc: 0x03,
  answer: 0x04,
  attention: 0x06,
  bulkLoad: 0x07,
  fedAuthToken: 0x08,
  transactionManager: 0x0e,
  login7: 0x10,
  prelogin: 0x12,
} as const;

const HEADER = 8;
const LAST = 0x01;
const RESET = 0x08 | 0x10;

export interface Message {
  readonly type: number;
  /** The client asks for a clean session first (connection pools do). */
  readonly wantsReset: boolean;
  readonly payload: Buffer;
}

/** Puts packets together to messages as bytes arrive. Returns the function to feed. */
export function messageReader(onMessage: (message: Message) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let parts: Buffer[] = [];
  let wantsReset = false;
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= HEADER) {
      const length = rest.readUInt16BE(2);
      if (length < HEADER) throw new Error('a TDS packet is shorter than its header');
      if (rest.length < length) return;
      const type = rest.readUInt8(0);
      const status = rest.readUInt8(1);
      parts.push(rest.subarray(HEADER, length));
      rest = rest.subarray(length);
      if ((status & RESET) !== 0) wantsReset = true;
      if ((status & LAST) === 0) continue;
      const message: Message = {
        type,
        wantsReset,
        payload: parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts),
      };
      parts = [];
      wantsReset = false;
      onMessage(message);
    }
  };
}

/** Cuts a message into packets of at most `size` bytes. */
export function toPackets(type: number, payload: Buffer, size: number, spid = 0): Buffer {
  const room = size - HEADER;
  const packets: Buffer[] = [];
  for (let start = 0, number = 1; start === 0 || start < payload.length; start += room, number += 1) {
    const part = payload.subarray(start, start + room);
    const header = Buffer.alloc(HEADER);
    header.writeUInt8(type, 0);
    header.writeUInt8(start + room >= payload.length ? LAST : 0, 1);
    header.writeUInt16BE(part.length + HEADER, 2);
    header.writeUInt16BE(spid & 0xffff, 4);
    header.writeUInt8(number & 0xff, 6);
    packets.push(header, part);
  }
  return Buffer.concat(packets);
}
