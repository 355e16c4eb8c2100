import type { HostPort } from '../commands/local.ts';
import { parseAddress } from '../commands/raft/address.ts';
import { encodeCommand } from '../resp/command-encoder.ts';
import { isError, type Reply, SimpleString } from '../resp/reply.ts';
import { ReplyParser } from '../resp/reply-parser.ts';
import type { Socket, Timer, World } from '../world/world.ts';

export interface JoinSetup {
  readonly world: World;
  /** Tried in order, each once; MOVED adds to the end, and so does a cluster without a leader. */
  readonly addresses: readonly HostPort[];
  readonly id: number;
  readonly self: HostPort;
  readonly credentials: { readonly user: string; readonly password: string };
  /** For an address to answer. */
  readonly timeoutMs: number;
  /** How long an address that knows no leader yet is asked again. */
  readonly patienceMs: number;
  readonly log: (text: string) => void;
  readonly joined: (id: number, clusterId: string) => void;
  readonly failed: () => void;
}

const MAX_TRIES = 64;
const RETRY_DELAY = 200;

/** Asks a cluster to take this node in: RAFT.NODE ADD, at one address after the other. */
export class Join {
  readonly #setup: JoinSetup;
  readonly #queue: HostPort[];
  #tried = 0;
  #socket: Socket | null = null;
  #timer: Timer | null = null;
  #over = false;
  #pauseBeforeNext = false;
  readonly #startedAt: number;

  constructor(setup: JoinSetup) {
    this.#setup = setup;
    this.#queue = [...setup.addresses];
    this.#startedAt = setup.world.clock.monotonic();
    this.#next('');
  }

  #next(why: string): void {
    if (why !== '') this.#setup.log(`join: ${why}`);
    this.#timer?.cancel();
    this.#socket = null;
    const address = this.#queue[this.#tried];
    if (this.#over) return;
    if (address === undefined || this.#tried >= MAX_TRIES) {
      this.#over = true;
      this.#setup.failed();
      return;
    }
    this.#tried++;
    if (!this.#pauseBeforeNext || this.#tried < this.#queue.length) {
      this.#try(address);
      return;
    }
    this.#pauseBeforeNext = false;
    this.#timer = this.#setup.world.timers.after(RETRY_DELAY, () => this.#try(address));
  }

  #try(address: HostPort): void {
    const { world, credentials, id, self, timeoutMs } = this.#setup;
    const { user, password } = credentials;
    const where = `${address.host}:${address.port}`;
    const parser = new ReplyParser();
    let awaiting = password === '' ? 1 : 2;
    const done = (why: string): void => {
      if (this.#socket !== socket) return;
      this.#next(why);
      socket.destroy();
    };
    const socket: Socket = world.network.connect(address, {
      connected: () => {
        if (password !== '') socket.write(encodeCommand(['AUTH', user, password]));
        socket.write(encodeCommand(['RAFT.NODE', 'ADD', String(id), `${self.host}:${self.port}`]));
      },
      data: (chunk) => {
        parser.push(chunk);
        for (let next = parser.next(); next.kind !== 'more'; next = parser.next()) {
          if (next.kind === 'error') {
            done(`${where}: ${next.text}`);
            return;
          }
          awaiting--;
          if (awaiting > 0 && !isError(next.reply)) continue;
          this.#answer(next.reply, where, done);
          return;
        }
      },
      closed: (error) => done(`${where}: ${error?.message ?? 'connection closed'}`),
    });
    this.#socket = socket;
    this.#timer = world.timers.after(timeoutMs, () => done(`${where}: no answer`));
  }

  /** An address that knows no leader is asked again: it has joined just now, or there is an election. */
  #later(where: string): void {
    const { world, patienceMs } = this.#setup;
    if (world.clock.monotonic() - this.#startedAt > patienceMs) return;
    const address = parseAddress(where);
    if (address === undefined) return;
    this.#queue.push(address);
    this.#pauseBeforeNext = true;
  }

  #answer(reply: Reply, where: string, done: (why: string) => void): void {
    if (isError(reply)) {
      const [code, , address] = reply.text.split(' ');
      const moved = code === 'MOVED' ? parseAddress(address ?? '') : undefined;
      if (moved !== undefined) {
        this.#queue.push(moved);
      } else if (code !== 'CLUSTERDOWN') {
        this.#queue.length = this.#tried;
      }
      if (code === 'CLUSTERDOWN') this.#later(where);
      done(`${where}: ${reply.text}`);
      return;
    }
    const [id, clusterId] = Array.isArray(reply) ? (reply as readonly Reply[]) : [];
    const text = clusterId instanceof SimpleString ? clusterId.text : clusterId;
    if (typeof id !== 'number' || typeof text !== 'string') {
      done(`${where}: unexpected reply`);
      return;
    }
    this.#over = true;
    this.#timer?.cancel();
    const socket = this.#socket;
    this.#socket = null;
    socket?.end();
    this.#setup.joined(id, text);
  }
}
