import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls';
import { messageReader, PACKET, toPackets } from './packets.ts';

/**
 * TLS as TDS 7.x carries it: handshake records travel inside packets of type 0x12, afterwards records go raw.
 * The client shows which it is: its first byte that is not a packet of 0x12 ends the handshake for both sides.
 * TLS 1.2 only: in 1.3 a server writes after the handshake, unasked. TLS 1.3 is for {@link startStrictTls}.
 */
export function startTls(socket: Socket, identity: Identity, first: Buffer): TLSSocket {
  return over(new Wire(socket), socket, { ...identity, maxVersion: 'TLSv1.2' }, first);
}

/** TLS as TDS 8.0 carries it: before anything else, so of any version. `first` is what the client has sent already. */
export function startStrictTls(socket: Socket, identity: Identity, first: Buffer): TLSSocket {
  const wire = new Wire(socket);
  wire.isRaw = true;
  return over(wire, socket, { ...identity, minVersion: 'TLSv1.2' }, first);
}

interface Identity {
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
}

function over(wire: Wire, socket: Socket, options: SecureContextOptions, first: Buffer): TLSSocket {
  const secure = new TLSSocket(wire, {
    isServer: true,
    secureContext: createSecureContext(options),
    ALPNProtocols: ['tds/8.0'],
  });
  socket.on('data', (chunk: Buffer) => wire.receive(chunk));
  socket.on('end', () => wire.push(null));
  socket.on('close', () => secure.destroy());
  if (first.length > 0) wire.receive(first);
  return secure;
}

/** The first byte of a TLS handshake. */
export const TLS_HANDSHAKE = 0x16;

class Wire extends Duplex {
  readonly socket: Socket;
  readonly unwrap: (chunk: Buffer) => void;
  isRaw = false;
  flight: Buffer[] = [];

  constructor(socket: Socket) {
    super();
    this.socket = socket;
    this.unwrap = messageReader((message) => this.push(message.payload));
  }

  receive(chunk: Buffer): void {
    if (!this.isRaw && chunk[0] !== PACKET.prelogin) this.isRaw = true;
    if (this.isRaw) this.push(chunk);
    else this.unwrap(chunk);
  }

  override _read(): void {}

  /** All records of one flight go into one message: clients expect exactly one answer to each of theirs. */
  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.isRaw) {
      this.socket.write(chunk, () => done());
      return;
    }
    if (this.flight.length === 0) setImmediate(() => this.flush());
    this.flight.push(chunk);
    done();
  }

  override _final(done: () => void): void {
    this.socket.end();
    done();
  }

  flush(): void {
    const records = Buffer.concat(this.flight);
    this.flight = [];
    if (!this.socket.destroyed) this.socket.write(toPackets(PACKET.prelogin, records, 4096));
  }
}
