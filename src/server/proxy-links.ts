import type { NodeId } from '../base/ids.ts';
import type { Replica } from '../replica/replica.ts';
import type { Socket } from '../world/world.ts';
import { ProxyServer, type ProxyServerHost } from './proxy-server.ts';

/** A node silent for so many election timeouts is taken for dead. */
const SILENT_ELECTIONS = 3;

/**
 * The links over which other nodes pass on what their clients send. One of a node that has died
 * without a word must not stand: its clients wait in blocking commands, and would be given elements.
 */
export class ProxyLinks {
  readonly #links: Map<ProxyServer, NodeId> = new Map();

  /** A node opens a new link only when it has given up the old one. */
  open(host: ProxyServerHost, socket: Socket, from: NodeId): ProxyServer {
    for (const [old, node] of this.#links) if (node === from) old.socket.destroy();
    const link = new ProxyServer(host, socket, () => this.#links.delete(link));
    this.#links.set(link, from);
    return link;
  }

  /** Closes the links of nodes that the leader has not heard of. */
  closeSilent(replica: Replica): void {
    if (!replica.isLeader || this.#links.size === 0) return;
    const limit = replica.now - SILENT_ELECTIONS * replica.settings.raftElectionTimeout;
    for (const { id, lastContact } of replica.raft.progress()) {
      if (lastContact >= limit) continue;
      for (const [link, node] of this.#links) if (node === id) link.socket.destroy();
    }
  }
}
