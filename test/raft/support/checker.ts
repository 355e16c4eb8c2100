import { NO_NODE } from '../../../src/base/ids.ts';
import { type Configuration, voterIds } from '../../../src/raft/configuration.ts';
import type { Raft } from '../../../src/raft/raft.ts';
import type { Entry } from './chained-log.ts';
import { History } from './history.ts';
import { ImageChecks } from './image-checks.ts';
import { type Observed, type ReadBarrier, require } from './observed.ts';

/** Looks at every node after every event; the numbers are those of SPEC.md. */
export class Checker {
  readonly #nodes: ReadonlyMap<number, Observed>;
  readonly history: History = new History();
  readonly images: ImageChecks;
  readonly #leaders: Map<number, string> = new Map();
  /** (index, term) → chain, over all entries that were ever in a log. */
  readonly #entries: Map<string, number> = new Map();
  confirmedReads = 0;
  elections = 0;

  constructor(nodes: ReadonlyMap<number, Observed>) {
    this.#nodes = nodes;
    this.images = new ImageChecks(this.history);
  }

  /** L1, log matching by contents; C1, neighbouring configurations share their majorities. */
  appended(node: Observed, index: number, entry: Entry): void {
    const key = `${index}:${entry.term}`;
    const chain = node.log.chain(index);
    const known = this.#entries.get(key);
    if (known === undefined) this.#entries.set(key, chain);
    else {
      require(known === chain, 'L1 log matching', () => `node ${node.id} at ${key}`);
    }
    if (entry.configuration === null) return;
    const before = node.log.configurationAt(index - 1);
    if (before === null) return;
    const difference = voterDifference(before, entry.configuration);
    require(difference <= 1, 'C1 one voter at a time', () => `node ${node.id} at ${index}`);
  }

  /** C3 and C4, at the leader that appends a configuration. */
  configurationProposed(node: Observed, raft: Raft): void {
    const log = node.log;
    require(raft.commit >= raft.leadershipStart, 'C3 own-term commit before a change', () =>
      `node ${node.id}: commit ${raft.commit} before ${raft.leadershipStart}`);
    let changes = 0;
    for (let i = raft.commit + 1; i <= log.last; i++) {
      const next = log.entry(i)?.configuration;
      const before = log.configurationAt(i - 1);
      if (next && before && voterDifference(before, next) > 0) changes++;
    }
    require(changes <= 1, 'C4 one uncommitted voter change', () => `node ${node.id}`);
  }

  truncated(node: Observed, from: number): void {
    const raft = node.raft;
    require(raft?.role !== 'leader', 'L2 leader append-only', () => `node ${node.id} at ${from}`);
    require(from > node.seen.commit, 'L5 committed entries stay', () =>
      `node ${node.id} at ${from}`);
  }

  /** After every event that touched a node. */
  afterTurn(node: Observed): void {
    const raft = node.raft;
    if (raft === null) return;
    this.#checkMonotone(node, raft);
    this.#checkLog(node, raft);
    if (raft.role === 'leader' && node.seen.ledTerm !== raft.term) this.#checkElection(node, raft);
    this.#checkCommit(node, raft);
    if (raft.role === 'leader') this.#checkProgress(node, raft);
    this.#checkReads(node, raft);
    this.images.afterTurn(node, raft);
    node.seen.term = raft.term;
    node.seen.vote = raft.vote;
  }

  #checkMonotone(node: Observed, raft: Raft): void {
    const { seen, disk } = node;
    const who = (): string => `node ${node.id}`;
    require(raft.term >= seen.term, 'S1 the term never falls', who);
    require(raft.term >= disk.hardState.term, 'S1 the term never falls', who);
    require(raft.term > seen.term ||
      seen.vote === NO_NODE ||
      raft.vote === seen.vote, 'S2 the vote is kept', who);
    require(raft.commit >= seen.commit, 'S3 commit never falls', who);
  }

  #checkLog(node: Observed, raft: Raft): void {
    const { log, disk } = node;
    const who = (): string =>
      `node ${node.id}: last ${raft.last}/${log.last} commit ${raft.commit}`;
    require(raft.last === log.last &&
      raft.firstIndex === log.base.index + 1, 'L3 the core knows the log', who);
    require(raft.commit <= raft.last && raft.durable <= raft.last, 'L4 order', who);
    const base = raft.firstIndex - 1;
    require(base <= raft.commit && base <= raft.durable, 'L4 order', who);
    for (let i = Math.max(log.base.index, raft.commit); i <= log.last; i++) {
      require(raft.termAt(i as never) === log.term(i), 'L3 the core knows the log', who);
    }
    require(disk.log.chain(raft.durable) ===
      log.chain(raft.durable), 'L6 durable is on the disk', () =>
      `node ${node.id}: ${raft.durable}`);
    const newest = log.configurationAt(log.last);
    require(newest === null ||
      raft.configuration === newest, 'C2 the configuration is the newest in the log', who);
  }

  /** S5: one leadership per term, ever; S6: it has all that was committed. */
  #checkElection(node: Observed, raft: Raft): void {
    node.seen.ledTerm = raft.term;
    this.elections++;
    const me = `${node.id}.${node.incarnation}`;
    const other = this.#leaders.get(raft.term);
    require(other === undefined, 'S5 one leadership per term', () =>
      `term ${raft.term}: ${other} and ${me}`);
    this.#leaders.set(raft.term, me);
    for (let index = 1; index <= this.history.last; index++) {
      if (this.history.term(index) < raft.term) this.#checkHas(node, index);
    }
  }

  #checkHas(node: Observed, index: number): void {
    require(this.history.chainOf(node.log, index) ===
      this.history.chain(index), 'S6 leader completeness', () =>
      `leader ${node.id} lacks committed entry ${index}`);
  }

  /** Before a leader's turn changes the configuration by which it has committed. */
  afterInputs(node: Observed): void {
    if (node.raft?.role !== 'leader') return;
    if (node.seen.ledTerm !== node.raft.term) this.#checkElection(node, node.raft);
    this.#checkCommit(node, node.raft);
  }

  /** S7, S8: what a node takes as committed is what everybody does, and is on a quorum of disks. */
  #checkCommit(node: Observed, raft: Raft): void {
    const { log, seen } = node;
    if (raft.commit === seen.commit) return;
    for (let i = seen.commit + 1; i <= raft.commit; i++) this.#checkCommitted(node, raft, i);
    if (raft.role === 'leader') {
      require(log.term(raft.commit) === raft.term, 'S9 only own-term entries are counted', () =>
        `leader ${node.id} at ${raft.commit}`);
    }
    seen.commit = raft.commit;
  }

  #checkCommitted(node: Observed, raft: Raft, index: number): void {
    const { base } = node.log;
    if (index <= base.index) {
      this.history.checkPoint(base);
      return;
    }
    const entry = node.log.entry(index);
    require(entry !== undefined, 'L4 order', () => `node ${node.id} commits ${index}`);
    const chain = node.log.chain(index);
    // One that led when its last turn ended has committed in that term, even if deposed since.
    const led = node.seen.ledTerm > 0 && node.seen.ledTerm === node.seen.term;
    const term = led ? node.seen.ledTerm : raft.term;
    const known = this.history.committed[index - 1];
    if (known !== undefined) {
      const same = known.payload === entry?.payload && known.chain === chain;
      require(same, 'S7 state machine safety', () => `node ${node.id} at ${index}`);
      // An older leader may count it later than a newer one.
      if (led && term < known.term) known.term = term;
      return;
    }
    const { payload, configuration } = entry ?? { payload: 0, configuration: null };
    this.history.committed[index - 1] = { payload, chain, configuration, term };
    if (raft.role === 'leader') this.#checkDurable(node, index, chain);
    for (const other of this.#nodes.values()) {
      const leads = other.raft !== null && other.raft.role === 'leader';
      if (leads && other.seen.ledTerm > term) this.#checkHas(other, index);
    }
  }

  #checkDurable(node: Observed, index: number, chain: number): void {
    const configuration = node.log.configurationAt(node.log.last);
    const voters = configuration === null ? [] : voterIds(configuration);
    const holders = voters.filter((id) => {
      const disk = this.#nodes.get(id)?.disk;
      return disk !== undefined && this.history.chainOnDisk(disk, index) === chain;
    });
    require(voters.length === 0 ||
      holders.length > voters.length / 2, 'S8 committed is on a quorum of disks', () =>
      `leader ${node.id} at ${index}: on ${holders} of ${voters}`);
  }

  /** R1 match is no more than the truth; R3 match < next. */
  #checkProgress(node: Observed, raft: Raft): void {
    for (const progress of raft.progress()) {
      require(progress.match < progress.next, 'R3 match < next', () =>
        `${node.id}: ${progress.id}`);
      const peer = this.#nodes.get(progress.id);
      if (peer === undefined || peer.disk.hardState.term > raft.term) continue;
      require(this.history.chainOnDisk(peer.disk, progress.match) ===
        this.history.chainOf(node.log, progress.match), 'R1 match is the truth', () =>
        `leader ${node.id}: ${progress.id} at ${progress.match}`);
    }
  }

  /** R4: a confirmed read sees all that was committed before it was asked for. */
  #checkReads(node: Observed, raft: Raft): void {
    if (node.reads.length === 0) return;
    const waiting: ReadBarrier[] = [];
    for (const read of node.reads) {
      if (raft.role !== 'leader' || raft.term !== read.term) continue;
      if (raft.readConfirmed < read.number) {
        waiting.push(read);
        continue;
      }
      this.confirmedReads++;
      require(read.index >= read.floor, 'R4 reads are linearizable', () =>
        `node ${node.id}: barrier ${read.number} at ${read.index}, committed ${read.floor}`);
    }
    node.reads = waiting;
  }

  /** R5, when a barrier is asked for. */
  barrierAsked(node: Observed, number: number): void {
    require(number > node.seen.barrier, 'R5 barrier numbers are new', () => `node ${node.id}`);
    node.seen.barrier = number;
  }
}

function voterDifference(a: Configuration, b: Configuration): number {
  const before = voterIds(a);
  const after = voterIds(b);
  return (
    before.filter((id) => !after.includes(id)).length +
    after.filter((id) => !before.includes(id)).length
  );
}
