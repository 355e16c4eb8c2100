import { encodeCommand } from '../resp/command-encoder.ts';
import type { Reply } from '../resp/reply.ts';
import { ReplyParser } from '../resp/reply-parser.ts';
import type { Address, Socket, Timer, World } from '../world/world.ts';

const KEEP_ALIVE_SECONDS = 15;

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** A connection to a node. Commands are answered in their order; error replies are values. */
export class AdminClient {
  readonly #world: World;
  readonly #socket: Socket;
  readonly #parser = new ReplyParser();
  readonly #waiting: Waiting[] = [];
  #connected: Waiting | null = null;
  #silence: Timer | null = null;
  /** How long it may be silent; null: as long as it likes. */
  #limitMs: number | null = null;
  #failure: Error | null = null;

  private constructor(world: World, address: Address, connected: Waiting) {
    this.#world = world;
    this.#connected = connected;
    this.#socket = world.network.connect(address, {
      connected: () => {
        this.#socket.setKeepAlive(KEEP_ALIVE_SECONDS);
        this.#silence?.cancel();
        this.#connected?.resolve(null);
        this.#connected = null;
      },
      data: (chunk) => this.#receive(chunk),
      closed: (error) => this.#fail(error ?? new Error('the connection was closed')),
    });
  }

  /** Rejects if there is no connection after `limitMs`. */
  static connect(world: World, address: Address, limitMs: number): Promise<AdminClient> {
    return new Promise((resolve, reject) => {
      const client: AdminClient = new AdminClient(world, address, {
        resolve: () => resolve(client),
        reject,
      });
      client.#expectWithin(limitMs);
    });
  }

  /** Rejects if the connection ends first, or says nothing for `limitMs`; null: for as long as it stands. */
  call(words: readonly string[], limitMs: number | null): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) {
        reject(this.#failure);
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.#socket.write(encodeCommand(words));
      this.#expectWithin(limitMs);
    });
  }

  #expectWithin(limitMs: number | null): void {
    this.#silence?.cancel();
    this.#silence = null;
    this.#limitMs = limitMs;
    if (limitMs === null) return;
    this.#silence = this.#world.timers.after(limitMs, () => {
      this.#fail(new Error(`no answer for ${limitMs / 1000} seconds`));
      this.#socket.destroy();
    });
  }

  #receive(chunk: Buffer): void {
    this.#parser.push(chunk);
    for (let next = this.#parser.next(); next.kind !== 'more'; next = this.#parser.next()) {
      if (next.kind === 'error') {
        this.#fail(new Error(`an answer that makes no sense: ${next.text}`));
        this.#socket.destroy();
        return;
      }
      this.#waiting.shift()?.resolve(next.reply);
    }
    if (this.#waiting.length === 0) this.#silence?.cancel();
    else this.#expectWithin(this.#limitMs);
  }

  #fail(error: Error): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    this.#silence?.cancel();
    this.#connected?.reject(error);
    this.#connected = null;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  close(): void {
    this.#fail(new Error('closed'));
    this.#socket.destroy();
  }
}
