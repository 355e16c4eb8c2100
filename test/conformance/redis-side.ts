import { connect, type Socket } from 'node:net';
import type { Words } from './generator.ts';

/** Bytes of one write; a command that is longer is a write of its own. */
const WRITE_BYTES = 256 * 1024;
const MARK = 'the end of the batch';
const MARK_REPLY = Buffer.from(`+RESET\r\n$${MARK.length}\r\n${MARK}\r\n`, 'latin1');

/** A connection to a Redis over which batches are sent whole, and answered with raw bytes. */
export class RedisSide {
  readonly #socket: Socket;
  #chunks: Buffer[] = [];
  #settle: ((error?: Error) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#settle?.(error));
    socket.on('close', () => this.#settle?.(new Error('Redis closed the connection')));
  }

  static async connect(port: number): Promise<RedisSide> {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new RedisSide(socket);
  }

  /** All replies, one after another. No other batch may be under way; the connection is reset. */
  async batch(commands: readonly Words[]): Promise<Buffer> {
    this.#chunks = [];
    const settled = new Promise<void>((resolve, reject) => {
      this.#settle = (error) => (error === undefined ? resolve() : reject(error));
    });
    let text = '';
    // A transaction that was left open would take the mark in.
    for (const words of [...commands, ['RESET'], ['ECHO', MARK]]) {
      text += `*${words.length}\r\n`;
      for (const word of words) text += `$${word.length}\r\n${word}\r\n`;
      if (text.length < WRITE_BYTES) continue;
      this.#socket.write(Buffer.from(text, 'latin1'));
      text = '';
    }
    this.#socket.write(Buffer.from(text, 'latin1'));
    await settled;
    const all = Buffer.concat(this.#chunks);
    return all.subarray(0, all.length - MARK_REPLY.length);
  }

  close(): void {
    this.#settle = undefined;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    if (this.#endsWithMark()) this.#settle?.();
  }

  #endsWithMark(): boolean {
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.length >= MARK_REPLY.length) {
      return last.subarray(last.length - MARK_REPLY.length).equals(MARK_REPLY);
    }
    const end = Buffer.concat(this.#chunks.slice(-4));
    return (
      end.length >= MARK_REPLY.length &&
      end.subarray(end.length - MARK_REPLY.length).equals(MARK_REPLY)
    );
  }
}
