import { asLogIndex, NO_INDEX, NO_NODE, NO_TERM } from '../../../src/base/ids.ts';
import type { HardState } from '../../../src/raft/effects.ts';
import type { Restored } from '../../../src/raft/setup.ts';
import { ChainedLog, type Entry, type LogPoint } from './chained-log.ts';

/** One step of the queue, with the entries' contents as they were when it was queued. */
export interface DiskStep {
  readonly sequence: number;
  readonly hardState: HardState;
  readonly truncateFrom: number;
  readonly first: number;
  readonly entries: readonly Entry[];
}

/** What survives a crash, and the queue of what would not. */
export class Disk {
  hardState: HardState = { term: NO_TERM, vote: NO_NODE };
  readonly log: ChainedLog = new ChainedLog();
  /** The newest image of the state, in a place of its own. */
  image: LogPoint | null = null;
  queue: DiskStep[] = [];
  writing = false;
  /** Counts the logs that there were: a write that is under way to an older one is void. */
  generation = 0;

  /** Makes the first `count` queued steps durable; returns the last one's number, 0 for none. */
  write(count: number): number {
    const steps = this.queue.splice(0, count);
    for (const step of steps) this.apply(step);
    return steps.at(-1)?.sequence ?? 0;
  }

  apply(step: DiskStep): void {
    this.hardState = step.hardState;
    if (step.truncateFrom > 0) this.log.truncate(step.truncateFrom);
    for (const entry of step.entries) this.log.append(entry);
  }

  /** A new log, which begins behind `base`, in the place of the old one and of all on its way to it. */
  replaceLog(base: LogPoint, hardState: HardState): void {
    this.log.reset(base);
    this.hardState = hardState;
    this.abandonQueue();
  }

  abandonQueue(): void {
    this.queue = [];
    this.writing = false;
    this.generation++;
  }

  /** The log does not lead to the image: a crash came between the two. */
  get logIsBehindImage(): boolean {
    const { image, log } = this;
    return image !== null && (image.index > log.last || log.term(image.index) !== image.term);
  }

  /** What a start makes of it: the log, unless the image is beyond it. */
  restore(): Restored {
    const { image, log } = this;
    if (image !== null && this.logIsBehindImage) this.replaceLog(image, this.hardState);
    const known = image?.index ?? 0;
    const configurations = log.configurations().filter(({ index }) => index > known);
    if (image?.configuration) configurations.unshift(image.configuration);
    return {
      hardState: this.hardState,
      log: log.terms(),
      configurations,
      commit: image === null ? NO_INDEX : asLogIndex(image.index),
    };
  }
}
