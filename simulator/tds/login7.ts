import { ByteReader } from './bytes.ts';

export interface Login7 {
  readonly tdsVersion: number;
  readonly packetSize: number;
  readonly processId: number;
  readonly hostName: string;
  readonly user: string;
  readonly password: string;
  readonly programName: string;
  readonly serverName: string;
  readonly database: string;
  readonly usesIntegratedSecurity: boolean;
  readonly fedAuth: { readonly kind: 'token'; readonly token: string } | { readonly kind: 'workflow' } | undefined;
}

const FED_AUTH = 0x02;
const LIBRARY = { securityToken: 1, workflow: 2 } as const;

/** Reads a LOGIN7 message. Source: MS-TDS 2.2.6.4. */
export function parseLogin7(payload: Buffer): Login7 {
  const text = (place: number) => {
    const start = payload.readUInt16LE(place);
    return payload.subarray(start, start + payload.readUInt16LE(place + 2) * 2);
  };
  const optionFlags2 = payload.readUInt8(25);
  const optionFlags3 = payload.readUInt8(27);
  const hasExtension = (optionFlags3 & 0x10) !== 0;
  return {
    tdsVersion: payload.readUInt32LE(4),
    packetSize: payload.readUInt32LE(8),
    processId: payload.readUInt32LE(16),
    hostName: text(36).toString('utf16le'),
    user: text(40).toString('utf16le'),
    password: unscramble(text(44)).toString('utf16le'),
    programName: text(48).toString('utf16le'),
    serverName: text(52).toString('utf16le'),
    database: text(68).toString('utf16le'),
    usesIntegratedSecurity: (optionFlags2 & 0x80) !== 0,
    fedAuth: hasExtension ? parseExtension(payload) : undefined,
  };
}

/** Passwords travel with their half bytes exchanged and XORed. */
function unscramble(bytes: Buffer): Buffer {
  return Buffer.from(
    bytes.map((one) => {
      const plain = one ^ 0xa5;
      return ((plain << 4) | (plain >> 4)) & 0xff;
    }),
  );
}

function parseExtension(payload: Buffer): Login7['fedAuth'] {
  const reader = new ByteReader(payload, payload.readUInt32LE(payload.readUInt16LE(56)));
  while (!reader.isDone) {
    const feature = reader.uint8();
    if (feature === 0xff) return undefined;
    const data = new ByteReader(reader.bytes(reader.uint32()));
    if (feature !== FED_AUTH) continue;
    const library = data.uint8() >> 1;
    if (library === LIBRARY.securityToken) return { kind: 'token', token: data.text(data.uint32() / 2) };
    if (library === LIBRARY.workflow) return { kind: 'workflow' };
    throw new Error(`federated authentication with library ${library} is not modelled`);
  }
  return undefined;
}

/** Reads the message that answers FEDAUTHINFO. */
export function parseFedAuthToken(payload: Buffer): string {
  const reader = new ByteReader(payload);
  reader.uint32();
  return reader.text(reader.uint32() / 2);
}
