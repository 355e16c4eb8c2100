import { asLogIndex, asTerm, type NodeId } from '../../../src/base/ids.ts';
import type { Raft } from '../../../src/raft/raft.ts';
import type { ImagePoint } from '../../../src/raft/snapshot.ts';
import type { LogPoint } from './chained-log.ts';
import { require } from './observed.ts';
import type { Shell } from './shell.ts';
import type { ImageOptions, Sabotage, SimNode } from './sim-node.ts';

/** `busy`: later, perhaps; else up to where the receiver now has everything. */
type Answer = 'busy' | number;

interface Transfer {
  readonly from: SimNode;
  readonly incarnation: number;
  readonly to: NodeId;
  /** The core has been told of its end. */
  ended: boolean;
}

/** What the shell round a core does with images: makes them, cuts logs, sends and takes over images. */
export class Images {
  readonly #shell: Shell;
  readonly #nodes: ReadonlyMap<number, SimNode>;
  /** Images that took the place of a log, and such that a crash left beside it. */
  swaps = 0;

  constructor(shell: Shell, nodes: ReadonlyMap<number, SimNode>) {
    this.#shell = shell;
    this.#nodes = nodes;
  }

  get #options(): ImageOptions {
    return this.#shell.options.images;
  }

  get #sabotage(): Sabotage {
    return this.#shell.options.sabotage ?? {};
  }

  #chance(of: number): boolean {
    return of > 0 && this.#shell.random.chance(of);
  }

  /** After a random time within these bounds, unless the node has died by then. */
  #later(node: SimNode, bounds: readonly [number, number], run: () => void): void {
    const { incarnation } = node;
    this.#shell.scheduler.after(this.#shell.within(bounds), () => {
      if (node.incarnation === incarnation && node.raft !== null) run();
    });
  }

  /** The node has just started: with an image, its state is not there for a while. */
  started(node: SimNode, raft: Raft): void {
    if (node.disk.image !== null) this.#load(node, raft);
  }

  #load(node: SimNode, raft: Raft): void {
    node.loading = true;
    raft.loading = true;
    this.#later(node, this.#options.loadTime, () => {
      this.#shell.input(node, () => {
        node.loading = false;
        raft.loading = false;
      });
    });
  }

  /** Makes an image of some entry that is applied and durable here, and then cuts the log. */
  checkpoint(node: SimNode): void {
    const { raft, disk } = node;
    if (raft === null || node.loading || node.installing) return;
    const above = this.#sabotage.imagesAboveDurable === true;
    const limit = above ? raft.commit : Math.min(raft.commit, raft.durable);
    const least = disk.image?.index ?? 0;
    if (limit <= least) return;
    const index = limit - this.#shell.random.below(limit - least);
    const base = this.#chance(0.5) ? index : this.#shell.random.below(index + 1);
    this.#checkpointAt(node, raft, index, base);
  }

  /** Brings everything into an image, and leaves nothing in the log. */
  cutAll(node: SimNode): void {
    const { raft } = node;
    if (raft === null || raft.durable < raft.commit || node.loading || node.installing) return;
    this.#checkpointAt(node, raft, raft.commit, raft.commit);
  }

  #checkpointAt(node: SimNode, raft: Raft, index: number, base: number): void {
    const image = node.log.pointAt(index);
    if (image.configuration === null) return;
    this.#later(node, this.#options.writeTime, () => {
      this.#finishCheckpoint(node, raft, image);
      this.#later(node, this.#options.writeTime, () => {
        this.#shell.input(node, () => this.#cut(node, raft, base));
      });
    });
  }

  #finishCheckpoint(node: SimNode, raft: Raft, image: LogPoint): void {
    const { disk } = node;
    if (node.installing || image.index <= (disk.image?.index ?? 0)) return;
    if (!raft.hardStateIsDurable && this.#sabotage.imagesBeforeTerm !== true) return;
    disk.image = image;
    this.#shell.trace(`image of ${image.index} at ${node.id}`);
    this.#shell.checker.images.durable(node, image, true);
  }

  #cut(node: SimNode, raft: Raft, base: number): void {
    const { disk } = node;
    if (node.installing || base <= disk.log.base.index || base > (disk.image?.index ?? 0)) return;
    this.#shell.trace(`log of ${node.id} cut to ${base}`);
    disk.log.compact(base);
    node.log.compact(base);
    raft.compacted(asLogIndex(base));
  }

  /** The core wants an image to be sent to `to`; one at a time. */
  wanted(node: SimNode, to: NodeId): void {
    if (node.sending.has(to)) return;
    node.sending.add(to);
    this.#shell.checker.images.wanted(node, to);
    const transfer = { from: node, incarnation: node.incarnation, to, ended: false };
    this.#later(node, this.#options.transferTime, () => this.#send(transfer));
    const { patience } = this.#options;
    this.#later(node, [patience, patience], () => this.#end(transfer, 0));
  }

  #send(transfer: Transfer): void {
    const { from, to } = transfer;
    const { raft } = from;
    const { image } = from.disk;
    if (transfer.ended || raft === null) return;
    if (raft.role !== 'leader') {
      this.#end(transfer, 0);
      return;
    }
    require(image !== null, 'I2 the log leads on from the image', () => `leader ${from.id}`);
    if (image === null) return;
    const { loss, duplicates, falseReports } = this.#options;
    if (this.#chance(loss)) {
      this.#end(transfer, this.#chance(falseReports) ? image.index : 0);
      return;
    }
    const { term } = raft;
    this.#shell.trace(`image of ${image.index} from ${from.id} to ${to} in term ${term}`);
    const sent = this.#sabotage.imageSent?.(image) ?? image;
    for (let copies = this.#chance(duplicates) ? 2 : 1; copies > 0; copies--) {
      this.#shell.scheduler.after(this.#shell.within(this.#options.transferTime), () => {
        this.#arrive(transfer, sent, term);
      });
    }
  }

  #arrive(transfer: Transfer, image: LogPoint, term: number): void {
    const node = this.#nodes.get(transfer.to);
    if (node === undefined || node.raft === null) return;
    this.#shell.input(node, (raft) => {
      this.#take(node, raft, { image, term, answer: (answer) => this.#answer(transfer, answer) });
    });
  }

  #take(
    node: SimNode,
    raft: Raft,
    offer: {
      readonly image: LogPoint;
      readonly term: number;
      readonly answer: (answer: Answer) => void;
    },
  ): void {
    const { image, term, answer } = offer;
    if (node.installing || node.loading) {
      answer('busy');
      return;
    }
    const told = this.#sabotage.termsUntold === true ? raft.term : asTerm(term);
    const verdict = raft.offerImage(pointOf(image), told);
    this.#shell.trace(`image of ${image.index} at ${node.id}: ${verdict}`);
    if (verdict === 'needed') this.#install(node, raft, image, answer);
    else answer(image.index);
  }

  /** First the image must be durable, after term and vote, and then the log can go. */
  #install(node: SimNode, raft: Raft, image: LogPoint, answer: (answer: Answer) => void): void {
    node.installing = true;
    node.loading = true;
    raft.loading = true;
    const store = (): void => {
      if (!raft.hardStateIsDurable && this.#sabotage.imagesBeforeTerm !== true) {
        this.#later(node, [1, 1], store);
        return;
      }
      if (this.#chance(this.#options.failures)) {
        this.#shell.input(node, () => this.#giveUp(node, raft, answer));
        return;
      }
      node.disk.image = image;
      this.#shell.checker.images.durable(node, image, false);
      this.#later(node, this.#options.writeTime, () => {
        this.#shell.input(node, () => this.#swap(node, raft, image, answer));
      });
    };
    this.#later(node, this.#options.writeTime, store);
  }

  #giveUp(node: SimNode, raft: Raft, answer: (answer: Answer) => void): void {
    node.installing = false;
    node.loading = false;
    raft.loading = false;
    answer(0);
  }

  #swap(node: SimNode, raft: Raft, image: LogPoint, answer: (answer: Answer) => void): void {
    this.#shell.perform(node, raft);
    const { term, vote, commit } = raft;
    const old = node.log.slice(image.index + 1, node.log.last);
    const hardState = { term, vote };
    node.disk.replaceLog(image, this.#sabotage.imageHardState?.(hardState) ?? hardState);
    node.log.reset(image);
    raft.installImage(pointOf(image));
    if (this.#sabotage.keepsSuffix === true) {
      for (const log of [node.disk.log, node.log]) for (const entry of old) log.append(entry);
    }
    this.#shell.trace(`image of ${image.index} in place at ${node.id}`);
    if (this.#sabotage.keepsSuffix !== true) {
      this.#shell.checker.images.installedImage(node, raft, image, { term, vote, commit });
    }
    this.swaps++;
    node.installing = false;
    this.#load(node, raft);
    answer(image.index);
  }

  /** What the receiver says reaches the sender, unless the link breaks. */
  #answer(transfer: Transfer, answer: Answer): void {
    const { from } = transfer;
    if (this.#chance(this.#options.loss)) return;
    const { transferTime } = this.#options;
    if (answer === 'busy') this.#later(from, transferTime, () => this.#send(transfer));
    else this.#later(from, transferTime, () => this.#end(transfer, answer));
  }

  #end(transfer: Transfer, index: number): void {
    const { from, to } = transfer;
    if (transfer.ended || from.incarnation !== transfer.incarnation) return;
    transfer.ended = true;
    from.sending.delete(to);
    this.#shell.input(from, (raft) => raft.imageSent(to, asLogIndex(index)));
  }
}

function pointOf({ index, term, configuration }: LogPoint): ImagePoint {
  if (configuration === null) throw new Error('An image has a configuration');
  return { index: asLogIndex(index), term, configuration };
}
