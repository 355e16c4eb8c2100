import type { LogIndex } from '../../base/ids.ts';
import type { Member } from '../../raft/configuration.ts';
import type { ImageEntry } from '../../world/image-store.ts';
import type { Timer } from '../../world/world.ts';
import type { Frame } from '../frame.ts';
import type { LinkEvents, PeerLink } from '../peer-link.ts';
import { isSameImage } from './meta-identity.ts';
import { OutgoingImage } from './outgoing.ts';
import { MAX_CHUNK_BYTES, SendWindow } from './send-window.ts';
import {
  BUSY_RETRY_MS,
  GIVE_UP_MS,
  type SenderSetup,
  type SenderStats,
  SILENCE_MS,
} from './sender-setup.ts';
import {
  chunkBytes,
  decodeTransfer,
  encodeTransfer,
  type TransferMessage,
} from './transfer-frames.ts';

/** With more than this kept by the socket nothing is added until something is acknowledged. */
const MAX_BUFFERED_BYTES: number = 256 * 1024;
/** Reads of the store after each other in one turn, where it answers at once. */
const MAX_READS = 64;
/** In ms: so often it looks whether one of these times is over. */
const WATCH_MS = 500;
/** What a node has of an image that is not the newest any more, as a share: with less it gets the newest. */
const WORTH_FINISHING = 0.5;

/**
 * `linking`: there is no link. `offered`: the node has to answer. `busy`: it will be asked again.
 * `sending`: chunks are under way. `ending`: all are sent, and the node puts the image in its place.
 */
type Phase = 'linking' | 'offered' | 'busy' | 'sending' | 'ending' | 'over';

/**
 * Sends one node an image, over a link of its own that is opened again when it breaks. It ends once:
 * `ended` gets the index up to which the node now has everything; 0: it came to nothing.
 */
export class ImageSender {
  readonly member: Member;
  readonly #setup: SenderSetup;
  readonly #stats: SenderStats;
  readonly #ended: (index: number) => void;
  readonly #link: PeerLink;
  #watch: Timer | null = null;
  #phase: Phase = 'linking';
  #image: OutgoingImage | null = null;
  /** Of `#image`, what is known to be durable there, about. */
  #acknowledgedBytes = 0;
  /** The most that the node has ever said to have, of any image. */
  #mostBytes = -1;
  readonly #window = new SendWindow();
  #isReading = false;
  #isPumping = false;
  #lastProgress: number;
  #lastSign: number;

  constructor(
    member: Member,
    setup: SenderSetup & {
      readonly stats: SenderStats;
      readonly ended: (index: number) => void;
    },
  ) {
    this.member = member;
    this.#setup = setup;
    this.#stats = setup.stats;
    this.#ended = setup.ended;
    this.#lastProgress = this.#now;
    this.#lastSign = this.#now;
    this.#link = setup.links(member, this.#linkEvents());
    this.#armWatch();
  }

  /** Of the image being sent; null: none has been chosen yet. */
  get index(): LogIndex | null {
    return this.#image?.stored.meta.index ?? null;
  }

  get #now(): number {
    return this.#setup.world.clock.monotonic();
  }

  #linkEvents(): LinkEvents {
    const { log } = this.#setup;
    return {
      up: () => this.#offer(),
      down: () => {
        if (this.#phase !== 'over') this.#phase = 'linking';
      },
      frame: (link, frame) => {
        // What a link that was given up still holds does not matter any more.
        if (this.#phase !== 'over' && link.connected) this.#receive(frame);
      },
      refusedAsRemoved: () => this.#finish(0),
      log,
      refused: log,
    };
  }

  #armWatch(): void {
    this.#watch = this.#setup.world.timers.after(WATCH_MS, () => {
      this.#armWatch();
      this.#look();
    });
  }

  #look(): void {
    const now = this.#now;
    const isOwed = this.#phase === 'offered' || this.#phase === 'ending' || !this.#window.isEmpty;
    if (now - this.#lastProgress >= GIVE_UP_MS) {
      this.#setup.log(`the image for node ${this.member.id} is given up: no progress`);
      this.#finish(0);
    } else if (this.#link.connected && isOwed && now - this.#lastSign >= SILENCE_MS) {
      this.#link.renew('no answer');
    } else if (this.#phase === 'busy' && now - this.#lastSign >= BUSY_RETRY_MS) {
      this.#offer();
    } else if (this.#phase === 'sending' && this.#isImageGone()) {
      this.#link.renew('the image was opened anew');
    }
  }

  #send(message: TransferMessage): void {
    this.#link.send(encodeTransfer(message));
    this.#link.flush();
  }

  #offer(): void {
    if (this.#phase === 'over') return;
    const image = this.#choose();
    if (image === null) {
      this.#finish(0);
      return;
    }
    this.#phase = 'offered';
    this.#window.reset();
    this.#isReading = false;
    this.#lastSign = this.#now;
    this.#send({ kind: 'offer', term: this.#setup.term(), stored: image.stored });
  }

  /** The image sent so far, unless there is a newer one and it is too early to insist on the old one. */
  #choose(): OutgoingImage | null {
    const image = this.#image;
    const source = this.#setup.source();
    if (source === null) return null;
    const isSame = image !== null && isSameImage(image.stored.meta, source.stored.meta);
    if (image !== null && !this.#isImageGone()) {
      const enough = image.stored.meta.facts.totals.bytes * WORTH_FINISHING;
      if (isSame || this.#acknowledgedBytes > enough) return image;
    }
    this.#acknowledgedBytes = 0;
    image?.close();
    this.#image = new OutgoingImage(source);
    return this.#image;
  }

  /** The store that the image was being read from is closed. */
  #isImageGone(): boolean {
    return this.#image?.store !== this.#setup.source()?.store;
  }

  #receive(frame: Frame): void {
    const message = decodeTransfer(frame);
    this.#lastSign = this.#now;
    if (message === null || !this.#answer(message)) this.#link.renew('a senseless answer');
  }

  /** False if it is no answer to what was sent. */
  #answer(message: TransferMessage): boolean {
    const phase = this.#phase;
    const isOpen = phase === 'offered' || phase === 'ending';
    switch (message.kind) {
      case 'want':
        return phase === 'offered' && this.#wanted(message.after, message.bytes);
      case 'ack':
        return this.#durable(message.number);
      case 'done':
        if (!isOpen || message.index !== this.index) return false;
        this.#finish(message.index);
        return true;
      case 'refused':
        if (!isOpen) return false;
        this.#refused(message.reason);
        return true;
      default:
        return false;
    }
  }

  #wanted(after: Buffer | null, bytes: number): boolean {
    const { raftSnapshotReqMaxSize } = this.#setup.settings;
    const maxBytes = Math.min(raftSnapshotReqMaxSize, MAX_CHUNK_BYTES);
    if (this.#image?.seek(after, maxBytes) !== true) return false;
    // To ask for the same thing again and again leads nowhere.
    if (bytes > this.#mostBytes) this.#progressed();
    this.#mostBytes = Math.max(this.#mostBytes, bytes);
    this.#acknowledgedBytes = bytes;
    this.#phase = 'sending';
    this.#pump();
    return true;
  }

  #durable(number: number): boolean {
    // While it prepares for an image, or puts it in its place, it takes the time it takes.
    if (this.#phase === 'offered') return number === 0 && this.#progressed();
    const { sent, acknowledged } = this.#window;
    if (number < acknowledged || number > sent) return false;
    if (number === acknowledged) return this.#phase === 'ending' ? this.#progressed() : true;
    this.#acknowledgedBytes += this.#window.acknowledge(number);
    this.#progressed();
    this.#pump();
    return true;
  }

  #progressed(): true {
    this.#lastProgress = this.#now;
    return true;
  }

  #refused(reason: 'busy' | 'outdated' | 'incomplete'): void {
    if (reason === 'busy') {
      this.#progressed();
      this.#phase = 'busy';
      // Later there may be a newer one, and the log need not be kept for this one until then.
      if (this.#acknowledgedBytes === 0) this.#dropImage();
      return;
    }
    this.#setup.log(`node ${this.member.id} does not take the image: it is ${reason}`);
    this.#finish(0);
  }

  #mayRead(): boolean {
    if (this.#phase !== 'sending' || this.#isReading || this.#image === null) return false;
    const { raftSnapshotReqMaxCount } = this.#setup.settings;
    if (!this.#window.hasRoom(raftSnapshotReqMaxCount)) return false;
    // An acknowledgement will come, and with it another look.
    if (!this.#window.isEmpty && this.#link.buffered > MAX_BUFFERED_BYTES) return false;
    return !this.#isImageGone();
  }

  /** Sends what the window allows, one read of the store at a time. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    for (let reads = 0; reads < MAX_READS && this.#mayRead(); reads++) {
      const image = this.#image;
      this.#isReading = true;
      image?.next((error, entries) => {
        if (image !== this.#image || this.#phase !== 'sending') return;
        this.#isReading = false;
        if (error === null) {
          this.#sendChunk(image, entries);
          this.#pump();
        } else {
          this.#setup.log(`the image for node ${this.member.id} cannot be read: ${error.message}`);
          this.#finish(0);
        }
      });
    }
    this.#isPumping = false;
  }

  #sendChunk(image: OutgoingImage, entries: readonly ImageEntry[]): void {
    if (this.#window.isEmpty) this.#lastSign = this.#now;
    if (entries.length > 0) {
      let bytes = 0;
      for (const entry of entries) bytes += chunkBytes(entry);
      this.#stats.chunks++;
      this.#stats.bytes += bytes;
      this.#send({ kind: 'chunk', number: this.#window.add(bytes), entries });
    }
    if (!image.isAtEnd) return;
    this.#phase = 'ending';
    this.#send({ kind: 'end', number: this.#window.sent });
  }

  #dropImage(): void {
    this.#image?.close();
    this.#image = null;
  }

  #finish(index: number): void {
    if (this.#phase === 'over') return;
    this.stop();
    this.#ended(index);
  }

  /** Ends it without a word. */
  stop(): void {
    this.#phase = 'over';
    this.#watch?.cancel();
    this.#dropImage();
    this.#link.close();
  }
}
