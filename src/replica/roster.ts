import { asNodeId, type LogIndex, NO_INDEX, type NodeId } from '../base/ids.ts';
import {
  type Configuration,
  EMPTY_CONFIGURATION,
  findMember,
  type Member,
} from '../raft/configuration.ts';
import type { Raft } from '../raft/raft.ts';
import type { ConfigurationAt } from '../raft/setup.ts';
import type { PeerHello } from './frame.ts';
import type { Peers } from './peers.ts';

/** Nodes that are spoken to although they are no members: a new node does not know the cluster yet. */
const MAX_ACQUAINTANCES = 16;

/** Who belongs to the cluster, who ever did, and who must be spoken to. */
export class Roster {
  readonly #raft: Raft;
  readonly #peers: Peers;
  /** Ids of all nodes that ever were members, in the order of their coming; never used again. */
  readonly usedIds: Set<NodeId> = new Set();
  readonly #acquaintances: Map<NodeId, Member> = new Map();
  /** The configurations that links follow. */
  #linked: Configuration | null = null;
  #linkedCommitted: Configuration | null = null;

  constructor(raft: Raft, peers: Peers) {
    this.#raft = raft;
    this.#peers = peers;
  }

  member(id: NodeId): Member | undefined {
    return findMember(this.#raft.configuration, id) ?? this.#acquaintances.get(id);
  }

  /** Whether the committed configuration leaves `id` out. */
  isCommittedNonMember(id: NodeId): boolean {
    return findMember(this.#raft.committedConfiguration, id) === undefined;
  }

  /** The newest configuration that is applied. */
  appliedAt: ConfigurationAt = { index: NO_INDEX, configuration: EMPTY_CONFIGURATION };

  /** An image took the place of all entries up to it. */
  restore(at: ConfigurationAt, usedIds: readonly NodeId[]): void {
    this.appliedAt = at;
    this.usedIds.clear();
    for (const id of usedIds) this.usedIds.add(id);
    this.#linked = null;
  }

  /** A configuration entry is applied. */
  applied(configuration: Configuration, index: LogIndex): void {
    this.appliedAt = { index, configuration };
    for (const member of configuration.members) this.usedIds.add(member.id);
    if (configuration.change !== null) this.usedIds.add(configuration.change.id);
    for (const id of this.#acquaintances.keys()) {
      if (this.usedIds.has(id)) this.#acquaintances.delete(id);
    }
  }

  /** Another node opened a link to this one. */
  met(hello: PeerHello): void {
    const id = asNodeId(hello.from);
    const stranger = findMember(this.#raft.configuration, id) === undefined;
    if (stranger && this.#acquaintances.size < MAX_ACQUAINTANCES) {
      this.#acquaintances.set(id, { id, host: hello.host, port: hello.port, voting: false });
    }
    this.#linked = null;
    this.follow();
  }

  /** Opens and closes links as the configuration says. */
  follow(): void {
    const { configuration, committedConfiguration, self } = this.#raft;
    if (configuration === this.#linked && committedConfiguration === this.#linkedCommitted) return;
    this.#linked = configuration;
    this.#linkedCommitted = committedConfiguration;
    const members = [...configuration.members];
    for (const member of members) this.#acquaintances.delete(member.id);
    // A node being removed is spoken to until its removal is committed: a leader that removes itself
    // commits it by the answers of the others.
    for (const member of committedConfiguration.members) {
      if (!members.some((m) => m.id === member.id)) members.push(member);
    }
    this.#peers.retain([...members, ...this.#acquaintances.values()], self);
  }
}
