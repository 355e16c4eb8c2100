import { NO_NODE, NO_TERM } from '../../../src/base/ids.ts';
import type { HardState } from '../../../src/raft/effects.ts';
import { ChainedLog, type Entry } from './chained-log.ts';

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
  queue: DiskStep[] = [];
  writing = false;

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
}
