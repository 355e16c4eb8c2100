import { asNodeId, NO_TERM, type NodeId, type Term } from '../../base/ids.ts';
import type { Socket } from '../../world/world.ts';
import { FrameReader, type PeerHello } from '../frame.ts';
import type { StoredMeta } from './meta.ts';
import { decodeTransfer, encodeTransfer, type TransferMessage } from './transfer-frames.ts';

/** What an inbound link hands its messages to. */
export interface LinkOwner {
  /** Returns why the message makes no sense now, or null. */
  handle(link: InboundLink, message: TransferMessage): string | null;
  linkClosed(link: InboundLink): void;
  note(text: string): void;
}

/**
 * `idle`: an offer may come. `preparing`: one is there that will be taken. `receiving`: records come.
 * `ending`: all have come. `installing`: the image is put in its place.
 */
export type Phase = 'idle' | 'preparing' | 'receiving' | 'ending' | 'installing';

/** A link on which another node offers its image. */
export class InboundLink {
  readonly from: NodeId;
  readonly clusterId: string;
  readonly #socket: Socket;
  readonly #owner: LinkOwner;
  readonly #reader = new FrameReader();
  phase: Phase = 'idle';
  term: Term = NO_TERM;
  /** The image offered, with the number that it has at the sender. */
  offered: StoredMeta | null = null;
  /** Chunks since the records began to come, and those of them that are durable. */
  received = 0;
  durable = 0;
  isClosed = false;
  #isPaused = false;

  constructor(hello: PeerHello, socket: Socket, owner: LinkOwner) {
    this.from = asNodeId(hello.from);
    this.clusterId = hello.clusterId;
    this.#socket = socket;
    this.#owner = owner;
  }

  data(chunk: Buffer): void {
    this.#reader.push(chunk);
    this.#process();
  }

  #process(): void {
    while (!this.#isPaused && !this.isClosed) {
      const frame = this.#reader.next();
      if (frame === null) return;
      const message = frame === 'malformed' ? null : decodeTransfer(frame);
      const problem = message === null ? 'a malformed frame' : this.#owner.handle(this, message);
      if (problem === null) continue;
      this.#owner.note(`image from node ${this.from}: ${problem}; the link is closed`);
      this.close();
    }
  }

  send(message: TransferMessage): void {
    if (!this.isClosed) this.#socket.writev(encodeTransfer(message));
  }

  /** Reads nothing for now, or reads on. */
  hold(isTooMuch: boolean): void {
    if (isTooMuch === this.#isPaused || this.isClosed) return;
    this.#isPaused = isTooMuch;
    if (isTooMuch) {
      this.#socket.pause();
    } else {
      this.#socket.resume();
      this.#process();
    }
  }

  drained(): void {}

  closed(): void {
    this.isClosed = true;
    this.#owner.linkClosed(this);
  }

  close(): void {
    this.isClosed = true;
    this.#socket.destroy();
    this.#owner.linkClosed(this);
  }
}
