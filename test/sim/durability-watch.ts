import type { Replica } from '../../src/replica/replica.ts';
import type { SimCluster, SimNode } from './sim-cluster.ts';

interface Known {
  replica: Replica | null;
  clusterId: string;
  nodeId: number;
  /** Newest term that was on disk, and the vote in it; 0: none. */
  term: number;
  vote: number;
}

/** Watches what nodes must never forget, and how their logs and images fit together. */
export class DurabilityWatch {
  readonly #cluster: SimCluster;
  readonly #known: Map<SimNode, Known> = new Map();
  /** Who led a term: a node, and which of its lives. */
  readonly #leaders: Map<string, string> = new Map();

  constructor(cluster: SimCluster) {
    this.#cluster = cluster;
  }

  /** A disk was changed from outside: what nodes knew before does not bind them. */
  forget(): void {
    this.#known.clear();
    this.#leaders.clear();
  }

  /** Called after every event; throws what is wrong. */
  look(): void {
    for (const node of this.#cluster.nodes) {
      const replica = node.machine.running ? (node.server?.node.replica ?? null) : null;
      if (replica !== null) this.#lookAt(node, replica);
    }
  }

  #lookAt(node: SimNode, replica: Replica): void {
    const known = this.#of(node);
    const { raft, store, images, clusterId } = replica;
    if (known.replica !== replica) {
      const isSame = known.clusterId === clusterId && known.nodeId === replica.self;
      if (isSame) this.#started(node, replica, known);
      else Object.assign(known, { clusterId, nodeId: replica.self, term: 0, vote: 0 });
      known.replica = replica;
    }
    const image = images.disk.stored?.meta.index ?? 0;
    const base = store.log.base.index;
    if (base > image)
      throw problem(node, `the log begins behind ${base}, the image is of ${image}`);
    if (raft.hardStateIsDurable) Object.assign(known, { term: raft.term, vote: raft.vote });
    // An INIT whose first entry was never stored has not happened.
    if (replica.isLeader && store.log.durableIndex > 0)
      this.#leads(node, `${clusterId} ${raft.term}`);
  }

  /** A new process goes on where the old one of the same member ended. */
  #started(node: SimNode, { raft, store, images }: Replica, known: Known): void {
    const { term, vote } = store.log.hardState;
    const isForgotten =
      term < known.term || (term === known.term && vote !== known.vote && known.vote !== 0);
    if (isForgotten) {
      throw problem(
        node,
        `vote ${known.vote} in term ${known.term} is forgotten: ${vote} in ${term}`,
      );
    }
    const image = images.disk.stored?.meta.index ?? 0;
    if (raft.commit < image) throw problem(node, `commit ${raft.commit} is before image ${image}`);
  }

  #leads(node: SimNode, term: string): void {
    const life = `${node.machine.name} ${node.machine.lives}`;
    const other = this.#leaders.get(term);
    if (other === undefined) this.#leaders.set(term, life);
    else if (other !== life) throw problem(node, `leads ${term}, which ${other} has led`);
  }

  #of(node: SimNode): Known {
    let known = this.#known.get(node);
    if (known === undefined) {
      known = { replica: null, clusterId: '', nodeId: 0, term: 0, vote: 0 };
      this.#known.set(node, known);
    }
    return known;
  }
}

function problem(node: SimNode, what: string): Error {
  return new Error(`${node.machine.name}: ${what}`);
}
