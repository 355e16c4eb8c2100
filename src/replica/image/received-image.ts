import type { ImageEntry, ImageStore } from '../../world/image-store.ts';
import type { StoredMeta } from './meta.ts';
import { readPiece, recordRange, withGeneration } from './record.ts';
import { RecordScan } from './record-scan.ts';
import { RecordTally } from './record-tally.ts';

/** What is read at once of an image that an earlier process began to receive. */
const READ = { limit: 2000, maxBytes: 1024 * 1024 } as const;

/** What is known of the records of an image that is coming in, or has been. */
export class ReceivedImage {
  readonly stored: StoredMeta;
  readonly #tally: RecordTally;
  /** Key of the newest record taken, here. */
  last: Buffer | null = null;
  /** Of all records taken. */
  bytes = 0;

  constructor(stored: StoredMeta) {
    this.stored = stored;
    this.#tally = new RecordTally(stored.meta.facts);
  }

  /** Takes the next record; returns its key here, or why it is not believed. */
  take({ key, value }: ImageEntry): { readonly key: Buffer } | string {
    const piece = readPiece({ key, value });
    if (typeof piece === 'string') return piece;
    const problem = this.#tally.add(piece);
    if (problem !== null) return problem;
    this.bytes += value.length;
    this.last = withGeneration(key, this.stored.generation);
    return { key: this.last };
  }

  /**
   * Takes all records that the store has of it, before any other. `done` gets why they cannot be what
   * was received, or null.
   */
  recall(store: ImageStore, done: (problem: string | null) => void): void {
    const snapshot = store.snapshot();
    this.#recallFrom(
      new RecordScan(snapshot, recordRange(this.stored.generation), READ),
      (problem) => {
        snapshot.close();
        done(problem);
      },
    );
  }

  #recallFrom(scan: RecordScan, done: (problem: string | null) => void): void {
    scan.next((error, entries) => {
      let problem = error?.message ?? null;
      for (const entry of entries) {
        if (problem !== null) break;
        const taken = this.take(entry);
        if (typeof taken === 'string') problem = taken;
      }
      if (problem !== null || entries.length === 0) done(problem);
      else this.#recallFrom(scan, done);
    });
  }

  /** After the last record: what is wrong with them all, or null. */
  finish(): string | null {
    return this.#tally.finish();
  }
}
