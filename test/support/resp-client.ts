import net from 'node:net';
import { encodeCommand } from '../../src/resp/command-encoder.ts';
import { DoubleReply, isError, type Reply } from '../../src/resp/reply.ts';
import { ReplyParser } from '../../src/resp/reply-parser.ts';

/** What a reply says, whatever its type: the text of an error or a status, a number, `null`. */
export function replyText(reply: Reply): string {
  if (typeof reply !== 'object' || reply === null) return String(reply);
  if (reply instanceof DoubleReply) return reply.text ?? String(reply.value);
  return 'text' in reply ? reply.text : String(reply);
}

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** A plain RESP client for tests, benchmarks and scripts. Error replies are values, not exceptions. */
export class RespClient {
  readonly #socket: net.Socket;
  readonly #parser = new ReplyParser();
  #waiting: Waiting[] = [];
  #head = 0;
  #error: Error | null = null;

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => {
      this.#error = error;
    });
    socket.on('close', () => this.#fail(this.#error ?? new Error('Connection closed')));
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

  /** Replies that are still to come. */
  get pending(): number {
    return this.#waiting.length - this.#head;
  }

  #fail(error: Error): void {
    this.#error = error;
    const waiting = this.#waiting.slice(this.#head);
    this.#waiting = [];
    this.#head = 0;
    for (const { reject } of waiting) reject(error);
  }

  #receive(chunk: Buffer): void {
    this.#parser.push(chunk);
    for (let next = this.#parser.next(); next.kind !== 'more'; next = this.#parser.next()) {
      if (next.kind === 'error') {
        this.#socket.destroy(new Error(`The server's reply is no RESP: ${next.text}`));
        return;
      }
      this.#waiting[this.#head++]?.resolve(next.reply);
      if (this.#head === this.#waiting.length) {
        this.#waiting = [];
        this.#head = 0;
      }
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

  /** Sends all commands in one go; the replies in their order. */
  pipeline(commands: readonly (readonly (string | Uint8Array)[])[]): Promise<Reply[]> {
    const replies = commands.map(
      () =>
        new Promise<Reply>((resolve, reject) => {
          if (this.#error !== null) reject(this.#error);
          else this.#waiting.push({ resolve, reject });
        }),
    );
    if (this.#error === null) {
      this.#socket.write(Buffer.concat(commands.map((words) => encodeCommand(words))));
    }
    return Promise.all(replies);
  }

  /** Waits for one more reply than were asked for with {@link call}, after a {@link write}. */
  next(): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#error !== null) reject(this.#error);
      else this.#waiting.push({ resolve, reject });
    });
  }

  /** INFO's fields of some sections. */
  async info(section: string): Promise<Record<string, string>> {
    const reply = await this.ok('INFO', section);
    const fields: Record<string, string> = {};
    for (const line of replyText(reply).split('\r\n')) {
      const colon = line.indexOf(':');
      if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1);
    }
    return fields;
  }

  write(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Takes no more bytes from the server until {@link resume}. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Resolves when the connection has ended, whoever ended it. */
  ended(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.closed) resolve();
      else this.#socket.once('close', () => resolve());
    });
  }

  close(): void {
    this.#socket.destroy();
  }
}
