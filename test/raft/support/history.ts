import type { Configuration } from '../../../src/raft/configuration.ts';
import type { ChainedLog } from './chained-log.ts';
import type { Disk } from './disk.ts';
import { require } from './observed.ts';

interface Committed {
  readonly payload: number;
  readonly chain: number;
  readonly configuration: Configuration | null;
  /** The first in which it was committed, not that in which it was appended: later leaders have it. */
  term: number;
}

/**
 * Everything that was ever committed, from index 1 on. With it logs can be compared also where their
 * beginnings are gone: what stands in their place is an image of committed entries (I1).
 */
export class History {
  readonly committed: Committed[] = [];

  get last(): number {
    return this.committed.length;
  }

  chain(index: number): number {
    return index === 0 ? 0 : (this.committed[index - 1]?.chain ?? -1);
  }

  /** The term in which an entry was committed. */
  term(index: number): number {
    return this.committed[index - 1]?.term ?? 0;
  }

  configurationAt(index: number): Configuration | null {
    for (let i = index - 1; i >= 0; i--) {
      const configuration = this.committed[i]?.configuration;
      if (configuration != null) return configuration;
    }
    return null;
  }

  /** Hash of all that a log has up to `index`; -1 if it ends before. */
  chainOf(log: ChainedLog, index: number): number {
    const { base } = log;
    if (index >= base.index) return log.chain(index);
    this.checkPoint(base);
    return this.chain(index);
  }

  /** The same for what a node would have after a crash. */
  chainOnDisk(disk: Disk, index: number): number {
    const { image } = disk;
    if (image === null || !disk.logIsBehindImage) return this.chainOf(disk.log, index);
    this.checkPoint(image);
    return index <= image.index ? this.chain(index) : -1;
  }

  /** I1: an image is of committed entries, all of them up to its index. */
  checkPoint(point: { readonly index: number; readonly chain: number }): void {
    require(this.chain(point.index) === point.chain, 'I1 an image is of what is committed', () =>
      `at ${point.index}`);
  }
}
