import type { LogIndex, NodeId, Term } from '../../base/ids.ts';
import type { Socket, Timer, World } from '../../world/world.ts';
import type { PeerHello } from '../frame.ts';
import { InboundLink, type LinkOwner } from './inbound-link.ts';
import { type IncomingDisk, IncomingImage } from './incoming.ts';
import type { ImageMeta, StoredMeta } from './meta.ts';
import { withGeneration } from './record.ts';
import type { Refusal, TransferMessage } from './transfer-frames.ts';

export type OfferVerdict = 'needed' | 'known' | 'stale' | 'busy' | 'outdated';

/** What the replica does with images of other nodes. */
export interface ImageTarget {
  /**
   * Whether an image would help. `known`, `stale`: everything up to it is here, or comes by itself.
   * `busy`: it cannot be taken now. `outdated`: who sends it does not lead any more.
   */
  offer(meta: ImageMeta, term: Term, from: NodeId): OfferVerdict;
  /**
   * Puts an image, whose records are all durable, in the place of state and log. If that fails it is
   * tried again when the sender asks, without sending anything twice.
   */
  install(stored: StoredMeta, done: (error: Error | null) => void): void;
  /** The image store gave an error: it must be opened anew before an image can come in. */
  failed(error: Error): void;
}

export interface ReceiverSetup {
  readonly world: World;
  readonly disk: IncomingDisk;
  readonly target: ImageTarget;
  readonly log: (text: string) => void;
}

/** In ms: while it prepares for an image or puts one in its place, a node gives a sign so often. */
const ALIVE_MS = 2000;
/** With so much that is not durable yet nothing more is read from the link. */
const MAX_UNWRITTEN_BYTES: number = 4 * 1024 * 1024;

/** Takes images from other nodes: one at a time, and the one of the highest term if there are more. */
export class ImageReceiver implements LinkOwner {
  readonly #setup: ReceiverSetup;
  readonly #incoming: IncomingImage;
  readonly #links: Set<InboundLink> = new Set();
  /** On which an image is coming in. */
  #active: InboundLink | null = null;
  #isInstalling = false;
  #alive: Timer | null = null;
  /** Since the process started. */
  readonly stats: { chunks: number; bytes: number; installed: number } = {
    ...{ chunks: 0, bytes: 0, installed: 0 },
  };

  constructor(setup: ReceiverSetup) {
    this.#setup = setup;
    this.#incoming = new IncomingImage(setup.disk, (error) => this.#storeFailed(error));
  }

  /** The image that is coming in; null: none is. `bytes`: of its records that are here. */
  get progress(): {
    readonly from: NodeId;
    readonly index: LogIndex;
    readonly bytes: number;
  } | null {
    const { stored, bytes } = this.#incoming;
    if (this.#active === null || stored === null) return null;
    return { from: this.#active.from, index: stored.meta.index, bytes };
  }

  /** A connection over which another node sends an image; its events go to what is returned. */
  accept(hello: PeerHello, socket: Socket): InboundLink {
    // A node opens a new link only when it has given up the old one.
    for (const old of this.#links) if (old.from === hello.from) old.close();
    const link = new InboundLink(hello, socket, this);
    this.#links.add(link);
    return link;
  }

  note(text: string): void {
    this.#setup.log(text);
  }

  /** Returns why a message makes no sense on this link now, or null. */
  handle(link: InboundLink, message: TransferMessage): string | null {
    switch (message.kind) {
      case 'offer':
        return this.#offered(link, message.term, message.stored);
      case 'chunk':
        if (link.phase !== 'receiving' || message.number !== link.received + 1) {
          return 'a chunk that is not the next one';
        }
        return this.#take(link, message);
      case 'end':
        if (link.phase !== 'receiving' || message.number !== link.received)
          return 'chunks are missing';
        link.phase = 'ending';
        if (link.durable === link.received) this.#complete(link);
        return null;
      default:
        return `an unexpected '${message.kind}'`;
    }
  }

  #offered(link: InboundLink, term: Term, offered: StoredMeta): string | null {
    if (link.phase !== 'idle') return 'an offer while another one stands';
    if (offered.meta.clusterId !== link.clusterId) return 'an image of another cluster';
    link.term = term;
    link.offered = offered;
    const active = this.#active;
    if (active !== null && active.term > term) {
      this.#refuse(link, 'outdated');
    } else if (this.#isWanted(link, offered)) {
      if (active !== null) active.close();
      this.#prepare(link, offered);
    }
    return null;
  }

  /** Answers an offer that is not taken. */
  #isWanted(link: InboundLink, { meta }: StoredMeta): boolean {
    if (this.#isInstalling || this.#incoming.isUnusable) {
      this.#refuse(link, 'busy');
      return false;
    }
    const verdict = this.#setup.target.offer(meta, link.term, link.from);
    if (verdict === 'needed') return true;
    if (verdict === 'busy' || verdict === 'outdated') {
      this.#refuse(link, verdict);
    } else {
      if (this.#active === null || this.#active === link) this.#incoming.discard();
      this.#finish(link, { kind: 'done', index: meta.index });
    }
    return false;
  }

  #refuse(link: InboundLink, reason: Refusal): void {
    this.#finish(link, { kind: 'refused', reason });
  }

  /** Another offer may come now. */
  #finish(link: InboundLink, answer: TransferMessage): void {
    link.phase = 'idle';
    link.offered = null;
    if (this.#active === link) this.#activate(null);
    link.send(answer);
  }

  #activate(link: InboundLink | null): void {
    this.#active = link;
    this.#alive?.cancel();
    this.#alive =
      link === null ? null : this.#setup.world.timers.after(ALIVE_MS, () => this.#sign(link));
  }

  #sign(link: InboundLink): void {
    this.#activate(link);
    const isAtWork = link.phase === 'preparing' || link.phase === 'installing';
    // What was asked of a store that is closed meanwhile is never answered.
    if (link.phase !== 'installing' && this.#incoming.isOrphaned) link.close();
    else if (isAtWork) link.send({ kind: 'ack', number: link.durable });
  }

  #prepare(link: InboundLink, { meta, generation }: StoredMeta): void {
    this.#activate(link);
    link.phase = 'preparing';
    link.received = 0;
    link.durable = 0;
    this.#incoming.prepare(meta, (after) => {
      if (link !== this.#active || link.phase !== 'preparing') return;
      link.phase = 'receiving';
      const { bytes } = this.#incoming;
      const what = after === null ? 'begins to come' : `goes on after ${bytes} bytes`;
      this.note(`the image of entry ${meta.index} ${what} from node ${link.from}`);
      const key = after === null ? null : withGeneration(after, generation);
      link.send({ kind: 'want', after: key, bytes });
    });
  }

  #take(
    link: InboundLink,
    { number, entries }: TransferMessage & { kind: 'chunk' },
  ): string | null {
    link.received = number;
    const problem = this.#incoming.append(entries, () => this.#written(link, number));
    if (problem !== null) return problem;
    this.stats.chunks++;
    for (const { value } of entries) this.stats.bytes += value.length;
    link.hold(this.#incoming.unwrittenBytes > MAX_UNWRITTEN_BYTES);
    return null;
  }

  #written(link: InboundLink, number: number): void {
    if (link !== this.#active || link.isClosed) return;
    link.durable = number;
    link.send({ kind: 'ack', number });
    if (link.phase === 'ending' && number === link.received) this.#complete(link);
    else link.hold(this.#incoming.unwrittenBytes > MAX_UNWRITTEN_BYTES);
  }

  /** Everything has come and is durable. */
  #complete(link: InboundLink): void {
    const problem = this.#incoming.check();
    const { stored } = this.#incoming;
    if (problem !== null || stored === null) {
      this.note(`the image from node ${link.from} is of no use: ${problem}`);
      this.#incoming.discard();
      this.#refuse(link, 'incomplete');
    } else if (this.#isWanted(link, stored)) {
      this.#install(link, stored);
    }
  }

  #install(link: InboundLink, stored: StoredMeta): void {
    link.phase = 'installing';
    this.#isInstalling = true;
    this.#setup.target.install(stored, (error) => {
      this.#isInstalling = false;
      const { index } = stored.meta;
      if (error !== null) {
        this.note(`the image of entry ${index} cannot be put in place yet: ${error.message}`);
        this.#refuse(link, 'busy');
        return;
      }
      this.stats.installed++;
      this.#incoming.forget();
      this.#finish(link, { kind: 'done', index });
    });
  }

  #storeFailed(error: Error): void {
    this.note(`the image store failed: ${error.message}`);
    this.#active?.close();
    this.#setup.target.failed(error);
  }

  linkClosed(link: InboundLink): void {
    this.#links.delete(link);
    if (this.#active === link) this.#activate(null);
  }

  /** Closes all links; what came in stays for the next time. Before the store is closed. */
  close(): void {
    for (const link of this.#links) link.close();
    this.#incoming.forget();
  }
}
