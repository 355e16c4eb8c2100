import type { Raft } from '../../../src/raft/raft.ts';
import type { LogPoint } from './chained-log.ts';
import type { History } from './history.ts';
import { type Observed, require } from './observed.ts';

/** What a node was before an image was put in place. */
export interface BeforeImage {
  readonly term: number;
  readonly vote: number;
  readonly commit: number;
}

/** The part of the checker that is about images; the numbers are those of SPEC.md. */
export class ImageChecks {
  readonly #history: History;
  /** Images that a leadership wanted for a node since everything was repaired; null: faults go on. */
  #wanted: Map<string, number> | null = null;
  installed = 0;

  constructor(history: History) {
    this.#history = history;
  }

  /** I2, I4 and I6, after every turn of a node. */
  afterTurn(node: Observed, raft: Raft): void {
    this.#checkTerm(node, raft);
    this.contiguous(node);
    require(!node.loading || raft.role === 'follower', 'I6 a loading node does not lead', () =>
      `node ${node.id} is ${raft.role}`);
  }

  /** I3: the term in which something was committed is known where that is. */
  #checkTerm(node: Observed, raft: Raft): void {
    require(raft.term >= this.#history.term(raft.commit), 'I3 commit comes with its term', () =>
      `node ${node.id}: term ${raft.term}, commit ${raft.commit}`);
  }

  /** I2: what is gone from a log is in an image, whenever one looks, and after a crash. */
  contiguous(node: Observed): void {
    const { log, image } = node.disk;
    require(log.base.index <= (image?.index ?? 0), 'I2 the log leads on from the image', () =>
      `node ${node.id}: image ${image?.index ?? 'none'}, log behind ${log.base.index}`);
  }

  /** A node's image is on its disk; `own`: it was made of what that node had. */
  durable(node: Observed, image: LogPoint, own: boolean): void {
    const who = (): string => `node ${node.id}: image ${image.index}, log ${node.disk.log.last}`;
    this.#history.checkPoint(image);
    const { configuration } = image;
    require(configuration !== null &&
      configuration.index <= image.index &&
      configuration.configuration ===
        this.#history.configurationAt(image.index), 'I1 an image has its configuration', who);
    require(node.disk.hardState.term >=
      this.#history.term(image.index), 'I3 an image is durable after its term', who);
    if (!own) return;
    require(node.disk.log.chain(image.index) ===
      image.chain, 'I2 an own image is of what is durable', who);
  }

  /** I4, I5: what changes with an image, and what does not. */
  installedImage(node: Observed, raft: Raft, image: LogPoint, before: BeforeImage): void {
    this.installed++;
    const { hardState } = node.disk;
    const who = (): string =>
      `node ${node.id}: image ${image.index}, before ${JSON.stringify(before)}`;
    require(raft.commit === image.index && image.index > before.commit, 'I4 no way back', who);
    require(raft.last === image.index && raft.durable === image.index, 'I4 a new log', who);
    require(raft.term === before.term && raft.vote === before.vote, 'I5 term and vote stay', who);
    require(hardState.term === before.term &&
      hardState.vote === before.vote, 'I5 term and vote stay', () => `${who()} on disk`);
  }

  /** From now on nothing fails any more; the count of images begins anew. */
  repaired(): void {
    this.#wanted = new Map();
  }

  /** I7: where nothing fails, images bring nodes on. */
  wanted(from: Observed, to: number): void {
    if (this.#wanted === null) return;
    const key = `${from.id} in term ${from.raft?.term} for ${to}`;
    const count = (this.#wanted.get(key) ?? 0) + 1;
    this.#wanted.set(key, count);
    require(count <= 3, 'I7 no endless images', () => key);
  }
}
