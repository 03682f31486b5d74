import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { messageOf } from '../../src/errors.ts';
import { inOneAnswer } from '../model/sql/faults.ts';
import type { SqlFault } from '../model/sql/state.ts';
import { ByteWriter } from './bytes.ts';
import type { TdsHandler, TdsLogin, TdsOutcome, TdsParameter } from './handler-contract.ts';
import { type Login7, parseFedAuthToken, parseLogin7 } from './login7.ts';
import { type Message, messageReader, PACKET, toPackets } from './packets.ts';
import { ENCRYPTION, parsePrelogin, preloginAnswer } from './prelogin.ts';
import { runRpc } from './procedures.ts';
import { parseBatch, parseRpc } from './rpc.ts';
import { startStrictTls, startTls } from './tls.ts';
import * as tokens from './tokens.ts';
import { transactionStatement } from './transaction-manager.ts';

/** The first byte of a TLS record with a handshake; packets of TDS begin otherwise. */
const TLS_HANDSHAKE = 0x16;

export interface TdsOptions {
  readonly tls: { readonly key: string | Buffer; readonly cert: string | Buffer };
  readonly handler: TdsHandler;
  /** Where clients of the ADAL workflow are sent for a token. */
  readonly authority?: string;
}

/** One client's connection: prelogin, TLS, login, then statements one after the other until it goes. */
export class Connection {
  readonly options: TdsOptions;
  readonly socket: Socket;
  stream: Duplex;
  secure: TLSSocket | undefined;
  sessionId: number | undefined;
  server = '';
  packetSize = 4096;
  openTransactions = 0;
  /** Statements of `sp_prepare` by handle. */
  readonly prepared = new Map<number, string>();
  login: Login7 | undefined;
  asksForFedAuth = false;
  abort = new AbortController();
  queue: Promise<void> = Promise.resolve();

  constructor(socket: Socket, options: TdsOptions) {
    this.options = options;
    this.socket = socket;
    this.stream = socket;
    socket.setNoDelay(true);
    const read = messageReader((message) => this.prelogin(message));
    socket.on('data', (chunk: Buffer) => {
      if (chunk[0] === TLS_HANDSHAKE) return this.beginStrict(chunk);
      try {
        read(chunk);
      } catch {
        socket.destroy();
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.leave());
  }

  /** Ends the connection, as a killed session's. */
  close(): void {
    this.socket.destroy();
  }

  leave(): void {
    this.abort.abort();
    if (this.sessionId !== undefined) this.options.handler.logout(this.sessionId);
    this.sessionId = undefined;
  }

  /** TDS 8: the client begins with TLS, and everything, the prelogin too, is inside. */
  beginStrict(first: Buffer): void {
    this.socket.removeAllListeners('data');
    // Paused, or what is given back is lost before TLS reads it.
    this.socket.pause();
    this.socket.unshift(first);
    this.secure = startStrictTls(this.socket, this.options.tls);
    this.listenInside(this.secure);
  }

  prelogin(message: Message): void {
    if (message.type !== PACKET.prelogin) {
      this.socket.destroy();
      return;
    }
    const asked = parsePrelogin(message.payload);
    this.asksForFedAuth = asked.asksForFedAuth;
    this.socket.write(toPackets(PACKET.answer, preloginAnswer(asked), 4096));
    this.socket.removeAllListeners('data');
    if (asked.encryption === ENCRYPTION.notSupported) {
      this.socket.end();
      return;
    }
    this.secure = startTls(this.socket, this.options.tls, Buffer.alloc(0));
    this.listenInside(this.secure);
  }

  listenInside(secure: TLSSocket): void {
    this.stream = secure;
    const read = messageReader((one) => this.receive(one));
    secure.on('data', (chunk: Buffer) => {
      try {
        read(chunk);
      } catch {
        this.socket.destroy();
      }
    });
    secure.on('error', () => this.socket.destroy());
  }

  receive(message: Message): void {
    if (message.type === PACKET.attention) this.abort.abort();
    this.queue = this.queue.then(() => this.answer(message)).catch((error: unknown) => this.fail(error));
  }

  async answer(message: Message): Promise<void> {
    if (message.type === PACKET.prelogin) {
      const asked = parsePrelogin(message.payload);
      this.asksForFedAuth = asked.asksForFedAuth;
      return this.sendBytes(preloginAnswer(asked));
    }
    if (message.type === PACKET.attention) {
      this.abort = new AbortController();
      this.send((out) => tokens.writeDone(out, tokens.DONE_TOKEN.batch, tokens.DONE.attention));
      return;
    }
    if (message.type === PACKET.login7) return this.startLogin(parseLogin7(message.payload));
    if (message.type === PACKET.fedAuthToken && this.login !== undefined)
      return this.finishLogin(this.login, parseFedAuthToken(message.payload));
    if (this.sessionId === undefined) throw new Error(`a packet of type ${message.type} before the login`);
    if (message.wantsReset) {
      this.options.handler.reset(this.sessionId);
      this.openTransactions = 0;
    }
    if (message.type === PACKET.batch) return this.runBatch(parseBatch(message.payload));
    if (message.type === PACKET.transactionManager) return this.runBatch(transactionStatement(message.payload));
    if (message.type !== PACKET.rpc) throw new Error(`packets of type ${message.type} are not modelled`);
    const out = new ByteWriter();
    const requests = parseRpc(message.payload);
    for (const [place, request] of requests.entries()) await runRpc(this, out, request, place < requests.length - 1);
    this.sendBytes(out.done());
  }

  startLogin(login: Login7): Promise<void> {
    this.login = login;
    this.packetSize = Math.min(Math.max(login.packetSize || 4096, 512), 32_767);
    if (login.fedAuth?.kind !== 'workflow') return this.finishLogin(login, login.fedAuth?.token);
    this.send((out) =>
      tokens.writeFedAuthInfo(out, this.options.authority ?? 'https://login.microsoftonline.com/common'),
    );
    return Promise.resolve();
  }

  async finishLogin(login: Login7, token: string | undefined): Promise<void> {
    const request: TdsLogin = {
      host: login.serverName,
      database: login.database,
      user: login.user,
      password: login.password,
      token,
      hostName: login.hostName,
      programName: login.programName,
      hostProcessId: login.processId,
      tls: this.secure?.getProtocol() === 'TLSv1.3' ? '1.3' : '1.2',
      remoteAddress: (this.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    };
    const answer = login.usesIntegratedSecurity
      ? {
          kind: 'fault' as const,
          number: 18452,
          class: 14,
          state: 1,
          message:
            'Login failed. The login is from an untrusted domain and cannot be used with Integrated authentication.',
        }
      : await this.options.handler.login(request);
    if (answer.kind === 'fault') {
      this.refuse(answer);
      return;
    }
    if (this.socket.destroyed) {
      this.options.handler.logout(answer.sessionId);
      return;
    }
    this.sessionId = answer.sessionId;
    this.server = answer.server;
    const size = String(this.packetSize);
    this.send((out) => {
      tokens.writeTextChange(out, 1, answer.database, 'master');
      tokens.writeInfo(out, 5701, `Changed database context to '${answer.database}'.`, answer.server);
      tokens.writeCollationChange(out);
      tokens.writeTextChange(out, 2, 'us_english', '');
      tokens.writeInfo(out, 5703, 'Changed language setting to us_english.', answer.server);
      tokens.writeLoginAck(out);
      tokens.writeTextChange(out, 4, size, size);
      if (token !== undefined) tokens.writeFedAuthAck(out);
      tokens.writeDone(out, tokens.DONE_TOKEN.batch, 0);
    });
  }

  /** Runs a statement in the session; the handler's own failure becomes error 50000 that names it. */
  async run(sql: string, parameters: Readonly<Record<string, TdsParameter>> | undefined): Promise<TdsOutcome> {
    try {
      return await this.options.handler.statement(this.sessionId ?? -1, sql, parameters, this.abort.signal);
    } catch (error) {
      return { parts: [failure(error)], openTransactions: this.openTransactions };
    }
  }

  async runBatch(sql: string): Promise<void> {
    const out = new ByteWriter();
    const outcome = await this.run(sql, undefined);
    this.writeParts(out, outcome, tokens.DONE_TOKEN.batch, false);
    this.sendBytes(out.done());
  }

  /** Writes what a statement gave. In a procedure (`isInner`) its end is written by the caller. */
  writeParts(out: ByteWriter, outcome: TdsOutcome, token: number, isInner: boolean): void {
    this.writeTransactionChange(out, outcome.openTransactions);
    const { parts } = outcome;
    let endsConnection = false;
    for (const [place, part] of parts.entries()) {
      const more = isInner || place < parts.length - 1 ? tokens.DONE.more : 0;
      if (part.kind === 'message') tokens.writeInfo(out, 0, part.text, this.server);
      if (part.kind === 'message' && more !== 0) continue;
      if (part.kind === 'rows' && part.columns.length > 0) {
        tokens.writeRows(out, part.columns, part.rows);
        tokens.writeDone(out, token, more | tokens.DONE.count, part.rows.length);
      } else if (part.kind === 'count' && part.count !== undefined) {
        tokens.writeDone(out, token, more | tokens.DONE.count, part.count);
      } else if (part.kind === 'fault') {
        tokens.writeError(out, part, this.server);
        tokens.writeDone(out, token, more | tokens.DONE.error);
        endsConnection ||= part.class >= 20;
      } else tokens.writeDone(out, token, more);
    }
    if (parts.length === 0 && !isInner) tokens.writeDone(out, token, 0);
    if (endsConnection) setImmediate(() => this.socket.end());
  }

  writeTransactionChange(out: ByteWriter, openTransactions: number): void {
    const [before, after] = [this.openTransactions > 0, openTransactions > 0];
    this.openTransactions = openTransactions;
    const id = Buffer.alloc(8);
    id.writeUInt32LE((this.sessionId ?? 0) + 1);
    if (!before && after) tokens.writeBytesChange(out, 8, id, Buffer.alloc(0));
    if (before && !after) tokens.writeBytesChange(out, 9, Buffer.alloc(0), id);
  }

  refuse(fault: SqlFault): void {
    this.send((out) => {
      for (const each of inOneAnswer(fault)) tokens.writeError(out, each, this.server);
      tokens.writeDone(out, tokens.DONE_TOKEN.batch, tokens.DONE.error);
    });
    this.stream.end();
  }

  fail(error: unknown): void {
    if (this.socket.destroyed) return;
    this.refuse(failure(error));
  }

  send(write: (out: ByteWriter) => void): void {
    const out = new ByteWriter();
    write(out);
    this.sendBytes(out.done());
  }

  sendBytes(bytes: Buffer): void {
    if (!this.stream.destroyed) this.stream.write(toPackets(PACKET.answer, bytes, this.packetSize, this.sessionId));
  }
}

function failure(error: unknown): SqlFault {
  return {
    kind: 'fault',
    number: 50000,
    class: 16,
    state: 1,
    message: messageOf(error),
  };
}
