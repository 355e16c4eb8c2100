import net from 'node:net';
import { encodeCommand } from '../../src/resp/encoder.ts';
import { isError, type Reply } from '../../src/resp/reply.ts';
import { ReplyParser } from '../../src/resp/reply-parser.ts';

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** A plain RESP client for tests, benchmarks and scripts. Error replies are values, not exceptions. */
export class RespClient {
  readonly #socket: net.Socket;
  readonly #parser = new ReplyParser();
  #waiting: Waiting[] = [];
  #error: Error | null = null;

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => {
      this.#error = error;
    });
    socket.on('close', () => {
      const error = this.#error ?? new Error('Connection closed');
      this.#error = error;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const { reject } of waiting) reject(error);
    });
  }

  /** Rejects if nobody listens there. */
  static connect(port: number, host = '127.0.0.1'): Promise<RespClient> {
    return new Promise((resolve, reject) => {
      const socket = net.connect({ host, port });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new RespClient(socket));
      });
    });
  }

  get closed(): boolean {
    return this.#error !== null;
  }

  #receive(chunk: Buffer): void {
    this.#parser.push(chunk);
    for (let next = this.#parser.next(); next.kind === 'reply'; next = this.#parser.next()) {
      this.#waiting.shift()?.resolve(next.reply);
    }
  }

  /** Sends a command and waits for its reply. Rejects if the connection ends first. */
  call(...words: (string | Uint8Array)[]): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#error !== null) {
        reject(this.#error);
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.#socket.write(encodeCommand(words));
    });
  }

  /** As {@link call}; an error reply rejects. */
  async ok(...words: (string | Uint8Array)[]): Promise<Reply> {
    const reply = await this.call(...words);
    if (isError(reply)) throw new Error(reply.text);
    return reply;
  }

  /** INFO's fields of some sections. */
  async info(section: string): Promise<Record<string, string>> {
    const reply = await this.ok('INFO', section);
    const fields: Record<string, string> = {};
    for (const line of String(reply).split('\r\n')) {
      const colon = line.indexOf(':');
      if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1);
    }
    return fields;
  }

  write(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  close(): void {
    this.#socket.destroy();
  }
}
