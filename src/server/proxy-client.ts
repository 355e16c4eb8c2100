import { NO_NODE, type NodeId } from '../base/ids.ts';
import { peerCredentials } from '../config/address.ts';
import type { Settings } from '../config/settings.ts';
import type { UnblockHow } from '../replica/entry.ts';
import {
  FRAME_PROXY_CLOSE,
  FRAME_PROXY_COMMAND,
  FRAME_PROXY_REPLY,
  FRAME_PROXY_UNBLOCK,
  type Frame,
  frameHead,
} from '../replica/frame.ts';
import { PeerLink } from '../replica/peer-link.ts';
import type { Replica } from '../replica/replica.ts';
import type { Args } from '../resp/args.ts';
import { commandBytes, writeCommand } from '../resp/command-encoder.ts';
import { EncodedReply, ErrorReply } from '../resp/reply.ts';
import type { Timer, World } from '../world/world.ts';
import { packCommandHead, packNumbers, unpackNumbers } from './proxy-protocol.ts';
import type { Slot } from './slot.ts';

const NOT_SENT = new ErrorReply('NOTLEADER Failed to proxy command');
const NO_REPLY_FROM_LEADER = new ErrorReply('TIMEOUT no reply from leader');
const BAD_REPLY = new ErrorReply('ERR bad reply from leader');

/** Commands relayed and not answered, over all clients of this node; more are refused. */
export const MAX_PROXY_OUTSTANDING = 100_000;
const SWEEP_INTERVAL = 100;

interface Queued {
  readonly slot: Slot;
  readonly body: Buffer;
  readonly since: number;
}

interface Outstanding {
  readonly slot: Slot;
  readonly sentAt: number;
}

export interface ProxyStats {
  requests: number;
  failedRequests: number;
  failedResponses: number;
}

/**
 * Relays commands of this node's clients to the leader, over a link of its own. A command is sent
 * once and never again, so it is applied at most once: if the link breaks before the reply, the
 * client is told that the outcome is unknown.
 */
export class ProxyClient {
  readonly #world: World;
  readonly #settings: Settings;
  readonly #address: () => { host: string; port: number };
  readonly #log: (text: string) => void;
  #link: PeerLink | null = null;
  #nextRequest = 1;
  /** In the order they were sent. */
  readonly #outstanding: Map<number, Outstanding> = new Map();
  #sweeper: Timer | null = null;
  /** Commands that have never been sent; they go, in order, to whoever leads when a link stands. */
  #queued: Queued[] = [];
  readonly stats: ProxyStats = { requests: 0, failedRequests: 0, failedResponses: 0 };

  constructor(setup: {
    readonly world: World;
    readonly settings: Settings;
    readonly address: () => { host: string; port: number };
    readonly log: (text: string) => void;
  }) {
    this.#world = setup.world;
    this.#settings = setup.settings;
    this.#address = setup.address;
    this.#log = setup.log;
  }

  get outstanding(): number {
    return this.#outstanding.size;
  }

  /** Follows the leader: a link to it while this node follows, none while it leads. */
  follow(replica: Replica): void {
    const leader: NodeId = replica.isLeader ? NO_NODE : replica.leader;
    if (this.#link !== null && this.#link.id !== leader && leader !== NO_NODE) this.#drop();
    if (leader === NO_NODE || this.#link !== null) {
      if (replica.isLeader) {
        this.#drop();
        this.#refuseQueued(Number.POSITIVE_INFINITY);
      }
      return;
    }
    const member = replica.member(leader);
    if (member === undefined) return;
    this.#link = new PeerLink({
      id: leader,
      purpose: 'proxy',
      address: { host: member.host, port: member.port },
      world: this.#world,
      settings: this.#settings,
      hello: () => replica.hello(leader, 'proxy', this.#address()),
      credentials: () => peerCredentials(this.#settings),
      events: {
        up: () => this.#sendQueued(),
        down: () => this.#lost(),
        frame: (_link, frame) => this.#reply(frame),
        refusedAsRemoved: () => {},
        log: this.#log,
        refused: this.#log,
      },
    });
  }

  #drop(): void {
    const link = this.#link;
    this.#link = null;
    link?.close();
    this.#lost();
  }

  /** Sends the command of a slot; the slot is finished in every case, sooner or later. */
  forward(slot: Slot, args: Args): void {
    this.stats.requests++;
    const link = this.#link;
    if (link === null || this.#outstanding.size + this.#queued.length >= MAX_PROXY_OUTSTANDING) {
      this.#refuse(slot);
      return;
    }
    const body = Buffer.allocUnsafe(commandBytes(args, 0));
    writeCommand(args, 0, body, 0);
    if (link.connected && this.#queued.length === 0) {
      this.#send(link, slot, body);
      return;
    }
    if (link.state === 'connect_error' && this.#settings.raftElectionHold === 0) {
      this.#refuse(slot);
      return;
    }
    this.#queued.push({ slot, body, since: this.#world.clock.monotonic() });
    this.#armSweeper();
  }

  /** Commands that have waited for a link since before `limit` are given up; they were never sent. */
  #refuseQueued(limit: number): void {
    const queued = this.#queued;
    this.#queued = [];
    for (const item of queued) {
      if (item.since <= limit) this.#refuse(item.slot);
      else this.#queued.push(item);
    }
  }

  #armSweeper(): void {
    this.#sweeper ??= this.#world.timers.after(SWEEP_INTERVAL, () => this.#sweep());
  }

  #refuse(slot: Slot): void {
    this.stats.failedRequests++;
    slot.session.finish(slot, NOT_SENT);
  }

  #sendQueued(): void {
    const queued = this.#queued;
    this.#queued = [];
    for (const { slot, body } of queued) {
      if (this.#link !== null) this.#send(this.#link, slot, body);
      else this.#refuse(slot);
    }
    this.#link?.flush();
  }

  #send(link: PeerLink, slot: Slot, body: Buffer): void {
    const request = this.#nextRequest++;
    const header = packCommandHead({
      session: slot.session.id,
      request,
      db: slot.db,
      protocol: slot.protocol,
    });
    link.send([frameHead(FRAME_PROXY_COMMAND, header, body.length), body]);
    this.#outstanding.set(request, { slot, sentAt: this.#world.clock.monotonic() });
    this.#armSweeper();
  }

  /** A client of this node is gone: the leader may forget it. */
  sessionClosed(id: number): void {
    this.#link?.send([frameHead(FRAME_PROXY_CLOSE, packNumbers([id]), 0)]);
    // At once: the client may be blocked, and an element would be given to nobody.
    this.#link?.flush();
  }

  /** CLIENT UNBLOCK of a client whose blocking command is at the leader; false: there is no link. */
  unblock(id: number, how: UnblockHow): boolean {
    if (this.#link === null) return false;
    const numbers = packNumbers([id, how === 'error' ? 1 : 0]);
    this.#link.send([frameHead(FRAME_PROXY_UNBLOCK, numbers, 0)]);
    this.#link.flush();
    return true;
  }

  flush(): void {
    this.#link?.flush();
  }

  #reply(frame: Frame): void {
    if (frame.type !== FRAME_PROXY_REPLY) return;
    const numbers = unpackNumbers(frame.header, 1);
    const found = numbers === null ? undefined : this.#outstanding.get(numbers[0] ?? 0);
    if (found === undefined) return;
    this.#outstanding.delete(numbers?.[0] ?? 0);
    if (frame.body.length === 0) {
      this.stats.failedResponses++;
      found.slot.session.finish(found.slot, BAD_REPLY);
      return;
    }
    found.slot.session.finish(found.slot, new EncodedReply(frame.body));
  }

  #lost(): void {
    const outstanding = [...this.#outstanding.values()];
    this.#outstanding.clear();
    for (const { slot } of outstanding) {
      this.stats.failedResponses++;
      slot.session.finish(slot, NO_REPLY_FROM_LEADER);
    }
  }

  #sweep(): void {
    this.#sweeper = null;
    const limit = this.#world.clock.monotonic() - this.#settings.raftProxyResponseTimeout;
    for (const [request, { slot, sentAt }] of this.#outstanding) {
      if (sentAt > limit) break;
      if (slot.isPatient) continue;
      this.#outstanding.delete(request);
      this.stats.failedResponses++;
      slot.session.finish(slot, NO_REPLY_FROM_LEADER);
    }
    this.#refuseQueued(this.#world.clock.monotonic() - this.#settings.raftElectionHold);
    if (this.#outstanding.size > 0 || this.#queued.length > 0) this.#armSweeper();
  }

  close(): void {
    this.#drop();
    this.#refuseQueued(Number.POSITIVE_INFINITY);
    this.#sweeper?.cancel();
    this.#sweeper = null;
  }
}
