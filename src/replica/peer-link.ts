import type { Milliseconds, NodeId } from '../base/ids.ts';
import { encodeCommand } from '../resp/command-encoder.ts';
import type { Address, Socket, Timer, World } from '../world/world.ts';
import { type Frame, FrameReader, type PeerHello } from './frame.ts';

/** As INFO shows it. */
export type LinkState = 'disconnected' | 'connecting' | 'connected' | 'connect_error';

export interface LinkSettings {
  readonly raftReconnectInterval: number;
  readonly raftConnectionTimeout: number;
}

/** What this node proves itself with to another; no password: nothing is asked for. */
export type Credentials = () => { readonly user: string; readonly password: string };

export interface LinkEvents {
  up(link: PeerLink): void;
  /** Frames sent and not yet received by the other side are lost. */
  down(link: PeerLink): void;
  frame(link: PeerLink, frame: Frame): void;
  /** The other side says that this node is no member any more. */
  refusedAsRemoved(link: PeerLink): void;
  log(text: string): void;
  /** The other side answers, and does not want this node: somebody has to look at it. */
  refused(text: string): void;
}

const MAX_HANDSHAKE_BYTES = 4096;

/**
 * A connection that this node opens to another: as a client first (AUTH, RAFT.PEER), then as a stream
 * of frames. It is opened again and again until closed.
 */
export class PeerLink {
  readonly id: NodeId;
  readonly purpose: PeerHello['purpose'];
  address: Address;
  state: LinkState = 'disconnected';
  connectErrors = 0;
  connects = 0;
  lastConnectedAt: Milliseconds | null = null;
  readonly #world: World;
  readonly #settings: LinkSettings;
  readonly #events: LinkEvents;
  readonly #hello: () => PeerHello;
  readonly #credentials: Credentials;
  #socket: Socket | null = null;
  #timer: Timer | null = null;
  #handshake = '';
  #lastRefusal = '';
  #awaiting = 0;
  #reader = new FrameReader();
  #queue: Uint8Array[] = [];
  #closed = false;

  constructor(setup: {
    readonly id: NodeId;
    readonly purpose: PeerHello['purpose'];
    readonly address: Address;
    readonly world: World;
    readonly settings: LinkSettings;
    readonly events: LinkEvents;
    readonly hello: () => PeerHello;
    readonly credentials: Credentials;
  }) {
    this.id = setup.id;
    this.purpose = setup.purpose;
    this.address = setup.address;
    this.#world = setup.world;
    this.#settings = setup.settings;
    this.#events = setup.events;
    this.#hello = setup.hello;
    this.#credentials = setup.credentials;
    this.#connect();
  }

  get connected(): boolean {
    return this.state === 'connected';
  }

  /** Bytes that were sent and have not left this node yet. */
  get buffered(): number {
    return this.#socket?.buffered ?? 0;
  }

  #connect(): void {
    this.state = 'connecting';
    this.#handshake = '';
    this.#reader = new FrameReader();
    const socket: Socket = this.#world.network.connect(this.address, {
      connected: () => this.#greet(),
      data: (chunk) => this.#receive(chunk),
      closed: (error) => {
        if (this.#socket === socket) this.#lost(error);
      },
    });
    this.#socket = socket;
    this.#timer = this.#world.timers.after(this.#settings.raftConnectionTimeout, () => {
      this.#timer = null;
      this.#drop(new Error('connection timeout'));
    });
  }

  #greet(): void {
    const { user, password } = this.#credentials();
    this.#awaiting = 1;
    if (password !== '') {
      this.#awaiting = 2;
      this.#socket?.write(encodeCommand(['AUTH', user, password]));
    }
    const hello = Buffer.from(JSON.stringify(this.#hello()), 'utf8');
    this.#socket?.write(encodeCommand(['RAFT.PEER', hello]));
  }

  #receive(chunk: Buffer): void {
    if (this.state === 'connected') {
      this.#reader.push(chunk);
      this.#readFrames();
      return;
    }
    this.#handshake += chunk.latin1Slice(0, chunk.length);
    while (this.#awaiting > 0) {
      const end = this.#handshake.indexOf('\r\n');
      if (end < 0) {
        if (this.#handshake.length > MAX_HANDSHAKE_BYTES) this.#drop(new Error('no reply of ours'));
        return;
      }
      const line = this.#handshake.slice(0, end);
      this.#handshake = this.#handshake.slice(end + 2);
      if (!line.startsWith('+')) {
        if (line.startsWith('-REMOVED')) this.#events.refusedAsRemoved(this);
        // A node that is about to join has no cluster yet: that passes by itself.
        else if (!line.startsWith('-NOCLUSTER')) this.#tellRefusal(line.slice(1));
        this.#drop(new Error(`refused: ${line.slice(1)}`));
        return;
      }
      this.#awaiting--;
    }
    this.#established();
  }

  /** Once for each reason: the next attempt will hardly end in another way. */
  #tellRefusal(reason: string): void {
    if (reason === this.#lastRefusal) return;
    this.#lastRefusal = reason;
    const { host, port } = this.address;
    this.#events.refused(`link to node ${this.id} (${host}:${port}) refused: ${reason}`);
  }

  #established(): void {
    this.#lastRefusal = '';
    this.state = 'connected';
    this.connects++;
    this.lastConnectedAt = this.#world.clock.monotonic();
    this.#timer?.cancel();
    this.#timer = null;
    const rest = Buffer.from(this.#handshake, 'latin1');
    this.#handshake = '';
    this.#events.up(this);
    if (rest.length > 0) {
      this.#reader.push(rest);
      this.#readFrames();
    }
  }

  #readFrames(): void {
    for (;;) {
      const frame = this.#reader.next();
      if (frame === null) return;
      if (frame === 'malformed') {
        this.#drop(new Error('malformed frame'));
        return;
      }
      this.#events.frame(this, frame);
    }
  }

  /** Queues the pieces of a frame for {@link flush}; false if there is no connection. */
  send(pieces: readonly Uint8Array[]): boolean {
    if (this.state !== 'connected') return false;
    for (const piece of pieces) this.#queue.push(piece);
    return true;
  }

  /** Sends all queued frames in one write. */
  flush(): void {
    if (this.#queue.length === 0) return;
    const queue = this.#queue;
    this.#queue = [];
    if (this.#socket !== null && this.state === 'connected') this.#socket.writev(queue);
  }

  /** Gives the connection up, if there is one, and opens another. */
  renew(why: string): void {
    if (this.state === 'connected') this.#drop(new Error(why));
  }

  #drop(error: Error): void {
    const socket = this.#socket;
    this.#lost(error);
    socket?.destroy();
  }

  #lost(error: Error | null): void {
    const wasUp = this.state === 'connected';
    this.#socket = null;
    this.#queue = [];
    this.#timer?.cancel();
    this.#timer = null;
    if (wasUp) {
      this.state = 'disconnected';
    } else {
      this.state = 'connect_error';
      this.connectErrors++;
    }
    if (this.#closed) return;
    const reason = error === null ? 'closed by the other side' : error.message;
    if (wasUp || this.connectErrors === 1) {
      this.#events.log(
        `link to node ${this.id} (${this.address.host}:${this.address.port}): ${reason}`,
      );
    }
    if (wasUp) this.#events.down(this);
    if (this.#closed) return;
    this.#timer = this.#world.timers.after(this.#settings.raftReconnectInterval, () => {
      this.#timer = null;
      this.#connect();
    });
  }

  /** Sends what is queued, then closes for good. */
  close(): void {
    if (this.#closed) return;
    this.flush();
    this.#closed = true;
    this.#timer?.cancel();
    const socket = this.#socket;
    this.#socket = null;
    this.state = 'disconnected';
    socket?.end();
  }
}
