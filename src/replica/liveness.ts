import type { Milliseconds, NodeId } from '../base/ids.ts';
import type { Raft } from '../raft/raft.ts';
import type { Clock } from '../world/world.ts';
import type { Peers } from './peers.ts';

/** Parts of long frames are noted at most this often, in ms. */
const PART_INTERVAL = 20;
/** A link is opened anew when its node has been silent for so many election timeouts. */
const SILENT_ELECTIONS = 3;

/** Whether the others are there, where the core alone cannot tell. */
export class Liveness {
  readonly #raft: Raft;
  readonly #peers: Peers;
  readonly #clock: Clock;
  #lastPartSeen = Number.NEGATIVE_INFINITY;
  #silenceCheckedAt = Number.NEGATIVE_INFINITY;

  constructor(setup: { readonly raft: Raft; readonly peers: Peers; readonly clock: Clock }) {
    this.#raft = setup.raft;
    this.#peers = setup.peers;
    this.#clock = setup.clock;
  }

  /** A part of a frame has arrived: whoever sends a long one is there, and wants to know the same. */
  partFrom(from: NodeId): void {
    const now = this.#clock.monotonic();
    if (now - this.#lastPartSeen < PART_INTERVAL) return;
    this.#lastPartSeen = now;
    this.#raft.advanceTo(now);
    this.#raft.peerIsSending(from);
    const { role, leader, term, self, last: lastIndex } = this.#raft;
    if (role !== 'follower' || leader !== from) return;
    // Or the leader, which hears nothing else meanwhile, takes this node for dead and steps down.
    const kind = 'heartbeat-response';
    this.#peers.send({ kind, from: self, to: from, term, readSequence: 0, lastIndex });
    this.#peers.flush();
  }

  /** A node that has not answered for so long would not have been silent on a link that works. */
  dropSilentLinks(now: Milliseconds, electionTimeout: number): void {
    const limit = SILENT_ELECTIONS * electionTimeout;
    if (now < this.#silenceCheckedAt + limit / 4) return;
    this.#silenceCheckedAt = now;
    for (const progress of this.#raft.progress()) {
      const link = this.#peers.link(progress.id);
      const since = Math.max(progress.lastContact, link?.lastConnectedAt ?? 0);
      if (progress.connected && now - since > limit) link?.renew('no answer');
    }
  }
}
