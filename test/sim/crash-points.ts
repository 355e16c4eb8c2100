import { RECORD_KEY_BYTES, RECORD_TAG, recordRange } from '../../src/replica/image/record.ts';
import type { CrashKind, Tear } from './sim-disk.ts';
import { Trial, type TrialOptions } from './trial.ts';

/** A short run of which every disk operation of one node becomes a crash. */
export interface Scenario extends Omit<TrialOptions, 'seed'> {
  readonly title: string;
  /** Before operations count. Default: the cluster forms. */
  readonly prepare?: (trial: Trial) => void;
  readonly run: (trial: Trial) => void;
  /** After it; default: the nodes hold the same, before and after another power cut of the subject. */
  readonly check?: (trial: Trial) => void;
}

export interface Enumerated {
  /** Disk operations of the run without faults. */
  readonly points: number;
  /** Runs in which the node died. */
  crashes: number;
  readonly problems: string[];
  /** What the nodes logged, of all runs. */
  readonly lines: Set<string>;
}

export interface EnumerationOptions {
  readonly seed: number;
  /** Power cuts at each point, that differ in what becomes of the disk. */
  readonly tears: number;
  /** The process is killed at each point, too. */
  readonly kills: boolean;
  /** After each power cut another one comes early in the next life. */
  readonly twice?: boolean;
  /** It is enough to find one problem. */
  readonly isOneEnough?: boolean;
}

/** A store that was loaded is cleared within so many ms. */
const TIDY_MS = 500;
/** Another crash comes in one of the first so many operations of the next life. */
const EARLY = 16;

/** Runs a scenario once without faults, then once for every crash. */
export function enumerateCrashes(scenario: Scenario, options: EnumerationOptions): Enumerated {
  const { seed, twice = false, isOneEnough = false } = options;
  const reference = new Trial({ ...scenario, seed });
  begin(scenario, reference);
  const before = reference.subject.machine.disk.operations;
  scenario.run(reference);
  const points = reference.subject.machine.disk.operations - before;
  const contents = finish(scenario, reference);
  const lines = new Set<string>();
  const found: Enumerated = { points, crashes: 0, problems: [], lines };
  const variants = variantsOf(options);
  for (let point = 1; point <= points; point++) {
    for (const [number, { title, kind, tear }] of variants.entries()) {
      const trial = new Trial({ ...scenario, seed });
      const again = twice ? 1 + ((point * 5 + number * 3) % EARLY) : 0;
      try {
        begin(scenario, trial);
        const { disk } = trial.subject.machine;
        disk.crashInOperation(point, kind, tear);
        if (again > 0) {
          trial.revived = () => {
            if (trial.crashes === 1) disk.crashInOperation(again, kind, tear);
          };
        }
        scenario.run(trial);
        disk.clearFaults();
        const there = finish(scenario, trial);
        if (there !== contents) throw new Error(`other contents: ${difference(contents, there)}`);
      } catch (error) {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        const where = `${scenario.title}: ${title} at operation ${point}`;
        found.problems.push(`${where}${again > 0 ? `, then ${again}` : ''}: ${text}`);
      }
      if (isOneEnough && found.problems.length > 0) return found;
      if (trial.crashes > 0) found.crashes++;
      for (const line of trial.lines) lines.add(line);
    }
  }
  return found;
}

interface Variant {
  readonly title: string;
  readonly kind: CrashKind;
  readonly tear: Tear;
}

/**
 * The first tears are the ends of what can be: the newest change is on the disk and none before it, or
 * none at all; what comes then is drawn.
 */
function variantsOf({ seed, tears, kills }: EnumerationOptions): Variant[] {
  const all: Tear[] = [
    { seed, happens: true, way: 'last' },
    { seed, way: 'lost' },
  ];
  for (let more = 1; all.length < tears; more++) all.push({ seed: seed * 1000 + more });
  const variants: Variant[] = all.slice(0, tears).map((tear, i) => {
    return { title: `power cut ${i + 1}`, kind: 'power', tear };
  });
  if (kills) variants.push({ title: 'kill', kind: 'kill', tear: { seed } });
  return variants;
}

function begin({ prepare }: Scenario, trial: Trial): void {
  if (prepare === undefined) trial.form();
  else prepare(trial);
}

/** The checks at the end; returns what clients can read. */
function finish({ check }: Scenario, trial: Trial): string {
  if (check !== undefined) check(trial);
  else {
    const digest = trial.converge();
    trial.stop(trial.subject, 'power');
    trial.start(trial.subject);
    const after = trial.converge();
    if (after !== digest) throw new Error(`${digest} before a restart, ${after} after it`);
    trial.pass(TIDY_MS);
    noGarbage(trial);
  }
  return trial.contents();
}

/** Nothing is in the subject's image store but the image that counts. */
function noGarbage(trial: Trial): void {
  const disk = trial.subject.server?.node.replica?.images.disk;
  const { store, stored } = disk ?? { store: null, stored: null };
  if (store === null || stored === null) return;
  const all = { from: Buffer.alloc(0), to: Buffer.alloc(1, 255), limit: 1e6, maxBytes: 1e9 };
  let keys: readonly Buffer[] | null = null;
  const snapshot = store.snapshot();
  snapshot.read(all, (error, entries) => {
    if (error !== null) throw error;
    keys = entries.map(({ key }) => key);
  });
  trial.until('the store is read', () => keys !== null);
  snapshot.close();
  const { index, facts } = stored.meta;
  const records = new Set((keys ?? []).filter((key) => key[0] === RECORD_TAG).map(withoutPiece));
  const isOne = [...records].every((key) => key.startsWith(generationPrefix(stored.generation)));
  if (!isOne || records.size !== facts.totals.records) {
    throw new Error(`${records.size} records, the image of ${index} has ${facts.totals.records}`);
  }
}

function withoutPiece(key: Buffer): string {
  return key.toString('hex', 0, RECORD_KEY_BYTES - 2);
}

function generationPrefix(generation: number): string {
  return withoutPiece(recordRange(generation).from).slice(0, 10);
}

function difference(a: string, b: string): string {
  const [left, right] = [a.split('\n'), b.split('\n')];
  const i = left.findIndex((line, at) => line !== right[at]);
  return JSON.stringify([left[i - 1], left[i]?.slice(0, 200), right[i]?.slice(0, 200)]);
}
