import type { SimNode } from './sim-cluster.ts';
import type { FaultKind } from './sim-disk.ts';
import { Trial } from './trial.ts';

/** In ms: a fault that lasts does so for this long. */
const LAST_MS = 2500;
/** Where the simulator keeps the image of a node. */
export const STORE = '.image';

export interface DiskFault {
  readonly kind: FaultKind;
  readonly code: string;
}

/** Every way in which a call of the store can fail. */
export const STORE_FAULTS: readonly DiskFault[] = [
  { kind: 'write', code: 'EIO' },
  { kind: 'write', code: 'ENOSPC' },
  { kind: 'sync', code: 'EIO' },
  { kind: 'sync', code: 'ENOSPC' },
  { kind: 'sync-directory', code: 'EIO' },
  { kind: 'create', code: 'ENOSPC' },
  { kind: 'rename', code: 'EIO' },
  { kind: 'remove', code: 'EIO' },
  { kind: 'read', code: 'EIO' },
];

export interface FaultRun {
  readonly title: string;
  readonly nodes: number;
  readonly subject?: number;
  readonly options?: readonly string[];
  readonly plant?: (node: SimNode) => void;
  readonly prepare: (trial: Trial) => void;
  /** The fault strikes somewhere in here. */
  readonly run: (trial: Trial) => void;
  /** Whether the process may end by what strikes, with a message that matches. */
  readonly ends?: RegExp | undefined;
}

export interface FaultPoints {
  points: number;
  /** Processes that ended as they should. */
  ends: number;
  readonly problems: string[];
}

export interface FaultOptions {
  /** Of files whose paths contain this. Default: of the store. */
  readonly path?: string;
  /** Calls go on failing for a while. */
  readonly lasts?: boolean;
}

/** Runs once for each call that a fault can strike, as long as it strikes. */
export function enumerateFaults(
  run: FaultRun,
  fault: DiskFault,
  { path = STORE, lasts = false }: FaultOptions = {},
): FaultPoints {
  const found: FaultPoints = { points: 0, ends: 0, problems: [] };
  for (let point = 1; ; point++) {
    const trial = new Trial({ ...run, seed: 1 });
    run.prepare(trial);
    const { disk } = trial.subject.machine;
    disk.failFrom(point, fault.kind, fault.code, path, lasts);
    if (lasts) trial.simulation.after(LAST_MS, () => disk.endFaults());
    const hasStruck = (): boolean => disk.struck > 0;
    try {
      try {
        run.run(trial);
      } catch (error) {
        if (run.ends === undefined || !hasStruck()) throw error;
        const message = error instanceof Error ? error.message : String(error);
        if (!run.ends.test(message)) throw error;
        found.ends++;
        trial.revive();
        trial.step(['SET', 'after', 'the end']);
      }
      if (!hasStruck()) return found;
      disk.clearFaults();
      endTrial(trial);
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const what = `${fault.kind} ${fault.code} ${point}${lasts ? ' lasting' : ''}`;
      found.problems.push(`${run.title}: ${what}: ${text}`);
      if (!hasStruck()) return found;
    }
    found.points++;
  }
}

/** Nothing is lost, and the next process finds all of it. */
export function endTrial(trial: Trial): void {
  const digest = trial.converge();
  trial.stop(trial.subject, 'power');
  trial.start(trial.subject);
  const after = trial.converge();
  if (after !== digest) throw new Error(`${digest} before a restart, ${after} after it`);
}
