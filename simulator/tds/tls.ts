import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket } from 'node:tls';
import { messageReader, PACKET, toPackets } from './packets.ts';

/**
 * TLS as TDS 7.x carries it: handshake records travel inside packets of type 0x12, afterwards records go raw.
 * The client shows which it is: its first byte that is not a packet of 0x12 ends the handshake for both sides.
 * TLS 1.2 only: in 1.3 a server writes after the handshake, unasked.
 */
export function startTls(
  socket: Socket,
  identity: { key: string | Buffer; cert: string | Buffer },
  first: Buffer,
): TLSSocket {
  const wire = new Wire(socket);
  const secure = new TLSSocket(wire, {
    isServer: true,
    secureContext: createSecureContext({ key: identity.key, cert: identity.cert, maxVersion: 'TLSv1.2' }),
  });
  socket.on('data', (chunk: Buffer) => wire.receive(chunk));
  socket.on('end', () => wire.push(null));
  socket.on('close', () => secure.destroy());
  if (first.length > 0) wire.receive(first);
  return secure;
}

/**
 * TLS as TDS 8 carries it: first of all, with ALPN, and in any version that both know.
 * https://learn.microsoft.com/sql/relational-databases/security/networking/tds-8
 */
export function startStrictTls(socket: Socket, identity: { key: string | Buffer; cert: string | Buffer }): TLSSocket {
  const { key, cert } = identity;
  return new TLSSocket(socket, {
    isServer: true,
    secureContext: createSecureContext({ key, cert }),
    ALPNProtocols: ['tds/8.0'],
  });
}

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
