import type { NodeId } from '../base/ids.ts';
import type { Member } from '../raft/configuration.ts';
import type { Message } from '../raft/message.ts';
import type { Address, World } from '../world/world.ts';
import { FRAME_MESSAGE, FRAME_REMOVED, frameHead, type PeerHello } from './frame.ts';
import type { LogStore } from './log-store.ts';
import { encodeMessage } from './message-codec.ts';
import { type Credentials, type LinkEvents, type LinkSettings, PeerLink } from './peer-link.ts';

const NO_HEADER = Buffer.alloc(0);

export interface PeersSetup {
  readonly world: World;
  readonly settings: LinkSettings;
  readonly store: LogStore;
  readonly hello: (to: NodeId, purpose: PeerHello['purpose']) => PeerHello;
  readonly credentials: Credentials;
  readonly events: LinkEvents;
}

/** The consensus links to all other nodes. */
export class Peers {
  readonly #setup: PeersSetup;
  readonly #links: Map<NodeId, PeerLink> = new Map();

  constructor(setup: PeersSetup) {
    this.#setup = setup;
  }

  link(id: NodeId): PeerLink | undefined {
    return this.#links.get(id);
  }

  /** Keeps links to `members` and to nobody else. */
  retain(members: readonly Member[], self: NodeId): void {
    for (const member of members) if (member.id !== self) this.ensure(member.id, member);
    for (const [id, link] of this.#links) {
      if (members.some((member) => member.id === id)) continue;
      this.#links.delete(id);
      link.close();
    }
  }

  /** A link to `id` at `address`, replaced if it went elsewhere. */
  ensure(id: NodeId, address: Address): void {
    const link = this.#links.get(id);
    if (link !== undefined) {
      if (link.address.host === address.host && link.address.port === address.port) return;
      link.close();
    }
    this.#links.set(id, this.open({ id, ...address }, 'consensus', this.#setup.events));
  }

  /** A link of its own, which whoever opens it closes. */
  open(
    to: { readonly id: NodeId } & Address,
    purpose: PeerHello['purpose'],
    events: LinkEvents,
  ): PeerLink {
    const { world, settings, hello, credentials } = this.#setup;
    const { id, host, port } = to;
    return new PeerLink({
      ...{ id, purpose, world, settings, events, credentials },
      address: { host, port },
      hello: () => hello(id, purpose),
    });
  }

  /** Queues a message of the core; lost if there is no link, as the core expects. */
  send(message: Message): void {
    const link = this.#links.get(message.to);
    if (link === undefined || !link.connected) return;
    if (message.kind !== 'append') {
      link.send([frameHead(FRAME_MESSAGE, encodeMessage(message, 0), 0)]);
      return;
    }
    const { store } = this.#setup;
    const pieces = store.pieces(message.first, message.last);
    let bytes = 0;
    for (const piece of pieces) bytes += piece.length;
    const header = encodeMessage(message, store.chainAt(message.previousIndex));
    link.send([frameHead(FRAME_MESSAGE, header, bytes), ...pieces]);
  }

  /** Tells a node that its removal is committed; best effort. */
  sendRemoved(id: NodeId): void {
    const link = this.#links.get(id);
    link?.send([frameHead(FRAME_REMOVED, NO_HEADER, 0)]);
    link?.flush();
  }

  flush(): void {
    for (const link of this.#links.values()) link.flush();
  }

  close(): void {
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
  }
}
