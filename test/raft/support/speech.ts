import type { Message } from '../../../src/raft/message.ts';
import type { History } from './history.ts';
import { type Observed, require } from './observed.ts';

/** Holds every message against the disk of its sender, at the moment it leaves. */
export class Speech {
  readonly #nodes: ReadonlyMap<number, Observed>;
  readonly #history: History;
  readonly #votes: Map<string, number> = new Map();

  constructor(nodes: ReadonlyMap<number, Observed>, history: History) {
    this.#nodes = nodes;
    this.#history = history;
  }

  /** T1..T9: what a message says is on the disk of its sender now. */
  check(node: Observed, message: Message): void {
    const { hardState } = node.disk;
    const say = (): string => `node ${node.id}: ${JSON.stringify(message)}, disk ${hardState.term}`;
    const invariant = 'T durable before speaking';
    switch (message.kind) {
      case 'vote-request':
        if (message.preVote) return;
        require(hardState.term === message.term && hardState.vote === node.id, invariant, say);
        this.#voted(node.id, message.term, node.id);
        return;
      case 'vote-response':
        if (message.preVote && message.granted) return;
        require(hardState.term >= message.term, invariant, say);
        if (!message.granted) return;
        require(hardState.term === message.term && hardState.vote === message.to, invariant, say);
        this.#voted(node.id, message.term, message.to);
        return;
      case 'append-response': {
        require(hardState.term >= message.term, invariant, say);
        if (!message.success) return;
        const chain = this.#history.chainOnDisk(node.disk, message.match);
        require(chain !== -1, invariant, say);
        // To a leader that is deposed meanwhile it does not matter any more.
        const leader = this.#nodes.get(message.to);
        if (leader?.raft?.role !== 'leader' || leader.raft.term !== message.term) return;
        require(chain === this.#history.chainOf(leader.log, message.match), invariant, say);
        return;
      }
      case 'append':
      case 'heartbeat':
      case 'timeout-now':
        require(hardState.term === message.term && hardState.vote === node.id, invariant, say);
        return;
      case 'heartbeat-response':
        require(hardState.term >= message.term, invariant, say);
        return;
    }
  }

  /** S2: over the whole history, crashes included. */
  #voted(node: number, term: number, candidate: number): void {
    const key = `${node}:${term}`;
    const before = this.#votes.get(key);
    require(before === undefined || before === candidate, 'S2 one vote per term', () =>
      `node ${node} in term ${term}: ${before}, then ${candidate}`);
    this.#votes.set(key, candidate);
  }
}
