import { encodeCommand } from '../../src/resp/command-encoder.ts';
import { isError, PushReply, type Reply } from '../../src/resp/reply.ts';
import { ReplyParser } from '../../src/resp/reply-parser.ts';
import type { Address, Socket, Timer, World } from '../../src/world/world.ts';

/**
 * What became of a command. `unknown`: it was sent, and the connection ended or the time was up
 * before a reply. `unsent`: it was never sent, so it was not executed.
 */
export type Outcome =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'unsent'; readonly reason: string };

export type Words = readonly (string | Uint8Array)[];

export interface SimClientOptions {
  /** The world of a machine of its own, or of one that it shares with other clients. */
  readonly world: World;
  /** Tried in turn whenever a connection ends. */
  readonly addresses: readonly Address[];
  /** Whether a command that is answered with MOVED is sent again where that points. Default yes. */
  readonly followMoved?: boolean;
  /** Milliseconds between connections. Default 50. */
  readonly reconnectDelay?: number;
  /** Milliseconds before a command is given up; 0, the default, is never. */
  readonly timeout?: number;
  /** Sent first on every connection; the replies are dropped. */
  readonly greeting?: readonly Words[];
  /** RESP3 push messages. */
  readonly push?: (message: PushReply) => void;
}

/** A command follows MOVED so often, then the error is its reply. */
const MAX_REDIRECTS = 8;

interface Command {
  readonly bytes: Buffer;
  readonly done: (outcome: Outcome) => void;
  redirects: number;
  timer: Timer | null;
}

/** A Redis client in virtual time: one connection at a time, commands pipelined as they come. */
export class SimClient {
  readonly #options: SimClientOptions;
  #socket: Socket | null = null;
  #parser: ReplyParser = new ReplyParser();
  #standing = false;
  #closed = false;
  #connections = 0;
  #next = 0;
  /** Where the next connection goes, if a MOVED said so. */
  #target: Address | null = null;
  #address: Address | null = null;
  #reconnect: Timer | null = null;
  /** Replies of the greeting that are still to come. */
  #greetings = 0;
  #queue: Command[] = [];
  /** Sent, and waiting for replies in this order. */
  #sent: Command[] = [];
  /** Answered with MOVED; they go out again before the queue. */
  #moved: Command[] = [];

  constructor(options: SimClientOptions) {
    this.#options = options;
    this.#connect();
  }

  /** Where it is connected or connecting to. */
  get address(): Address | null {
    return this.#address;
  }

  /** The number of its connection, another for each; 0 while there is none. */
  get connection(): number {
    return this.#standing ? this.#connections : 0;
  }

  /** Commands without an outcome. */
  get outstanding(): number {
    return this.#queue.length + this.#sent.length + this.#moved.length;
  }

  /** `done` is called exactly once. */
  send(words: Words, done: (outcome: Outcome) => void): void {
    if (this.#closed) {
      done({ kind: 'unsent', reason: 'client closed' });
      return;
    }
    const command: Command = { bytes: encodeCommand(words), done, redirects: 0, timer: null };
    const { timeout = 0, world } = this.#options;
    if (timeout > 0) command.timer = world.timers.after(timeout, () => this.#giveUp(command));
    this.#queue.push(command);
    this.#flush();
  }

  /** Ends the connection on purpose, to connect again after the usual delay. */
  disconnect(): void {
    this.#socket?.destroy();
    this.#lost('disconnected');
  }

  /** Nothing is sent or received any more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket?.destroy();
    this.#lost('client closed');
    for (const command of [...this.#moved, ...this.#queue]) {
      finish(command, { kind: 'unsent', reason: 'client closed' });
    }
    this.#moved = [];
    this.#queue = [];
  }

  #connect(): void {
    const { addresses, world } = this.#options;
    const address = this.#target ?? addresses[this.#next % addresses.length];
    if (address === undefined) return;
    if (this.#target === null) this.#next += 1;
    this.#target = null;
    this.#address = address;
    this.#parser = new ReplyParser();
    const socket: Socket = world.network.connect(address, {
      connected: () => {
        if (this.#socket === socket) this.#greet();
      },
      data: (chunk) => {
        if (this.#socket === socket) this.#read(chunk);
      },
      closed: (error) => {
        if (this.#socket === socket) this.#lost(error?.message ?? 'connection closed');
      },
    });
    this.#socket = socket;
  }

  #greet(): void {
    this.#standing = true;
    this.#connections++;
    const greeting = this.#options.greeting ?? [];
    this.#greetings = greeting.length;
    for (const words of greeting) this.#socket?.write(encodeCommand(words));
    this.#flush();
  }

  #flush(): void {
    if (!this.#standing || this.#target !== null) return;
    const commands = [...this.#moved, ...this.#queue];
    if (commands.length === 0) return;
    this.#moved = [];
    this.#queue = [];
    this.#sent.push(...commands);
    this.#socket?.writev(commands.map((command) => command.bytes));
  }

  #read(chunk: Buffer): void {
    this.#parser.push(chunk);
    while (this.#socket !== null) {
      const parsed = this.#parser.next();
      if (parsed.kind === 'more') return;
      if (parsed.kind === 'error') {
        this.#socket.destroy();
        this.#lost(`bad reply: ${parsed.text}`);
        return;
      }
      this.#take(parsed.reply);
    }
  }

  #take(reply: Reply): void {
    if (reply instanceof PushReply) {
      this.#options.push?.(reply);
      return;
    }
    if (this.#greetings > 0) {
      this.#greetings -= 1;
      return;
    }
    const command = this.#sent.shift();
    if (command === undefined) throw new Error('a reply without a command');
    const target = this.#options.followMoved === false ? null : movedTo(reply);
    if (target === null || command.redirects === MAX_REDIRECTS) {
      finish(command, { kind: 'reply', reply });
    } else {
      command.redirects += 1;
      this.#moved.push(command);
      this.#target = target;
    }
    if (this.#target !== null && this.#sent.length === 0) {
      this.#socket?.destroy();
      this.#forget();
      this.#connect();
    }
  }

  #lost(reason: string): void {
    const sent = this.#sent;
    this.#forget();
    for (const command of sent) finish(command, { kind: 'unknown', reason });
    if (this.#closed || this.#reconnect !== null || this.#socket !== null) return;
    const { world, reconnectDelay = 50 } = this.#options;
    this.#reconnect = world.timers.after(reconnectDelay, () => {
      this.#reconnect = null;
      if (!this.#closed) this.#connect();
    });
  }

  #forget(): void {
    this.#socket = null;
    this.#standing = false;
    this.#sent = [];
  }

  #giveUp(command: Command): void {
    const waiting = [this.#queue, this.#moved].find((list) => list.includes(command));
    if (waiting !== undefined) {
      waiting.splice(waiting.indexOf(command), 1);
      finish(command, { kind: 'unsent', reason: 'timeout' });
    } else if (this.#sent.includes(command)) {
      // Its reply may still come, so this connection's order of replies is of no use any more.
      this.#socket?.destroy();
      this.#lost('timeout');
    }
  }
}

function finish(command: Command, outcome: Outcome): void {
  command.timer?.cancel();
  command.done(outcome);
}

function movedTo(reply: Reply): Address | null {
  if (!isError(reply)) return null;
  const match = /^MOVED \d+ (.+):(\d+)$/.exec(reply.text);
  const [, host, port] = match ?? [];
  return host === undefined ? null : { host, port: Number(port) };
}
