import { ByteWriter } from './bytes.ts';

/** What a client announces before it logs in. */
interface Prelogin {
  readonly encryption: number;
  readonly asksForFedAuth: boolean;
  readonly hasNonce: boolean;
}

export const ENCRYPTION = { off: 0, on: 1, notSupported: 2, required: 3 } as const;

const OPTION = { version: 0, encryption: 1, instance: 2, thread: 3, mars: 4, fedAuth: 6, nonce: 7, end: 0xff } as const;

export function parsePrelogin(payload: Buffer): Prelogin {
  const options = new Map<number, Buffer>();
  for (let place = 0; payload[place] !== undefined && payload[place] !== OPTION.end; place += 5) {
    const start = payload.readUInt16BE(place + 1);
    options.set(payload.readUInt8(place), payload.subarray(start, start + payload.readUInt16BE(place + 3)));
  }
  return {
    encryption: options.get(OPTION.encryption)?.[0] ?? ENCRYPTION.notSupported,
    asksForFedAuth: (options.get(OPTION.fedAuth)?.[0] ?? 0) === 1,
    hasNonce: options.has(OPTION.nonce),
  };
}

/** Azure SQL encrypts always: a client that would rather not is told that it is required. */
export function preloginAnswer(asked: Prelogin): Buffer {
  const encryption = asked.encryption === ENCRYPTION.on ? ENCRYPTION.on : ENCRYPTION.required;
  const options: [number, Buffer][] = [
    [OPTION.version, Buffer.of(12, 0, 0x07, 0xd0, 0, 0)],
    [OPTION.encryption, Buffer.of(encryption)],
    [OPTION.instance, Buffer.of(0)],
    [OPTION.thread, Buffer.alloc(0)],
    [OPTION.mars, Buffer.of(0)],
    ...(asked.asksForFedAuth ? [[OPTION.fedAuth, Buffer.of(1)] satisfies [number, Buffer]] : []),
  ];
  const head = Buffer.alloc(options.length * 5 + 1, OPTION.end);
  const body = new ByteWriter();
  let start = head.length;
  for (const [place, [option, data]] of options.entries()) {
    head.writeUInt8(option, place * 5);
    head.writeUInt16BE(start, place * 5 + 1);
    head.writeUInt16BE(data.length, place * 5 + 3);
    start += data.length;
    body.bytes(data);
  }
  return Buffer.concat([head, body.done()]);
}
